import { keyLogLine, type Transcript } from "@tlskit/keyschedule";
import type { ClientHello } from "@tlskit/messages";
import type { HandshakeIo } from "./io.ts";
import type { SessionOffer } from "./psk-offer.ts";
import type { ClientHandshakeSettings } from "./settings.ts";

/** What becomes of a client's early data: none was offered, or it waits for its answer, or has it. */
export class EarlyDataOffer {
  readonly #io: HandshakeIo;
  #state: "none" | "pending" | "accepted" | "rejected" = "none";

  constructor(io: HandshakeIo) {
    this.#io = io;
  }

  /** RFC 9846 §4.3.10: what is sent from here on is early data, if there is any with this offer. */
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

  /** Whether there is early data that the server has neither accepted nor rejected. */
  get pending(): boolean {
    return this.#state === "pending";
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
