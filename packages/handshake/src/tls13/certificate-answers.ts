import type { Steps } from "@tlskit/crypto";
import type { TrafficSecret, Transcript } from "@tlskit/keyschedule";
import { Certificate, type CertificateRequest, CertificateVerify, encodeMessage, Finished } from "@tlskit/messages";
import { Alert, peerError } from "@tlskit/wire";
import { signTranscript } from "../certificate-verify.ts";
import { illegalParameter } from "../extension-rules.ts";
import type { HandshakeIo, Received } from "../io.ts";
import { maxCertificateRequests, maxPendingCertificateRequests } from "../limits.ts";
import type { ClientHandshakeSettings } from "../settings.ts";
import { certificateFor, chooseForServer, readCertificateRequest } from "./certificate-request.ts";

/** An answer that is ready to be sent. */
export interface PreparedAnswer {
  /** Bytes of its messages, headers included. */
  readonly length: number;
  /**
   * Sends it. RFC 9846 §4.7.2#answered: nothing may come between its messages.
   * @param current the secret that its records are protected with, which its Finished depends on (RFC 9846 §4.5).
   */
  send(io: Pick<HandshakeIo, "send">, current: TrafficSecret): void;
}

/** How a client answers requests for certificates after the handshake. */
export type PostHandshakeAuthentication = (
  context: ClientHandshakeSettings<unknown>,
  transcript: Transcript,
) => CertificateAnswers;

/** What a client's `postHandshakeAuth` is: who doesn't name it is asked for nothing, and bundles nothing of it. */
export const postHandshakeAuthentication: PostHandshakeAuthentication = (context, transcript) =>
  new CertificateAnswers(context, transcript);

/** A client's answers to requests for certificates after the handshake (RFC 9846 §4.7.2). */
export class CertificateAnswers {
  readonly #context: ClientHandshakeSettings<unknown>;
  readonly #transcript: Transcript;
  readonly #hashLength: number;
  #pending = 0;
  #received = 0;

  /** @param transcript of the whole handshake. */
  constructor(context: ClientHandshakeSettings<unknown>, transcript: Transcript) {
    this.#context = context;
    this.#transcript = transcript;
    this.#hashLength = transcript.current().length;
  }

  /**
   * A request has come.
   * @returns steps that prepare its answer, which may take their time; others may be under way, and messages and data too
   * @throws {TlsError} `too_many_certificate_requests`, `certificate_request_context`, and whatever is wrong with it
   */
  received(request: Received<typeof CertificateRequest>): Steps<PreparedAnswer> {
    if (this.#pending >= maxPendingCertificateRequests) {
      throw peerError(
        "too_many_certificate_requests",
        Alert.unexpectedMessage,
        `the server asked for a certificate while ${maxPendingCertificateRequests} answers were due`,
      );
    }
    this.#received += 1;
    if (this.#received > maxCertificateRequests) {
      throw peerError(
        "too_many_certificate_requests",
        Alert.unexpectedMessage,
        `the server asked for a certificate more than ${maxCertificateRequests} times`,
      );
    }
    // RFC 9846 §4.4.2#context-empty: only in the handshake.
    if (request.message.certificateRequestContext.length === 0) {
      throw illegalParameter("certificate_request_context", "certificate_request_context is empty after the handshake");
    }
    const asked = readCertificateRequest(this.#context, request.message);
    const transcript = this.#transcript.copy();
    transcript.add(request.bytes);
    this.#pending += 1;
    return this.#prepare(asked, transcript);
  }

  *#prepare(asked: ReturnType<typeof readCertificateRequest>, transcript: Transcript): Steps<PreparedAnswer> {
    const choice = yield* chooseForServer(this.#context, asked);
    const certificate = certificateFor(asked, choice);
    const certificateBytes = encodeMessage(Certificate, certificate);
    transcript.add(certificateBytes);
    let length =
      certificateBytes.length + encodeMessage(Finished, { verifyData: new Uint8Array(this.#hashLength) }).length;
    let certificateVerify: CertificateVerify | undefined;
    if (choice !== undefined) {
      const { credential, signatureScheme } = choice;
      certificateVerify = yield* signTranscript("client", credential, signatureScheme, transcript.current());
      const bytes = encodeMessage(CertificateVerify, certificateVerify);
      transcript.add(bytes);
      length += bytes.length;
    }
    return {
      length,
      send: (io, current) => {
        this.#pending -= 1;
        io.send(Certificate, certificate);
        if (certificateVerify !== undefined) io.send(CertificateVerify, certificateVerify);
        io.send(Finished, { verifyData: current.verifyData(transcript.current()) });
      },
    };
  }
}
