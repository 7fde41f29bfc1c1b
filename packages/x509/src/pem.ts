import { decodeBase64, encodeBase64 } from "@tlskit/wire";
import { Tag } from "./der-tag.ts";
import { type X509Error, x509Error } from "./error.ts";
import { maximumPemCharacters } from "./limits.ts";
import { decodeFileText } from "./unicode.ts";

/** A block of a PEM text (RFC 7468). What is wrong with it shows when its bytes are asked for: another block may do. */
export class PemBlock {
  /** What it says it is: `CERTIFICATE`, `PRIVATE KEY`. */
  readonly label: string;
  /** The header fields of RFC 1421 in front of its base64, whole lines: keys that are encrypted as of old have them. */
  readonly headers: readonly string[];
  /** Where it begins, counted from 1. */
  readonly line: number;
  readonly #base64: readonly string[];
  readonly #fault: X509Error | undefined;
  #bytes: Uint8Array | undefined;

  /** @internal */
  constructor({ label, line, lines }: OpenBlock, fault: X509Error | undefined) {
    const { headers, base64 } = splitHeaders(lines);
    this.label = label;
    this.line = line;
    this.headers = headers;
    this.#base64 = base64;
    this.#fault = fault;
  }

  /** @throws {X509Error} `invalid_pem` for a block that is cut off, empty or isn't base64, with the number of the line */
  get bytes(): Uint8Array {
    if (this.#fault !== undefined) throw this.#fault;
    this.#bytes ??= this.#decode();
    return this.#bytes;
  }

  /** The block by itself, with its header fields. @throws {X509Error} as {@link bytes} does */
  toString(): string {
    const head = this.headers.length === 0 ? [] : [...this.headers, ""];
    return toPem(this.label, this.bytes).replace("\n", `\n${head.map((line) => `${line}\n`).join("")}`);
  }

  #decode(): Uint8Array {
    const { label, line } = this;
    const lines = this.#base64;
    if (lines.some((field) => field.includes(":")))
      throw invalid(line, `begins a block ${label} whose header fields don't end`);
    const bytes = decodeBase64(lines.join("").replaceAll(/[ \t]/g, ""));
    if (bytes === undefined) throw notBase64(label, line + 1 + this.headers.length, lines);
    if (bytes.length === 0) throw invalid(line, `begins a block ${label} that is empty`);
    return bytes;
  }
}

/** A block whose end hasn't come yet. Lines are counted from 1. */
interface OpenBlock {
  readonly label: string;
  readonly line: number;
  readonly lines: string[];
  /** What is wrong with it already. */
  fault: X509Error | undefined;
}

/**
 * All blocks of a text, which may have other text in front, between and behind, any kind of line ends, and lines of any
 * length (RFC 7468 §3: what parsers should and may take). The contents of a block are base64 as RFC 4648 has it, with the
 * header fields of RFC 1421 in front or without. A block that is damaged is among them, and says so when it is used.
 * @param contents a text, or a file's bytes: ASCII, UTF-8, or UTF-16 behind a byte order mark, as Windows' editors write
 * @throws {X509Error} `too_large`
 */
export function decodePem(contents: string | Uint8Array): readonly PemBlock[] {
  const text = typeof contents === "string" ? contents : decodeFileText(contents);
  if (text.length > maximumPemCharacters) {
    throw x509Error("too_large", `a PEM text has at most ${maximumPemCharacters} characters, got ${text.length}`);
  }
  const blocks: PemBlock[] = [];
  let open: OpenBlock | undefined;
  const close = (block: OpenBlock, fault: X509Error | undefined): void => {
    blocks.push(new PemBlock(block, block.fault ?? fault));
    open = undefined;
  };
  for (const [index, rawLine] of text.split(/\r\n|\n|\r/).entries()) {
    // trim takes a byte order mark off too
    const line = rawLine.trim();
    const boundary = boundaryOf(line);
    if (boundary === undefined) {
      open?.lines.push(line);
      continue;
    }
    const { kind, label, isWhole } = boundary;
    const fault = isWhole
      ? undefined
      : invalid(index + 1, "is neither base64 nor a line -----BEGIN …----- or -----END …-----");
    if (kind === undefined) {
      // RFC 7468 §2: text around blocks may be anything
      if (open !== undefined) open.fault ??= fault;
    } else if (kind === "BEGIN") {
      if (open !== undefined) close(open, noEnd(open));
      open = { label, line: index + 1, lines: [], fault };
    } else if (open === undefined) {
      close(
        { label, line: index + 1, lines: [], fault },
        invalid(index + 1, `ends a block ${label} that didn't begin`),
      );
    } else {
      // RFC 7468 §2: the labels are the same
      const mismatch = invalid(index + 1, `ends a block ${label}, but the block is a ${open.label}`);
      close(open, fault ?? (open.label === label ? undefined : mismatch));
    }
  }
  if (open !== undefined) close(open, noEnd(open));
  return blocks;
}

/** Whether a file's bytes are a text with a block in it, or what was meant to be one, rather than DER. */
export function isPem(bytes: Uint8Array): boolean {
  const [tag, length = 0] = bytes;
  // a SEQUENCE whose length takes several octets, as nearly all have it, is told without a search
  if (tag === Tag.sequence && length >= 0x80) return false;
  return decodeFileText(bytes).includes("-----");
}

/** One block, in lines of 64 characters. */
export function toPem(label: string, bytes: Uint8Array): string {
  const lines = encodeBase64(bytes).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** A line that is a boundary, or was meant to be one: what begins with five dashes is no base64. */
function boundaryOf(
  line: string,
): { readonly kind: "BEGIN" | "END" | undefined; readonly label: string; readonly isWhole: boolean } | undefined {
  if (!line.startsWith("-----")) return undefined;
  const whole = /^-----(BEGIN|END) ([!-,.-~]+(?:[- ][!-,.-~]+)*)-----$/.exec(line);
  const meant = whole ?? /^-----\s*(BEGIN|END)\b[\s-]*(.*?)[\s-]*$/i.exec(line);
  const kind = meant?.[1]?.toUpperCase();
  return {
    kind: kind === "BEGIN" || kind === "END" ? kind : undefined,
    // what isn't ASCII, or drives a terminal, is no part of a label
    label: (meant?.[2] ?? "").replaceAll(/[^ -~]/g, "?"),
    isWhole: whole !== null,
  };
}

/** RFC 1421 §4.4: header fields end at an empty line. */
function splitHeaders(lines: readonly string[]): {
  readonly headers: readonly string[];
  readonly base64: readonly string[];
} {
  const hasHeaders = lines.some((field) => field.includes(":"));
  const end = hasHeaders ? lines.indexOf("") : -1;
  return end < 0 ? { headers: [], base64: lines } : { headers: lines.slice(0, end), base64: lines.slice(end) };
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
