import type { Steps } from "@tlskit/crypto";
import type { TrafficSecret, Transcript } from "@tlskit/keyschedule";
import { type Certificate, CertificateRequest, Finished } from "@tlskit/messages";
import { callerError, concat, equalBytes } from "@tlskit/wire";
import type { ClientAuthentication } from "../client-authentication.ts";
import { illegalParameter } from "../extension-rules.ts";
import { VerifiedFinished } from "../finished.ts";
import type { HandshakeIo, Received } from "../io.ts";
import { maxPendingCertificateRequests } from "../limits.ts";
import type { ServerHandshakeSettings } from "../settings.ts";
import { certificateRequest, type IdentifiedClient, receiveClientCertificate } from "./client-certificate.ts";

/** A request that waits for its answer. */
interface Pending {
  readonly request: CertificateRequest;
  /** Of the handshake, and the request. */
  readonly transcript: Transcript;
}

/** What a client has answered after the handshake. */
export interface CertificateAnswer<Evidence> {
  /** The certificate_request_context of the request. */
  readonly request: Uint8Array;
  /** Nothing if it showed no certificate. */
  readonly client: IdentifiedClient<Evidence> | undefined;
}

/** A server's requests for certificates after the handshake (RFC 9846 §4.7.2). */
export class CertificateRequests<Evidence> {
  readonly #context: ServerHandshakeSettings<Evidence>;
  readonly #authentication: ClientAuthentication<Evidence>;
  readonly #transcript: Transcript;
  #pending: readonly Pending[] = [];
  #asked = 0;

  /** @param transcript of the whole handshake. */
  constructor(
    context: ServerHandshakeSettings<Evidence>,
    authentication: ClientAuthentication<Evidence>,
    transcript: Transcript,
  ) {
    this.#context = context;
    this.#authentication = authentication;
    this.#transcript = transcript;
  }

  /** RFC 9846 §4.7.2#patience: whether a Certificate of the client's may come, among whatever else. */
  get arePending(): boolean {
    return this.#pending.length > 0;
  }

  /**
   * Asks for a certificate.
   * @returns the request's context, which its answer has too
   * @throws {TlsError} `too_many_certificate_requests` (the caller's fault)
   */
  ask(io: Pick<HandshakeIo, "send">): Uint8Array {
    if (this.#pending.length >= maxPendingCertificateRequests) {
      throw callerError(
        "too_many_certificate_requests",
        `${maxPendingCertificateRequests} requests wait for the client's answer`,
      );
    }
    const requestContext = this.#nextContext();
    const request = certificateRequest(this.#context, this.#authentication, requestContext);
    const transcript = this.#transcript.copy();
    transcript.add(io.send(CertificateRequest, request));
    this.#pending = [...this.#pending, { request, transcript }];
    return Uint8Array.from(requestContext);
  }

  /** RFC 9846 §4.4.2#context-unique: by its number; and not to be foreseen, so that nobody signs it in advance. */
  #nextContext(): Uint8Array {
    const number = new Uint8Array(4);
    new DataView(number.buffer).setUint32(0, this.#asked);
    this.#asked += 1;
    return concat(number, this.#context.random(28));
  }

  /**
   * Takes an answer, whose Certificate has come; the others of its messages have to follow. Requests may be answered in
   * another order than they were sent in, each once.
   * @param current the secret that the client writes with.
   * @throws {TlsError} `certificate_request_context`, `certificate_required`, and whatever else is wrong
   */
  *answer(
    io: HandshakeIo,
    certificate: Received<typeof Certificate>,
    current: TrafficSecret,
  ): Steps<CertificateAnswer<Evidence>> {
    const { certificateRequestContext } = certificate.message;
    const found = this.#pending.find(({ request }) =>
      equalBytes(request.certificateRequestContext, certificateRequestContext),
    );
    if (found === undefined) {
      throw illegalParameter("certificate_request_context", "the client answers what it wasn't asked, or once more");
    }
    this.#pending = this.#pending.filter((pending) => pending !== found);
    const { request, transcript } = found;
    const client = yield* receiveClientCertificate(
      io,
      this.#context,
      this.#authentication,
      request,
      certificate,
      transcript,
    );
    const finished = yield* io.receive(Finished);
    VerifiedFinished.verify(finished.message, current, transcript.current());
    return { request: Uint8Array.from(certificateRequestContext), client };
  }
}
