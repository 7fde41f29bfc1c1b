import type { TlsError } from "@tlskit/tls";
import { ByteQueue } from "@tlskit/wire";
import { largeReadLength } from "./limits.ts";

/** The data that has come and waits to be read. Readers get it in the order in which they asked. */
export class Received {
  readonly #taken: () => void;
  readonly #data = new ByteQueue();
  /** What gives a reader something, and says whether there was anything to be given. */
  #turns: (() => boolean)[] = [];
  /** What comes behind the data: an end, or an error. */
  #outcome: { readonly error: TlsError | undefined } | undefined;

  /** @param taken told each time that some of what waited has been read. */
  constructor(taken: () => void) {
    this.#taken = taken;
  }

  /** Bytes that wait to be read. */
  get waiting(): number {
    return this.#data.length;
  }

  /** The bytes belong to this queue from here on. */
  push(bytes: Uint8Array): void {
    if (this.#outcome !== undefined) return;
    this.#data.push(bytes);
    this.#serve();
  }

  /** No more comes: an end, or an error. Nothing that is said later changes it. */
  end(error?: TlsError): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = { error };
    this.#serve();
  }

  /** What waits isn't to be read any more, nor is anything else. */
  drop(error: TlsError): void {
    this.#data.clear();
    this.#outcome = { error };
    this.#serve();
  }

  /** As much as there is room for; nothing at the end. */
  async read(into: Uint8Array): Promise<number | undefined> {
    const got = await this.#next((waiting) => into.subarray(0, Math.min(waiting, into.length)));
    return got?.length;
  }

  /** What there is, up to some records; nothing at the end. It belongs to whoever gets it. */
  async chunk(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return await this.#next((waiting) => new Uint8Array(Math.min(waiting, largeReadLength)));
  }

  /** @param room gives the place for what is to be read, which is no larger than what waits. */
  #next<Room extends Uint8Array>(room: (waiting: number) => Room): Promise<Room | undefined> {
    return new Promise((resolve, reject) => {
      this.#turns.push(() => {
        if (this.#data.length > 0) {
          const into = room(this.#data.length);
          this.#data.takeCopy(into.length, into, 0);
          resolve(into);
          this.#taken();
          return true;
        }
        if (this.#outcome === undefined) return false;
        if (this.#outcome.error === undefined) resolve(undefined);
        else reject(this.#outcome.error);
        return true;
      });
      this.#serve();
    });
  }

  #serve(): void {
    while (this.#turns[0]?.() === true) this.#turns.shift();
  }
}
