import { type DangerousClientInfo, TlsError } from "@tlskit/tls";
import type { Conversation } from "./conversation.ts";

/**
 * The same of a connection that isn't ended by an error behind that either: as by a server of TLS 1.3 that wants a certificate, and
 * gives nothing to those without.
 * @throws {TlsError} as {@link establishedIn}
 */
export function wholeIn(conversation: Conversation): DangerousClientInfo {
  const info = establishedIn(conversation);
  if (conversation.end.how === "failed") throw conversation.end.error;
  return info;
}

/**
 * What was negotiated in a connection whose handshake is done.
 * @throws {TlsError} what it ended with otherwise: of the peer, an alert, `truncated`; `silent`, `too_many_octets`
 */
export function establishedIn({ info, end }: Conversation): DangerousClientInfo {
  if (info !== undefined) return info;
  switch (end.how) {
    case "failed":
      throw end.error;
    case "silent":
      throw new TlsError("timeout", "silent", `the server said nothing for ${end.seconds} seconds in a handshake`);
    case "too much":
      throw new TlsError("peer", "too_many_octets", `the server sent more than ${end.octets} octets in a handshake`);
    default:
      throw new TlsError("truncation", "truncated", "the connection ended in the handshake");
  }
}
