import type { CipherSuite } from "@tlskit/ciphersuites";
import type { Steps } from "@tlskit/crypto";
import { TrafficSecret } from "@tlskit/keyschedule";
import {
  Certificate,
  CertificateRequest,
  KeyUpdate,
  KeyUpdateRequest,
  NewSessionTicket,
  unexpectedMessage,
} from "@tlskit/messages";
import { aFunction, checkArguments, instanceOf, objectWith } from "@tlskit/wire/arguments";
import type { LaterAuthentication } from "./established.ts";
import { aRole } from "./expectations.ts";
import { illegalParameter } from "./extension-rules.ts";
import { checkIo, type HandshakeIo } from "./io.ts";
import type { Resumption } from "./resumption.ts";
import type { PreparedAnswer } from "./tls13/certificate-answers.ts";
import type { CertificateAnswer } from "./tls13/certificate-requests.ts";

/**
 * The messages that a server may send after the handshake (RFC 9846 §4.7). A CertificateRequest is refused unless it was
 * offered to answer one (RFC 9846 §4.7.2#unasked-refused), and servers never send an EndOfEarlyData
 * (RFC 9846 §4.6#refused).
 */
const fromServer = [NewSessionTicket, KeyUpdate] as const;
const fromServerThatMayAsk = [...fromServer, CertificateRequest] as const;
/**
 * The messages that a client may send; a Certificate only if one was asked for. A ClientHello would renegotiate
 * (RFC 9846 §4.2.2#no-renegotiation).
 */
const fromClient = [KeyUpdate] as const;
const fromClientThatWasAsked = [KeyUpdate, Certificate] as const;

/** What a message after the handshake asks for. */
export type PostHandshake<Evidence> =
  /** RFC 9846 §4.7.1#tolerated: a ticket, which is read, and kept if the client keeps any. */
  | { readonly type: "ticket" }
  /** RFC 9846 §4.7.3: the peer's keys have changed; whether ours have to. */
  | { readonly type: "keyUpdate"; readonly next: TrafficSecret; readonly updateRequested: boolean }
  /** At a client: the server asks for a certificate. What answers it may take its time, and isn't waited for. */
  | { readonly type: "certificateRequest"; readonly answer: Steps<PreparedAnswer> }
  /** At a server: the client has answered a request; `resumption` knows of it. */
  | { readonly type: "certificateAnswer"; readonly answer: CertificateAnswer<Evidence> };

/**
 * RFC 9846 §4.7: takes one message that came after the handshake, and the peer's next keys into use if it is a
 * KeyUpdate.
 * @param current the secret that the peer writes with.
 * @param resumption of what was established, which tickets are for.
 * @param authentication of what was established: whether certificates may be asked for, and how.
 */
export function* receivePostHandshake<Evidence = never>(
  io: HandshakeIo,
  role: "client" | "server",
  cipherSuite: CipherSuite,
  current: TrafficSecret,
  resumption: Resumption,
  { certificateRequests, certificateAnswers }: LaterAuthentication<Evidence> = {},
): Steps<PostHandshake<Evidence>> {
  checkIo(io);
  checkArguments(
    { role, current, resumption },
    {
      role: aRole,
      current: instanceOf(TrafficSecret, "@tlskit/keyschedule"),
      resumption: objectWith("the resumption of an Established", { keep: aFunction }),
    },
  );
  const received = yield* role === "client"
    ? io.receive(...(certificateAnswers === undefined ? fromServer : fromServerThatMayAsk))
    : io.receive(...(certificateRequests?.arePending === true ? fromClientThatWasAsked : fromClient));
  if (received.name === "NewSessionTicket") {
    resumption.keep(received.message);
    return { type: "ticket" };
  }
  if (received.name === "CertificateRequest") {
    if (certificateAnswers === undefined) throw unexpectedMessage(CertificateRequest.code, fromServer);
    return { type: "certificateRequest", answer: certificateAnswers.received(received) };
  }
  if (received.name === "Certificate") {
    if (certificateRequests === undefined) throw unexpectedMessage(Certificate.code, fromClient);
    const answer = yield* certificateRequests.answer(io, received, current);
    if (answer.client !== undefined) resumption.identified(answer.client);
    return { type: "certificateAnswer", answer };
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
