/** What became of a client's early data. */
export type EarlyDataOutcome =
  /** The server has it. */
  | "accepted"
  /** The server has passed over it: it hasn't been read, and can be sent again, if that still makes sense. */
  | "rejected"
  /** It wasn't sent: there was no session to send it under, or it is longer than the session allows. */
  | "not_sent"
  /** The connection ended before the server said: it may have read it, or not. */
  | "unknown";

/** The early data of a client, which is sent as a whole or not at all. */
export class ClientEarlyData {
  #pieces: Uint8Array[] = [];
  #length = 0;
  #state: "open" | "sent" | "over" = "open";
  readonly #tell: (outcome: EarlyDataOutcome, data: readonly Uint8Array[]) => void;

  constructor(tell: (outcome: EarlyDataOutcome, data: readonly Uint8Array[]) => void) {
    this.#tell = tell;
  }

  add(data: Uint8Array): void {
    this.#pieces.push(Uint8Array.from(data));
    this.#length += data.length;
  }

  /** Bytes to be sent; nothing if there are none. */
  get length(): number | undefined {
    return this.#length === 0 ? undefined : this.#length;
  }

  /** What is sent now; it stays here until it is known what became of it. */
  send(): readonly Uint8Array[] {
    this.#state = "sent";
    return this.#pieces;
  }

  answered(accepted: boolean): void {
    this.#end(accepted ? "accepted" : "rejected");
  }

  /** It has been sent, or never will be. */
  mayBeSentNoMore(): void {
    if (this.#state === "open") this.#end("not_sent");
  }

  /** The connection is over. */
  connectionOver(): void {
    this.#end(this.#state === "sent" ? "unknown" : "not_sent");
  }

  #end(outcome: EarlyDataOutcome): void {
    if (this.#state === "over") return;
    this.#state = "over";
    const pieces = this.#pieces;
    this.#pieces = [];
    if (this.#length > 0) this.#tell(outcome, pieces);
  }
}
