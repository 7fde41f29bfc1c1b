import { type Dialogue, Lines, malformed, noTls, type Part, say } from "../dialogue.ts";
import type { Protocol } from "../protocol.ts";

/** POP3. */
export const pop3: Protocol = { name: "pop3", specification: "RFC 2595 §4", port: 110, client };

function* client(): Dialogue {
  const lines = new Lines();
  yield* expectOk(lines, "the connection");
  yield* say("STLS\r\n");
  yield* expectOk(lines, "STLS");
}

/** RFC 1939 §3 */
function* expectOk(lines: Lines, to: string): Part<void> {
  const [status = ""] = (yield* lines.next()).split(" ");
  if (status === "-ERR") throw noTls(`answered ${to} with -ERR`);
  if (status !== "+OK") throw malformed("a line that is no response");
}
