import type { RedisClient } from "@tlskit/sessions-redis";

/** A client of a Redis in memory, which has strings with deadlines and is as well as a test wants it to be. */
export class FakeRedis implements RedisClient {
  isReady = true;
  now = 0;
  readonly strings = new Map<string, { readonly value: string; readonly until: number }>();
  /** Every command that was sent. */
  readonly commands: (readonly string[])[] = [];
  /** Answers in place of its own, if there is one for a command. */
  answer: ((command: readonly string[], signal: AbortSignal) => Promise<unknown> | undefined) | undefined;

  async sendCommand(command: readonly string[], { abortSignal }: { readonly abortSignal: AbortSignal }) {
    this.commands.push(command);
    return this.answer?.(command, abortSignal) ?? this.#execute(command);
  }

  get sent(): readonly (string | undefined)[] {
    return this.commands.map(([name]) => name);
  }

  #execute([name, key = "", ...rest]: readonly string[]): unknown {
    if (name === "GET") return this.#get(key);
    if (name === "MGET") return [key, ...rest].map((one) => this.#get(one));
    if (name === "DEL") return this.strings.delete(key) ? 1 : 0;
    if (name === "SET") {
      if (rest.includes("NX") && this.#get(key) !== null) return null;
      const until = Number(rest[rest.indexOf("PXAT") + 1]);
      this.strings.set(key, { value: rest[0] ?? "", until });
      return "OK";
    }
    throw new Error(`ERR unknown command '${name}'`);
  }

  #get(key: string): string | null {
    const found = this.strings.get(key);
    return found === undefined || found.until <= this.now ? null : found.value;
  }
}

let drawn = 0;
/** Other bytes each time. */
export const random = (length: number): Uint8Array => {
  drawn += 1;
  return new Uint8Array(length).map((_, at) => (at < 4 ? drawn >> (8 * at) : at * 7 + drawn));
};
