import { clientLeft, type Dialogue, Lines, noTls, say } from "../dialogue.ts";
import type { ClientNames, Protocol, ServerNames } from "../protocol.ts";
import { clientNameOf } from "./names.ts";
import { expectReply } from "./replies.ts";

/** SMTP, between mail servers and from a mail program to its server, whose port is 587. */
export const smtp: Protocol = {
  name: "smtp",
  specification: "RFC 3207",
  port: 25,
  client: (names) => client("EHLO", names),
  server,
};

/** LMTP (RFC 2033 §4): SMTP to where mail is kept. It has no port of its own. */
export const lmtp: Protocol = {
  name: "lmtp",
  specification: "RFC 3207",
  port: 24,
  client: (names) => client("LHLO", names),
};

function* client(hello: string, names: ClientNames): Dialogue {
  const lines = new Lines();
  yield* expectReply(lines, "the connection", 220);
  yield* say(`${hello} ${clientNameOf(names)}\r\n`);
  const { texts } = yield* expectReply(lines, hello, 250);
  // The first line is the server's name.
  if (!texts.slice(1).some((keyword) => /^STARTTLS *$/i.test(keyword))) throw noTls("doesn't offer STARTTLS");
  yield* say("STARTTLS\r\n");
  yield* expectReply(lines, "STARTTLS", 220);
}

/** RFC 3207 §4: whatever a server is told before TLS it forgets. */
function* server({ host }: ServerNames): Dialogue {
  const lines = new Lines();
  const answers: Readonly<Record<string, string>> = {
    EHLO: `250-${host}\r\n250 STARTTLS`,
    HELO: `250 ${host}`,
    NOOP: "250 OK",
    RSET: "250 OK",
  };
  yield* say(`220 ${host} ESMTP\r\n`);
  for (;;) {
    const [verb = "", ...parameters] = (yield* lines.next()).trimEnd().toUpperCase().split(" ");
    if (verb === "STARTTLS" && parameters.length === 0) break;
    if (verb === "QUIT") {
      yield* say("221 Bye\r\n");
      throw clientLeft("said QUIT");
    }
    yield* say(`${Object.hasOwn(answers, verb) ? answers[verb] : "530 Must issue a STARTTLS command first"}\r\n`);
  }
  yield* say("220 Ready to start TLS\r\n");
}
