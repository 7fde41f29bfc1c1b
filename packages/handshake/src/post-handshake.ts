import type { CipherSuite } from "@tlskit/ciphersuites";
import type { Steps } from "@tlskit/crypto";
import { TrafficSecret } from "@tlskit/keyschedule";
import { KeyUpdate, KeyUpdateRequest, NewSessionTicket } from "@tlskit/messages";
import { aFunction, checkArguments, instanceOf, objectWith } from "@tlskit/wire/arguments";
import { aRole } from "./expectations.ts";
import { illegalParameter } from "./extension-rules.ts";
import { checkIo, type HandshakeIo } from "./io.ts";
import type { Resumption } from "./resumption.ts";

/**
 * The messages that a server may send after the handshake (RFC 9846 §4.7). Our clients never offer post_handshake_auth,
 * so a CertificateRequest is refused (RFC 9846 §4.7.2#unasked-refused), and servers never send an EndOfEarlyData
 * (RFC 9846 §4.6#refused).
 */
const fromServer = [NewSessionTicket, KeyUpdate] as const;
/** The one message that a client may send. A ClientHello would renegotiate (RFC 9846 §4.2.2#no-renegotiation). */
const fromClient = [KeyUpdate] as const;

/** What a message after the handshake asks for. */
export type PostHandshake =
  /** RFC 9846 §4.7.1#tolerated: a ticket, which is read, and kept if the client keeps any. */
  | { readonly type: "ticket" }
  /** RFC 9846 §4.7.3: the peer's keys have changed; whether ours have to. */
  | { readonly type: "keyUpdate"; readonly next: TrafficSecret; readonly updateRequested: boolean };

/**
 * RFC 9846 §4.7: takes one message that came after the handshake, and the peer's next keys into use if it is a
 * KeyUpdate.
 * @param current the secret that the peer writes with.
 * @param resumption of what was established, which tickets are for.
 */
export function* receivePostHandshake(
  io: HandshakeIo,
  role: "client" | "server",
  cipherSuite: CipherSuite,
  current: TrafficSecret,
  resumption: Resumption,
): Steps<PostHandshake> {
  checkIo(io);
  checkArguments(
    { role, current, resumption },
    {
      role: aRole,
      current: instanceOf(TrafficSecret, "@tlskit/keyschedule"),
      resumption: objectWith("the resumption of an Established", { keep: aFunction }),
    },
  );
  const received = yield* role === "client" ? io.receive(...fromServer) : io.receive(...fromClient);
  if (received.name === "NewSessionTicket") {
    resumption.keep(received.message);
    return { type: "ticket" };
  }
  const { requestUpdate } = received.message;
  // RFC 9846 §4.7.3#value-checked
  if (requestUpdate !== KeyUpdateRequest.updateNotRequested && requestUpdate !== KeyUpdateRequest.updateRequested) {
    throw illegalParameter("key_update_request", `request_update is ${requestUpdate}`);
  }
  // RFC 9846 §4.7.3#receiver-next-keys
  const next = current.next();
  io.installRead("application", cipherSuite, next);
  return { type: "keyUpdate", next, updateRequested: requestUpdate === KeyUpdateRequest.updateRequested };
}
