import { once } from "node:events";
import { readFileSync } from "node:fs";
import * as tls from "node:tls";
import { patience } from "./limits.ts";
import type { Target } from "./server-under-test.ts";

const questions = {
  page: {
    ask: "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    answer: /^HTTP\/1\.1 200 .*it works/s,
  },
  echo: { ask: "is anybody there?", answer: /^is anybody there\?$/ },
} as const;

/** Asks, by Node's own tls, on a connection of its own. Milliseconds until the whole answer was there. */
export async function ask({ service, port, ca, slack }: Target): Promise<number> {
  const start = performance.now();
  const { ask, answer } = questions[service];
  const socket = tls.connect({ host: "127.0.0.1", port, servername: "localhost", ca: readFileSync(ca) });
  const limit = patience * slack;
  const impatient = setTimeout(() => socket.destroy(new Error(`no answer within ${limit} ms`)), limit);
  try {
    await once(socket, "secureConnect");
    socket.end(ask);
    let text = "";
    for await (const chunk of socket) text += chunk;
    if (!answer.test(text)) throw new Error(`a wrong answer: ${JSON.stringify(text)}`);
    return performance.now() - start;
  } finally {
    clearTimeout(impatient);
    socket.destroy();
  }
}

/** What came of asking over and over. */
export interface Answers {
  readonly milliseconds: readonly number[];
  readonly failures: readonly string[];
}

/** Asks again and again until told to stop. */
export async function keepAsking(target: Target, stop: AbortSignal, pause: number): Promise<Answers> {
  const milliseconds: number[] = [];
  const failures: string[] = [];
  while (!stop.aborted) {
    try {
      milliseconds.push(await ask(target));
    } catch (error) {
      failures.push(`${target.service}: ${error instanceof Error ? error.message : error}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return { milliseconds, failures };
}
