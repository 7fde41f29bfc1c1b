/** A process of a fleet: it does what it is asked over IPC, all of it at once, and tells what came of it. */
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { RedisReplayGuard, RedisTicketKeys, RedisTickets } from "@tlskit/sessions-redis";
import { toHex } from "@tlskit/wire";
import { createClient } from "redis";
import type { Request } from "./fleet.ts";
import { operatorKey } from "./operator-key.ts";

const [, , path = "", window = ""] = process.argv;
const redis = createClient({ socket: { path, tls: false } });
redis.on("error", () => {});
await redis.connect();

const shared = { redis, clock: Date.now, timeLimit: 30_000, window: Number(window) };
const sealed = {
  provider,
  random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
  key: operatorKey,
};
const { window: _, ...withoutWindow } = shared;
const keys = new RedisTicketKeys({ ...withoutWindow, ...sealed });
const tickets = new RedisTickets({ ...shared, ...sealed });
const guards = { remember: new RedisReplayGuard(shared), take: tickets.singleUse };

process.on("message", async (request: Request) => {
  process.send?.(await answer(request));
});
process.on("disconnect", () => redis.destroy());
process.send?.("ready");

async function answer(request: Request): Promise<readonly string[]> {
  if (request.type === "keys") return (await keys.current()).map(({ name, secret }) => toHex(name) + toHex(secret));
  const subjects = request.subjects.map((hex) => Uint8Array.from(Buffer.from(hex, "hex")));
  const admitted = await Promise.all(
    subjects.map((subject) =>
      guards[request.type].admit({ binder: subject, ticket: subject, freshUntil: request.freshUntil }),
    ),
  );
  return request.subjects.filter((_hex, index) => admitted[index]);
}
