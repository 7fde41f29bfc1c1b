/** The stream has ended where more was wanted. */
export class StreamOver extends Error {}

/** Octets of a stream, as many at a time as are wanted. */
export class OctetQueue {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #pending: Uint8Array = new Uint8Array();

  constructor(readable: ReadableStream<Uint8Array>) {
    this.#reader = readable.getReader();
  }

  /** The next `length` octets. Fails with {@link StreamOver} if there aren't as many. */
  async take(length: number): Promise<Uint8Array> {
    while (this.#pending.length < length) {
      const { done, value } = await this.#reader.read();
      if (done) throw new StreamOver();
      this.#pending = Buffer.concat([this.#pending, value]);
    }
    const taken = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    return taken;
  }
}
