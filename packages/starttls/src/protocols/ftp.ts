import { type Dialogue, Lines, malformed, noTls, type Part, say } from "../dialogue.ts";
import type { Protocol } from "../protocol.ts";

/** FTP: its control connection. Its data connections have TLS of their own, once `PBSZ 0` and `PROT P` were said under TLS. */
export const ftp: Protocol = { name: "ftp", specification: "RFC 4217 §4", port: 21, client };

function* client(): Dialogue {
  const lines = new Lines();
  // RFC 959 §5.4: 120 says that the greeting takes a while.
  let greeting = yield* reply(lines);
  while (greeting === 120) greeting = yield* reply(lines);
  if (greeting !== 220) throw noTls(`answered the connection with ${greeting}`);
  yield* say("AUTH TLS\r\n");
  const answer = yield* reply(lines);
  if (answer !== 234) throw noTls(`answered AUTH TLS with ${answer}`);
}

/** RFC 959 §4.2: the code of a reply. Between the first line and the last, which have it, there may be any text. */
function* reply(lines: Lines): Part<number> {
  const [, code, separator] = /^([1-5]\d\d)([ -])/.exec(yield* lines.next()) ?? [];
  if (code === undefined) throw malformed("a line that is no reply");
  if (separator === "-") while (!(yield* lines.next()).startsWith(`${code} `));
  return Number(code);
}
