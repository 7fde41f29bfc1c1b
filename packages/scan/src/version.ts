/** A version of the protocol, as people call it. */
export type Version = "SSL 2.0" | "SSL 3.0" | "TLS 1.0" | "TLS 1.1" | "TLS 1.2" | "TLS 1.3";

/** All of them, the newest first, by their code points. SSL 2.0 has its own form of hello (RFC 6101 §E). */
export const versions: Readonly<Record<Version, number>> = {
  "TLS 1.3": 0x0304,
  "TLS 1.2": 0x0303,
  "TLS 1.1": 0x0302,
  "TLS 1.0": 0x0301,
  "SSL 3.0": 0x0300,
  "SSL 2.0": 0x0002,
};

/** Their names, the newest first: the keys above. */
export const versionNames: readonly Version[] = Object.keys(versions) as readonly Version[];

/** The version of a code point. */
export function versionOf(code: number): Version | undefined {
  return versionNames.find((version) => versions[version] === code);
}

/** Whether it is one of TLS before 1.3: these have what TLS 1.3 has done away with, and whole connections here. */
export function isBeforeTls13(version: Version): boolean {
  return version === "TLS 1.2" || version === "TLS 1.1" || version === "TLS 1.0";
}
