import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { RedisServer } from "./redis-server.ts";

/** What a process is asked: its ticket keys, or which ClientHellos (or tickets), in hexadecimal digits, it admits. */
export type Request =
  | { readonly type: "keys" }
  | { readonly type: "remember" | "take"; readonly subjects: readonly string[]; readonly freshUntil: number };

/** Processes that share a Redis. */
export class Fleet {
  readonly #members: readonly ChildProcess[];

  private constructor(members: readonly ChildProcess[]) {
    this.#members = members;
  }

  static async start(redis: RedisServer, count: number, window: number): Promise<Fleet> {
    const program = fileURLToPath(new URL("fleet-member.ts", import.meta.url));
    const members = Array.from({ length: count }, () => fork(program, [redis.path, String(window)]));
    onTestFinished(async () => {
      for (const member of members) {
        const over = once(member, "exit");
        member.kill();
        await over;
      }
    });
    await Promise.all(members.map((member) => once(member, "message")));
    return new Fleet(members);
  }

  /** What each answers, all of them asked at once. */
  ask(request: Request): Promise<readonly (readonly string[])[]> {
    return Promise.all(
      this.#members.map(async (member) => {
        const answered = once(member, "message");
        member.send(request);
        const [answer] = await answered;
        return answer;
      }),
    );
  }
}
