/** A process of Node's looked into through its inspector: nothing has to be built into it. */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer; // the inspector's protocol
      if (answer.id === undefined) return;
      this.#waiting.get(answer.id)?.resolve(answer);
      this.#waiting.delete(answer.id);
    });
    socket.addEventListener("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the process has ended"));
    });
  }

  /** @param url what the process says after "Debugger listening on". */
  static async open(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve, { once: true });
      socket.addEventListener("error", () => reject(new Error(`no inspector answers at ${url}`)), { once: true });
    });
    return new Inspector(socket);
  }

  async collectGarbage(): Promise<void> {
    await this.#call("HeapProfiler.collectGarbage", {});
  }

  /** What an expression gives, by way of JSON. */
  async evaluate(expression: string): Promise<unknown> {
    const { result } = await this.#call("Runtime.evaluate", { expression, returnByValue: true });
    if (result?.exceptionDetails !== undefined) throw new Error(`${expression} threw in the process`);
    return result?.result?.value;
  }

  close(): void {
    this.#socket.close();
  }

  #call(method: string, params: object): Promise<Answer> {
    this.#lastId += 1;
    const call = Promise.withResolvers<Answer>();
    this.#waiting.set(this.#lastId, call);
    this.#socket.send(JSON.stringify({ id: this.#lastId, method, params }));
    return call.promise;
  }
}

interface Answer {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: unknown }; readonly exceptionDetails?: unknown };
}
