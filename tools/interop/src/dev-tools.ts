import { EventEmitter } from "node:events";
import type { Readable, Writable } from "node:stream";

/** Milliseconds that a browser may take for what it is asked: much more than it should on a busy machine. */
const patience = 60_000;

/** What a browser answers, and what it tells of. */
export type Told = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Told;
  readonly result?: Told;
  readonly error?: { readonly message: string };
}

/** A browser's protocol, <https://chromedevtools.github.io/devtools-protocol/>, over a pipe: JSON, each ended by a zero. */
export class DevTools {
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #input: Writable;
  #rest = "";
  #calls = 0;

  constructor(input: Writable, output: Readable) {
    this.#input = input;
    input.on("error", () => undefined); // its end is told by the output
    output.setEncoding("utf8");
    output.on("data", (text: string) => {
      const messages = (this.#rest + text).split("\0");
      this.#rest = messages.pop() ?? "";
      for (const message of messages) this.#take(JSON.parse(message));
    });
    output.once("close", () => this.#events.emit("closed", new Error("the browser has ended")));
  }

  /** Asks for something, of a page if a session is given. */
  async call(method: string, params: Told, sessionId?: string): Promise<Told> {
    this.#calls += 1;
    const id = this.#calls;
    const answered = this.#answer(id, method);
    this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result, error } = await answered;
    if (error !== undefined || result === undefined) throw new Error(`${method}: ${error?.message}`);
    return result;
  }

  /** Has a session's next event of a kind told. */
  once(method: string, sessionId: string, listener: (params: Told) => void): void {
    this.#events.once(`${method} ${sessionId}`, listener);
  }

  #take({ id, sessionId, method, params, ...message }: Message): void {
    if (id !== undefined) this.#events.emit(`answer ${id}`, message);
    else this.#events.emit(`${method} ${sessionId}`, params);
  }

  async #answer(id: number, method: string): Promise<Message> {
    return await new Promise((resolve, reject) => {
      const settled = (settle: () => void): void => {
        clearTimeout(timer);
        this.#events.off(`answer ${id}`, come);
        this.#events.off("closed", closed);
        settle();
      };
      const come = (message: Message): void => settled(() => resolve(message));
      const closed = (error: Error): void => settled(() => reject(error));
      const timer = setTimeout(() => closed(new Error(`waited ${patience} ms for ${method}`)), patience);
      this.#events.on(`answer ${id}`, come);
      this.#events.on("closed", closed);
    });
  }
}
