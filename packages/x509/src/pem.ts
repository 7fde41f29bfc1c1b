import { decodeBase64, encodeBase64 } from "@tlskit/wire";
import { Certificate } from "./certificate.ts";
import { type X509Error, x509Error } from "./error.ts";
import { maximumPemCharacters } from "./limits.ts";

/** A block of a PEM text (RFC 7468). */
export interface PemBlock {
  /** What it says it is: `CERTIFICATE`, `PRIVATE KEY`. */
  readonly label: string;
  readonly bytes: Uint8Array;
  /** The header fields of RFC 1421, which keys had before PKCS#8 when they were encrypted: whole lines. */
  readonly headers: readonly string[];
}

/** A block whose end hasn't come yet. Lines are counted from 1. */
interface OpenBlock {
  readonly label: string;
  readonly line: number;
  readonly lines: string[];
}

/**
 * All blocks of a text, which may have other text in front, between and behind, any kind of line ends, and lines of any
 * length (RFC 7468 §3: what parsers should and may take). A block itself is base64 as RFC 4648 has it, and nothing else.
 * @throws {X509Error} `invalid_pem` for a block that is cut off, empty or isn't base64, with the number of the line
 */
export function decodePem(text: string): readonly PemBlock[] {
  if (text.length > maximumPemCharacters) {
    throw x509Error("too_large", `a PEM text has at most ${maximumPemCharacters} characters, got ${text.length}`);
  }
  const blocks: PemBlock[] = [];
  let open: OpenBlock | undefined;
  for (const [index, rawLine] of text.split(/\r\n|\n|\r/).entries()) {
    const line = rawLine.trim();
    if (!line.startsWith("-----")) {
      open?.lines.push(line);
      continue;
    }
    const boundary = /^-----(BEGIN|END) ([!-,.-~]+(?:[- ][!-,.-~]+)*)-----$/.exec(line);
    if (boundary === null) {
      // RFC 7468 §2: text around blocks may be anything, but what begins as a boundary was meant to be one
      if (open === undefined && !/^-----\s*(BEGIN|END)\b/i.test(line)) continue;
      throw invalid(index + 1, "is neither base64 nor a line -----BEGIN …----- or -----END …-----");
    }
    const label = boundary[2] ?? "";
    if (boundary[1] === "BEGIN") {
      if (open !== undefined) throw noEnd(open);
      open = { label, line: index + 1, lines: [] };
      continue;
    }
    if (open === undefined) throw invalid(index + 1, `ends a block ${label} that didn't begin`);
    // RFC 7468 §2: the labels are the same
    if (open.label !== label) throw invalid(index + 1, `ends a block ${label}, but the block is a ${open.label}`);
    blocks.push(decodeBlock(open));
    open = undefined;
  }
  if (open !== undefined) throw noEnd(open);
  return blocks;
}

/** One block, in lines of 64 characters. */
export function toPem(label: string, bytes: Uint8Array): string {
  const lines = encodeBase64(bytes).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/**
 * All certificates of a PEM text, in their order. Blocks of other kinds are passed over.
 * @throws {X509Error} `invalid_pem` also if there is none
 */
export function certificatesFromPem(text: string): readonly Certificate[] {
  const certificates = decodePem(text)
    .filter(({ label }) => label === "CERTIFICATE")
    .map(({ bytes }) => Certificate.fromDer(bytes));
  if (certificates.length === 0) throw x509Error("invalid_pem", "the text has no block CERTIFICATE");
  return certificates;
}

/** Certificates as a PEM text, in their order. */
export function certificatesToPem(...certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => toPem("CERTIFICATE", der)).join("");
}

function decodeBlock({ label, line, lines }: OpenBlock): PemBlock {
  // RFC 1421 §4.4: header fields end at an empty line. RFC 7468 §2: the blocks of today have none.
  const hasHeaders = lines.some((field) => field.includes(":"));
  if (hasHeaders && !/^(RSA|EC|DSA) PRIVATE KEY$/.test(label)) {
    throw invalid(line, `begins a block ${label} with header fields, which only old private keys have`);
  }
  const headerEnd = hasHeaders ? lines.indexOf("") : 0;
  if (headerEnd < 0) throw invalid(line, `begins a block ${label} whose header fields don't end`);
  const base64 = lines.slice(headerEnd).join("").replaceAll(/[ \t]/g, "");
  const bytes = decodeBase64(base64);
  if (bytes === undefined) throw notBase64(label, line + 1 + headerEnd, lines.slice(headerEnd));
  if (bytes.length === 0) throw invalid(line, `begins a block ${label} that is empty`);
  return { label, bytes, headers: lines.slice(0, headerEnd) };
}

/** Says which line, if it is one line that is wrong. */
function notBase64(label: string, firstLine: number, lines: readonly string[]): X509Error {
  const wrong = lines.findIndex((line) => !/^[A-Za-z0-9+/ \t]*=*$/.test(line));
  if (wrong >= 0) return invalid(firstLine + wrong, `in the block ${label} is not base64`);
  return x509Error("invalid_pem", `the block ${label} is not base64: it is cut off, or its padding is wrong`);
}

function noEnd({ label, line }: OpenBlock): X509Error {
  return invalid(line, `begins a block ${label} that has no end`);
}

function invalid(line: number, what: string): X509Error {
  return x509Error("invalid_pem", `line ${line} ${what}`);
}
