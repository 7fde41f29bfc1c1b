import { clientLeft, type Dialogue, Lines, malformed, noTls, type Part, say } from "../dialogue.ts";
import type { Protocol, ServerNames } from "../protocol.ts";

/** IMAP. */
export const imap: Protocol = { name: "imap", specification: "RFC 9051 §6.2.1", port: 143, client, server };

function* client(): Dialogue {
  const lines = new Lines();
  const greeting = yield* lines.next();
  // RFC 9051 §7.1.4, §11.1: a connection that is authenticated already can't begin TLS, which whoever wants none may make up.
  if (/^\* PREAUTH\b/i.test(greeting)) throw noTls("says that we are authenticated already (PREAUTH)");
  if (/^\* BYE\b/i.test(greeting)) throw noTls("says BYE");
  if (!/^\* OK\b/i.test(greeting)) throw malformed("a greeting that is none");
  yield* say("a STARTTLS\r\n");
  const status = yield* tagged(lines, "a");
  if (status !== "OK") throw noTls(`answered STARTTLS with ${status}`);
}

/** The status of a command's answer. What comes untagged in between isn't believed, whatever it is. */
function* tagged(lines: Lines, tag: string): Part<string> {
  for (;;) {
    const line = yield* lines.next();
    const [first, status = ""] = line.toUpperCase().split(" ");
    if (first === tag.toUpperCase() && ["OK", "NO", "BAD"].includes(status)) return status;
    if (first !== "*") throw malformed("a line that is no response");
  }
}

const capability = "CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED";

function* server({ host }: ServerNames): Dialogue {
  const lines = new Lines();
  yield* say(`* OK [${capability}] ${host}\r\n`);
  for (;;) {
    // RFC 9051 §9: a tag has no characters that mean something else.
    const [, tag, verb = ""] = /^([!#$&',-[\]-z|}~]+) (.+)$/.exec(yield* lines.next()) ?? [];
    if (tag === undefined) throw malformed("a line that is no command");
    const command = verb.toUpperCase();
    if (command === "STARTTLS") {
      yield* say(`${tag} OK Begin TLS negotiation now\r\n`);
      return;
    }
    if (command === "CAPABILITY") yield* say(`* ${capability}\r\n${tag} OK done\r\n`);
    else if (command === "NOOP") yield* say(`${tag} OK done\r\n`);
    else if (command === "LOGOUT") {
      yield* say(`* BYE\r\n${tag} OK done\r\n`);
      throw clientLeft("said LOGOUT");
    } else yield* say(`${tag} NO [PRIVACYREQUIRED] STARTTLS first\r\n`);
  }
}
