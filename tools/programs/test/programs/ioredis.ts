/** What programs do with ioredis. */
import { once } from "node:events";
import type { ConnectionOptions } from "node:tls";
import { Redis } from "ioredis";
import { type Cases, input, runCases } from "./cases.ts";

interface Settings {
  readonly host: string;
  readonly port: number;
  readonly tls: ConnectionOptions;
}

const { versions, connections } = input<{
  /** By version, of connections on which everything is done that programs do. */
  readonly versions: Readonly<Record<string, Settings>>;
  /** Of connections of which the server is asked alone. */
  readonly connections: Readonly<Record<string, Settings>>;
}>();

for (const [version, settings] of Object.entries(versions)) await runCases(everything(settings), version);

await runCases(
  Object.fromEntries(
    Object.entries(connections).map(([name, settings]) => [
      name,
      async () => {
        await using redis = await connected(settings);
        return await redis.ping();
      },
    ]),
  ),
);

function everything(usual: Settings): Cases {
  return {
    async "large values"() {
      await using redis = await connected(usual);
      const value = "value ".repeat(200_000);
      await redis.set("large", value);
      return { whole: (await redis.get("large")) === value };
    },

    async "a pipeline"() {
      await using redis = await connected(usual);
      const pipeline = redis.pipeline();
      for (let n = 0; n < 2_000; n += 1) pipeline.incr("count");
      const replies = await pipeline.del("count").exec();
      return replies?.slice(-2).map(([, reply]) => reply);
    },

    async "a channel"() {
      await using subscriber = await connected(usual);
      await using publisher = await connected(usual);
      await subscriber.subscribe("news");
      const heard = once(subscriber, "message");
      await publisher.publish("news", "something happened");
      return await heard;
    },

    async "a server that restarts"() {
      await using redis = await connected(usual, 20);
      const other = await connected(usual);
      const again = new Promise((resolve) => redis.once("ready", resolve));
      await other.shutdown("NOSAVE").catch(() => undefined); // it ends instead of answering
      await again;
      return await redis.ping();
    },
  };
}

async function connected(settings: Settings, retryAfter: number | null = null): Promise<Redis & AsyncDisposable> {
  const redis = new Redis({ ...settings, lazyConnect: true, retryStrategy: () => retryAfter });
  const failures: unknown[] = [];
  redis.on("error", (error) => failures.push(error));
  try {
    await redis.connect();
  } catch (error) {
    // It says that the connection is closed; the event says why.
    throw failures[0] ?? error;
  }
  return Object.assign(redis, { [Symbol.asyncDispose]: async () => void (await redis.quit()) });
}
