import { decodeBase64, encodeBase64 } from "./base64.ts";
import { Certificate } from "./certificate.ts";
import { x509Error } from "./error.ts";
import { maximumPemCharacters } from "./limits.ts";

/** A block of a PEM text (RFC 7468). */
export interface PemBlock {
  /** What it says it is: `CERTIFICATE`, `PRIVATE KEY`. */
  readonly label: string;
  readonly bytes: Uint8Array;
  /** The header fields of RFC 1421, which old encrypted keys have: whole lines. */
  readonly headers: readonly string[];
}

/**
 * All blocks of a text, which may have other text in front, between and behind, and any kind of line ends.
 * @throws {X509Error} `invalid_pem` for a block that is cut off or isn't base64
 */
export function decodePem(text: string): readonly PemBlock[] {
  if (text.length > maximumPemCharacters) {
    throw x509Error("too_large", `a PEM text has at most ${maximumPemCharacters} characters, got ${text.length}`);
  }
  const blocks: PemBlock[] = [];
  let open: { readonly label: string; readonly lines: string[] } | undefined;
  for (const rawLine of text.split(/\r\n|\n|\r/)) {
    const line = rawLine.trim();
    const boundary = /^-----(BEGIN|END) ([ -,.-~]+(?:-[ -,.-~]+)*)-----$/.exec(line);
    if (boundary === null) {
      open?.lines.push(line);
      continue;
    }
    const label = boundary[2] ?? "";
    if (boundary[1] === "BEGIN") {
      if (open !== undefined) throw x509Error("invalid_pem", `the block ${open.label} has no end`);
      open = { label, lines: [] };
    } else {
      if (open?.label !== label) throw x509Error("invalid_pem", `the block ${label} ends without having begun`);
      blocks.push(decodeBlock(label, open.lines));
      open = undefined;
    }
  }
  if (open !== undefined) throw x509Error("invalid_pem", `the block ${open.label} has no end`);
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

function decodeBlock(label: string, lines: readonly string[]): PemBlock {
  // RFC 1421 §4.4: header fields end at an empty line
  const hasHeaders = lines.some((line) => line.includes(":"));
  const headerEnd = hasHeaders ? lines.indexOf("") : 0;
  const bytes = headerEnd < 0 ? undefined : decodeBase64(lines.slice(headerEnd).join("").replaceAll(/\s/g, ""));
  if (bytes === undefined) throw x509Error("invalid_pem", `the block ${label} is not base64`);
  return { label, bytes, headers: lines.slice(0, headerEnd) };
}
