/**
 * What was negotiated in OpenSSL's words, as `node:tls` and Bun's sockets tell it.
 * @module
 */
import type { CipherSuite } from "./cipher-suite.ts";
import type { NamedGroup } from "./named-group.ts";
import type { SignatureScheme } from "./signature-scheme.ts";
import type { Tls12CipherSuite } from "./tls12-cipher-suite.ts";

/** A cipher suite as `getCipher` tells it. */
export interface CipherNameAndProtocol {
  /** OpenSSL's name. */
  readonly name: string;
  /** IANA's name. */
  readonly standardName: string;
  /** The oldest version that has the suite. */
  readonly version: string;
}

/** OpenSSL has names of its own for suites of TLS 1.2. */
export function cipherNameAndProtocol(suite: CipherSuite | Tls12CipherSuite): CipherNameAndProtocol {
  const [opensslName = suite.name] = "aliases" in suite ? suite.aliases : [];
  return { name: opensslName, standardName: suite.name, version: oldestVersion(suite) };
}

/** A key exchange as `getEphemeralKeyInfo` tells it; empty where there was none. */
export type EphemeralKeyInfo =
  | { readonly type: "ECDH"; readonly name: string; readonly size: number }
  | { readonly type: "DH"; readonly name?: string; readonly size: number }
  | { readonly type: "TLSGroup"; readonly name: string }
  | Record<string, never>;

/** Curves by their code points, as OpenSSL names them, and bits of their keys. */
const curves: Readonly<Record<number, readonly [name: string, size: number]>> = {
  0x0017: ["prime256v1", 256],
  0x0018: ["secp384r1", 384],
  0x0019: ["secp521r1", 521],
  0x001d: ["X25519", 253],
  0x001e: ["X448", 448],
};

export function ephemeralKeyInfo(group: NamedGroup | undefined): EphemeralKeyInfo {
  if (group === undefined) return {};
  const [name, size] = curves[group.code] ?? [];
  if (name !== undefined && size !== undefined) return { type: "ECDH", name, size };
  const [, bits] = /^ffdhe(\d+)$/.exec(group.name) ?? [];
  return bits === undefined
    ? { type: "TLSGroup", name: group.name }
    : { type: "DH", name: group.name, size: Number(bits) };
}

/** The oldest version that has a suite, as OpenSSL names it. */
export function oldestVersion(suite: CipherSuite | Tls12CipherSuite): string {
  if (!("protection" in suite)) return "TLSv1.3";
  const { keyExchange, protection } = suite;
  if (protection.type === "AEAD") return "TLSv1.2";
  const isPsk = keyExchange.endsWith("PSK");
  if (protection.mac !== "SHA-1") return isPsk ? "TLSv1.0" : "TLSv1.2";
  return keyExchange.startsWith("ECDHE") ? "TLSv1.0" : "SSLv3";
}

/** A signature scheme: the kind of key and the hash, `UNDEF` where the key says it all. */
export function signatureAlgorithmName({ algorithm }: SignatureScheme): string {
  const parts = algorithm.split("/");
  const [key = algorithm] = parts;
  const hash = parts.length === 1 ? "UNDEF" : (parts.at(-1) ?? "").replace("-", "");
  return `${key === "RSA-PKCS1" ? "RSA" : key}+${hash}`;
}

/** A version as OpenSSL names it. */
export type ProtocolName = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

/** ProtocolVersion by these names, oldest first. */
export const protocolVersions: Readonly<Record<ProtocolName, number>> = {
  TLSv1: 0x0301,
  "TLSv1.1": 0x0302,
  "TLSv1.2": 0x0303,
  "TLSv1.3": 0x0304,
};

export function isProtocolName(name: string): name is ProtocolName {
  return Object.hasOwn(protocolVersions, name);
}

/** @param version ProtocolVersion of what was negotiated. */
export function protocolName(version: number): ProtocolName {
  const name = Object.entries(protocolVersions).find(([, code]) => code === version)?.[0];
  return name !== undefined && isProtocolName(name) ? name : "TLSv1.3";
}
