import { asciiBytes, notTls, type TlsError } from "@tlskit/wire";
import { maxLineLength, maxLines } from "./limits.ts";

/** What a dialogue yields to get the next octet from the peer. */
export const nextOctet: unique symbol = Symbol("the next octet");

/**
 * One side's part of what goes before TLS: it yields bytes for the peer, or {@link nextOctet}, and is resumed with that octet.
 * It returns when TLS begins, and throws if it doesn't.
 */
export type Dialogue = Part<void>;

/** A part of a dialogue, and what comes of it. */
export type Part<T> = Generator<Uint8Array | typeof nextOctet, T, number>;

/** Sends text, in ASCII. */
export function* say(text: string): Part<void> {
  yield asciiBytes(text);
}

/** So many octets. */
export function* octets(count: number): Part<Uint8Array> {
  const all = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) all[index] = yield nextOctet;
  return all;
}

/** Lines of text, without their ends. */
export class Lines {
  #left = maxLines;

  /**
   * The next one: characters are octets, whatever encoding the peer means. It ends with CRLF and has neither of these
   * otherwise (RFC 5321 §2.3.8, RFC 9051 §2.2), so that nobody else sees other lines in the same octets.
   * @throws {TlsError} `malformed_dialogue`, `message_too_long`, `too_many_lines`
   */
  *next(): Part<string> {
    let line = "";
    for (;;) {
      const octet = yield nextOctet;
      if (octet === lf) throw malformed("a line that ends with LF alone");
      if (octet === cr) {
        if ((yield nextOctet) !== lf) throw malformed("a CR that ends no line");
        this.#left -= 1;
        if (this.#left < 0) throw notTls("too_many_lines", `the peer sent more than ${maxLines} lines before TLS`);
        return line;
      }
      line += String.fromCharCode(octet);
      if (line.length > maxLineLength - 2) {
        throw notTls("message_too_long", `the peer sent a line of more than ${maxLineLength} octets before TLS`);
      }
    }
  }
}

const [cr, lf] = [13, 10];

/** The peer says something that the protocol hasn't. What it says isn't repeated: anybody on the way can have written it. */
export function malformed(what: string): TlsError {
  return notTls("malformed_dialogue", `the peer sent ${what}`);
}

/** The server doesn't go over to TLS: it can't, or somebody on the way took care that it seems so. */
export function noTls(what: string): TlsError {
  return notTls("no_starttls", `the server doesn't begin TLS: it ${what}`);
}

/** The client doesn't go over to TLS. */
export function clientLeft(what: string): TlsError {
  return notTls("no_starttls", `the client doesn't begin TLS: it ${what}`);
}
