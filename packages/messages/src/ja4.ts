import { isGrease } from "@tlskit/ciphersuites";
import { asciiBytes, toHex } from "@tlskit/wire";
import { type Extension, extensionCodes, extensionIn, type RawExtension } from "./extension.ts";
import {
  applicationLayerProtocolNegotiation,
  serverNameList,
  signatureAlgorithms,
  supportedVersions,
} from "./extensions.ts";
import type { ClientHello } from "./messages.ts";

/** How a JA4 fingerprint is made. */
export interface Ja4Options {
  /** What the ClientHello came by: TLS over TCP, unless told otherwise, or QUIC. */
  readonly transport?: "tcp" | "quic" | undefined;
  /** Whether cipher suites and extensions are sorted, as they are unless told otherwise, or in the order of the hello (`ja4_o`). */
  readonly order?: "sorted" | "original" | undefined;
}

/** The parts of a fingerprint, as JA4's description names them. */
interface Parts {
  readonly a: string;
  readonly b: string;
  readonly c: string;
  /** Whether there are extensions that count for the part c. */
  readonly anyExtensions: boolean;
}

const versions: Readonly<Record<number, string>> = {
  0x0304: "13",
  0x0303: "12",
  0x0302: "11",
  0x0301: "10",
  0x0300: "s3",
  0x0002: "s2",
};

/**
 * The JA4 fingerprint of a ClientHello, by FoxIO's description: `t13d1516h2_8daaf6152771_e5627efa2ab1`. GREASE
 * (RFC 8701) is left out.
 * @param sha256 gives the SHA-256 digest of its argument.
 * @throws {TlsError} `decode_error` if the hello is raw and one of the extensions that are looked into is malformed
 */
export function ja4(
  hello: ClientHello<Extension | RawExtension>,
  sha256: (message: Uint8Array) => Uint8Array,
  options: Ja4Options = {},
): string {
  const { a, b, c, anyExtensions } = partsOf(hello, options);
  // A list without items isn't hashed, so that it can be seen.
  const hashed = (text: string, any: boolean): string =>
    any ? toHex(sha256(asciiBytes(text))).slice(0, 12) : "0".repeat(12);
  return `${a}_${hashed(b, b !== "")}_${hashed(c, anyExtensions)}`;
}

/**
 * The same with its lists instead of their hashes (`ja4_r`, `ja4_ro`).
 * @throws {TlsError} as {@link ja4}
 */
export function ja4Text(hello: ClientHello<Extension | RawExtension>, options: Ja4Options = {}): string {
  const { a, b, c } = partsOf(hello, options);
  return `${a}_${b}_${c}`;
}

function partsOf(
  hello: ClientHello<Extension | RawExtension>,
  { transport = "tcp", order = "sorted" }: Ja4Options,
): Parts {
  const cipherSuites = hello.cipherSuites.filter((code) => !isGrease(code));
  const extensions = extensionCodes(hello).filter((code) => !isGrease(code));
  const schemes = (extensionIn(hello, signatureAlgorithms) ?? []).filter((code) => !isGrease(code));
  // Server name and ALPN are told by the part a.
  const counted = extensions.filter(
    (code) => code !== serverNameList.code && code !== applicationLayerProtocolNegotiation.code,
  );
  const listed = (codes: readonly number[], all: readonly number[]): string =>
    order === "sorted" ? hexList(codes.toSorted((x, y) => x - y)) : hexList(all);
  const a = [
    transport === "quic" ? "q" : "t",
    versions[versionOf(hello)] ?? "00",
    extensions.includes(serverNameList.code) ? "d" : "i",
    twoDigits(cipherSuites.length),
    twoDigits(extensions.length),
    alpnEnds(hello),
  ].join("");
  const suffix = schemes.length === 0 ? "" : `_${hexList(schemes)}`;
  return {
    a,
    b: listed(cipherSuites, cipherSuites),
    c: `${listed(counted, extensions)}${suffix}`,
    anyExtensions: counted.length > 0,
  };
}

function versionOf(hello: ClientHello<Extension | RawExtension>): number {
  const offered = extensionIn(hello, supportedVersions);
  return offered === undefined ? hello.legacyVersion : Math.max(0, ...offered.filter((code) => !isGrease(code)));
}

/** First and last character of the first protocol; of its hexadecimal digits, if they aren't letters or digits. */
function alpnEnds(hello: ClientHello<Extension | RawExtension>): string {
  const names = extensionIn(hello, applicationLayerProtocolNegotiation) ?? [];
  const first = names.find(([high = 0, low = 0, ...more]) => more.length > 0 || !isGrease((high << 8) | low));
  if (first === undefined) return "00";
  const text = String.fromCharCode(...first);
  const shown = /^[0-9A-Za-z](.*[0-9A-Za-z])?$/s.test(text) ? text : toHex(first);
  return `${shown.at(0)}${shown.at(-1)}`;
}

function twoDigits(count: number): string {
  return String(Math.min(count, 99)).padStart(2, "0");
}

function hexList(codes: readonly number[]): string {
  return codes.map((code) => code.toString(16).padStart(4, "0")).join(",");
}
