import { type Lines, malformed, noTls, type Part } from "../dialogue.ts";

/** A reply of SMTP or NNTP: three digits and text, of several lines where a `-` follows the digits. */
export interface Reply {
  readonly code: number;
  readonly texts: readonly string[];
}

/** RFC 5321 §4.2.1: every line of a reply has the same code. */
export function* reply(lines: Lines): Part<Reply> {
  const texts: string[] = [];
  let first: string | undefined;
  for (;;) {
    const [, code, separator, text = ""] = /^([2-5]\d\d)(?:([ -])(.*))?$/s.exec(yield* lines.next()) ?? [];
    if (code === undefined) throw malformed("a line that is no reply");
    first ??= code;
    if (code !== first) throw malformed(`a reply with two codes, ${first} and ${code}`);
    texts.push(text);
    if (separator !== "-") return { code: Number(code), texts };
  }
}

/** @throws {TlsError} `no_starttls` for a reply with another code */
export function* expectReply(lines: Lines, to: string, ...codes: readonly number[]): Part<Reply> {
  const answer = yield* reply(lines);
  if (!codes.includes(answer.code)) throw noTls(`answered ${to} with ${answer.code}`);
  return answer;
}
