import { decodeMessage, HandshakeType, sessionTicket, Tls12NewSessionTicket } from "@tlskit/messages";
import { earlierVisit } from "../connection/visits.ts";
import { versionOf } from "../version.ts";
import { type Flaw, notVulnerable, unclear, vulnerable } from "./flaw.ts";
import { usualSuites } from "./usual-suites.ts";

/** The session identifier that is sent: one octet, where F5's took every one for 32. */
const shortIdentifier = Uint8Array.of(0xa5);

/**
 * CVE-2016-9244: a server that resumes by a ticket echoes the session identifier (RFC 5077 §3.4): as long as it came, and not
 * with what lies behind it in its memory. That is neither kept nor looked at.
 */
export const ticketbleed: Flaw = {
  id: "ticketbleed",
  look: async (scanning) => {
    const { conversation } = await scanning.shared(earlierVisit);
    const version = conversation.info && versionOf(conversation.info.version);
    if (version === undefined || version === "TLS 1.3" || version === "SSL 2.0") {
      return unclear("there was no connection before TLS 1.3 to get a ticket in");
    }
    const message = conversation.seen.find(
      ({ from, type, bytes }) =>
        from === "server" && type === "handshake" && bytes[0] === HandshakeType.newSessionTicket,
    );
    if (message === undefined) return notVulnerable("it gives no tickets");
    const { ticket } = decodeMessage(Tls12NewSessionTicket, message.bytes);
    const { serverHello } = await scanning.probe({
      versions: [version],
      cipherSuites: usualSuites(version),
      sessionId: shortIdentifier,
      extensions: [{ code: sessionTicket.code, data: ticket }],
    });
    if (serverHello === undefined)
      return unclear("it doesn't answer to a ticket with a session identifier of one octet");
    const echoed = serverHello.legacySessionIdEcho;
    if (echoed.length <= shortIdentifier.length || echoed[0] !== shortIdentifier[0]) {
      return notVulnerable("it gives back no more of a session identifier than it was sent");
    }
    return vulnerable(`it answered a session identifier of 1 octet with ${echoed.length}, out of its memory`);
  },
};
