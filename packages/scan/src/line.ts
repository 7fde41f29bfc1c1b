import { ContentType } from "@tlskit/record";
import { maxAnswerOctets } from "./limits.ts";
import type { ByteStream } from "./transport.ts";
import type { Lifetime } from "./waiting.ts";

/** A connection, of which it is known whether anything was heard, and which isn't over before that is said. */
export class Line {
  readonly stream: ByteStream;
  readonly lifetime: Lifetime;
  readonly #number: number;
  /** The next octets; nothing at the end. */
  readonly #next: () => Promise<Uint8Array | undefined>;
  readonly #begun: number = performance.now();
  /** Comes when the connection is over. */
  readonly over: Promise<void>;
  /** Comes when the other end has ended it. */
  readonly ended: Promise<void>;
  #isOverNow!: () => void;
  #isEndedNow!: () => void;
  /** Whether anything came. */
  heard = false;
  /** Whether the server waits for more: it would do something else if it had nothing to say but an alert. */
  isServed = false;
  /** Whether there was another connection when it came. */
  hadCompany = false;
  /** Whether the other end has ended it, in order or not. */
  closed = false;
  isOver = false;
  /** Milliseconds until something came. */
  answerTime = 0;
  /** Is told if it is heard once the connection before it is over, which it wasn't before. */
  heardAlone: (() => void) | undefined;

  /** @param told is told when something comes for the first time */
  constructor({ readable, writable }: ByteStream, lifetime: Lifetime, number: number, told: (line: Line) => void) {
    this.lifetime = lifetime;
    this.#number = number;
    this.over = new Promise((resolve) => {
      this.#isOverNow = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#isEndedNow = resolve;
    });
    const [reader, writer] = [readable.getReader(), writable.getWriter()];
    // Whatever fails fails whoever reads or writes; here it would fail nobody once more, as a rejection that none handles.
    reader.closed.catch(() => {});
    writer.closed.catch(() => {});
    const came = (octets: Uint8Array): void => {
      if (this.heard) return;
      this.heard = true;
      this.isServed = octets[0] !== ContentType.alert;
      this.answerTime = performance.now() - this.#begun;
      told(this);
      this.heardAlone?.();
    };
    this.#next = async () => {
      try {
        const { done, value } = await reader.read();
        if (done) this.#closedByPeer();
        else came(value);
        return value;
      } catch (error) {
        this.#closedByPeer();
        throw error;
      }
    };
    this.stream = {
      readable: new ReadableStream(
        {
          pull: async (controller) => {
            const octets = await this.#next();
            if (octets === undefined) controller.close();
            else controller.enqueue(octets);
          },
          cancel: async (reason) => {
            await this.over;
            await reader.cancel(reason);
          },
        },
        { highWaterMark: 0 },
      ),
      writable: new WritableStream({
        write: (octets) => writer.write(octets),
        close: () => writer.close(),
        abort: async (reason) => {
          await this.over;
          await writer.abort(reason);
        },
      }),
    };
  }

  /** Reads on, for nobody, so that its end isn't missed: as much as an answer may have. */
  watch(): void {
    const readOn = async (): Promise<void> => {
      let left = maxAnswerOctets;
      while (left > 0 && !this.isOver) {
        const octets = await this.#next();
        if (octets === undefined) return;
        left -= octets.length + 1;
      }
    };
    // A connection that fails has ended: `ended` has come.
    readOn().catch(() => {});
  }

  /** Whether it was opened later. */
  isAfter(other: Line): boolean {
    return this.#number > other.#number;
  }

  #closedByPeer(): void {
    this.closed = true;
    this.#isEndedNow();
  }

  end(): void {
    this.isOver = true;
    this.#isOverNow();
    this.lifetime.end();
  }
}
