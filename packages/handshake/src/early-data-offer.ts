import type { CipherSuite } from "@tlskit/ciphersuites";
import { keyLogLine, type Transcript } from "@tlskit/keyschedule";
import { type ClientHello, type EncryptedExtensions, earlyDataIndication, extensionIn } from "@tlskit/messages";
import { asciiBytes, equalBytes, printable } from "@tlskit/wire";
import { illegalParameter } from "./extension-rules.ts";
import type { HandshakeIo } from "./io.ts";
import type { SessionOffer } from "./psk-offer.ts";
import type { ClientHandshakeSettings } from "./settings.ts";

/** What becomes of a client's early data: none was offered, or it waits for its answer, or has it. */
export interface EarlyDataOffer {
  /** RFC 9846 §4.3.10: what is sent from here on is early data, if there is any with this offer. */
  begin(
    context: ClientHandshakeSettings<unknown>,
    hello: ClientHello,
    session: SessionOffer<unknown> | undefined,
    transcript: Transcript,
  ): void;
  /** Whether there is early data that the server has neither accepted nor rejected. */
  readonly pending: boolean;
  /**
   * RFC 9846 §4.3.10, §4.3.11#early-selection-checked: whether the server accepts it.
   * @param session that the server has taken, if it has.
   * @throws {TlsError} if the server may not
   */
  isAccepted(
    session: SessionOffer<unknown> | undefined,
    cipherSuite: CipherSuite,
    alpnProtocol: string | undefined,
    message: EncryptedExtensions,
  ): boolean;
  answer(accepted: boolean): void;
  readonly outcome: "accepted" | "rejected" | undefined;
}

/** Of a client that has no sessions: a server that accepts some is refused, since it wasn't asked. */
export const noEarlyData: EarlyDataOffer = {
  begin() {},
  pending: false,
  isAccepted: () => false,
  answer() {},
  outcome: undefined,
};

/** That of a client that may have a session. */
export class SessionEarlyData implements EarlyDataOffer {
  readonly #io: HandshakeIo;
  #state: "none" | "pending" | "accepted" | "rejected" = "none";

  constructor(io: HandshakeIo) {
    this.#io = io;
  }

  begin(
    context: ClientHandshakeSettings<unknown>,
    hello: ClientHello,
    session: SessionOffer<unknown> | undefined,
    transcript: Transcript,
  ): void {
    if (session === undefined) return;
    const { hash, stage, resumable } = session;
    const transcriptHash = transcript.before(hash, new Uint8Array(0));
    const keys = {
      cipherSuite: resumable.cipherSuite,
      secret: stage.clientEarly(transcriptHash),
      exporter: stage.exporter(transcriptHash),
      limit: resumable.session.maxEarlyData,
    };
    context.keyLog?.(keyLogLine(keys.secret, hello.random));
    context.keyLog?.(keyLogLine(keys.exporter, hello.random));
    this.#state = "pending";
    this.#io.earlyData?.send(keys);
  }

  get pending(): boolean {
    return this.#state === "pending";
  }

  isAccepted(
    session: SessionOffer<unknown> | undefined,
    cipherSuite: CipherSuite,
    alpnProtocol: string | undefined,
    message: EncryptedExtensions,
  ): boolean {
    if (extensionIn(message, earlyDataIndication) === undefined) return false;
    // It may only if it takes the pre-shared key that protects it, the first, …
    if (session === undefined) {
      throw illegalParameter("early_data_without_psk", "the server accepts early data without the pre-shared key");
    }
    // … and everything is as it was when the ticket was made.
    const { resumable } = session;
    if (cipherSuite !== resumable.cipherSuite) {
      throw illegalParameter(
        "early_data_cipher_suite",
        `the server accepts early data protected with ${resumable.cipherSuite.name}, and chose ${cipherSuite.name}`,
      );
    }
    if (!equalBytes(asciiBytes(alpnProtocol ?? ""), resumable.session.alpnProtocol)) {
      throw illegalParameter(
        "early_data_alpn_protocol",
        `the server accepts early data for ${printable(resumable.session.alpnProtocol) || "no application protocol"}, and chose ${alpnProtocol ?? "none"}`,
      );
    }
    return true;
  }

  answer(accepted: boolean): void {
    if (!this.pending) return;
    this.#state = accepted ? "accepted" : "rejected";
    this.#io.earlyData?.answered(accepted);
  }

  get outcome(): "accepted" | "rejected" | undefined {
    return this.#state === "none" || this.#state === "pending" ? undefined : this.#state;
  }
}
