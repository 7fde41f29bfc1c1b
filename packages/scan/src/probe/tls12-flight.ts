import {
  decodeMessage,
  HandshakeType,
  handshakeHeaderLength,
  Tls12Certificate,
  Tls12CertificateRequest,
  Tls12CertificateStatus,
  tls12MessageTypes,
} from "@tlskit/messages";
import { inLegacyForm } from "@tlskit/messages/legacy";
import { versions } from "../version.ts";
import type { Draft } from "./draft.ts";
import type { ServerMessages } from "./server-messages.ts";

/** Reads what comes behind the ServerHello until ServerHelloDone (RFC 5246 §7.3), in whatever order. */
export async function readTls12Flight(messages: ServerMessages, answer: Draft): Promise<void> {
  const isLegacy = answer.version !== undefined && versions[answer.version] < versions["TLS 1.2"];
  // RFC 4346 §7.4.4: before TLS 1.2 nobody lists algorithms.
  const certificateRequest = isLegacy ? inLegacyForm(Tls12CertificateRequest) : Tls12CertificateRequest;
  messages.types = isLegacy ? tls12MessageTypes.map(inLegacyForm) : tls12MessageTypes;
  for (;;) {
    const message = await messages.next();
    if (message === undefined) return;
    const { bytes } = message;
    switch (bytes[0]) {
      case HandshakeType.certificate:
        answer.chain = decodeMessage(Tls12Certificate, bytes).certificateList;
        break;
      case HandshakeType.certificateStatus:
        answer.ocspResponse = decodeMessage(Tls12CertificateStatus, bytes).response;
        break;
      case HandshakeType.serverKeyExchange:
        answer.serverKeyExchange = bytes.subarray(handshakeHeaderLength);
        break;
      case HandshakeType.certificateRequest:
        answer.tls12CertificateRequest = decodeMessage(certificateRequest, bytes);
        break;
      case HandshakeType.serverHelloDone:
        return;
    }
  }
}
