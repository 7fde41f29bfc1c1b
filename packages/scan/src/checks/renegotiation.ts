import { HandshakeType } from "@tlskit/messages";
import { dangerousRenegotiation } from "@tlskit/tls/renegotiation";
import { clientContext } from "../connection/client-context.ts";
import type { Conversation } from "../connection/conversation.ts";
import { establishedIn } from "../connection/established.ts";
import { maxRenegotiationsTried } from "../connection/limits.ts";
import { converseAgain, evidenceOf } from "../connection/visits.ts";
import type { RenegotiationFact } from "../facts.ts";
import { type Check, foundOf, Skipped } from "../scanning.ts";
import { isBeforeTls13 } from "../version.ts";

/** By an option: whether clients may begin other handshakes in a connection (RFC 5246 §7.4.1.2), and how often in a row. */
export const renegotiation: Check<"renegotiation"> = {
  name: "renegotiation",
  about: "renegotiation by clients",
  // It waits for all others: it keeps a server busy.
  run: async (scanning, found) => {
    if (!scanning.intrusive.renegotiation)
      return new Skipped("it is done by an option alone (--renegotiation)", "not asked");
    const spoken = foundOf(found.versions)?.filter((each) => each.spoken);
    if (spoken?.every(({ version }) => !isBeforeTls13(version)) === true) {
      return new Skipped("no version is spoken that has renegotiation and can be tried");
    }
    const context = clientContext(
      scanning,
      { versions: "before TLS 1.3", sessions: false },
      { renegotiation: dangerousRenegotiation },
    );
    const conversation = await converseAgain(scanning, context, { renegotiations: maxRenegotiationsTried });
    establishedIn(conversation);
    scanning.note(evidenceOf("handshakes that the client begins", conversation));
    return factOf(conversation);
  },
};

/** @throws {TlsError} `no_renegotiation` for a server without renegotiation_info, with which it can't be tried */
function factOf(conversation: Conversation): RenegotiationFact {
  const { end, renegotiations } = conversation;
  if (renegotiations > 0) return { clientInitiated: "accepted", times: renegotiations };
  // Whatever became of the handshake, the server went into it.
  if (serverHellosIn(conversation) > 1) return { clientInitiated: "accepted", times: 1 };
  if (end.how === "failed" && end.error.kind === "caller") throw end.error;
  const isClosed = end.how === "closed" || (end.how === "failed" && end.error.kind === "truncation");
  return { clientInitiated: isClosed ? "closed" : "refused", times: 0 };
}

function serverHellosIn({ seen }: Conversation): number {
  const fromServer = seen.filter(({ from, type }) => from === "server" && type === "handshake");
  return fromServer.filter(({ bytes }) => bytes[0] === HandshakeType.serverHello).length;
}
