/** What programs do with node-redis. */
import type { ConnectionOptions } from "node:tls";
import { createClient } from "redis";
import { type Cases, input, runCases } from "./cases.ts";

type Socket = ConnectionOptions & { readonly tls: true; readonly host: string };

const { versions, connections } = input<{
  /** By version, of connections on which everything is done that programs do. */
  readonly versions: Readonly<Record<string, Socket>>;
  /** Of connections of which the server is asked alone. */
  readonly connections: Readonly<Record<string, Socket>>;
}>();

for (const [version, settings] of Object.entries(versions)) await runCases(everything(settings), version);

await runCases(
  Object.fromEntries(
    Object.entries(connections).map(([name, socket]) => [
      name,
      async () => {
        await using redis = await connected(socket);
        return await redis.ping();
      },
    ]),
  ),
);

function everything(usual: Socket): Cases {
  return {
    async "large values"() {
      await using redis = await connected(usual);
      const value = "value ".repeat(200_000);
      await redis.set("large", value);
      return { whole: (await redis.get("large")) === value };
    },

    async "a pipeline"() {
      await using redis = await connected(usual);
      // Whatever is asked for in one turn goes out together.
      const replies = await Promise.all(Array.from({ length: 2_000 }, () => redis.incr("count")));
      return [replies.at(-1), await redis.del("count")];
    },

    async "a channel"() {
      await using subscriber = await connected(usual);
      await using publisher = await connected(usual);
      const heard = Promise.withResolvers<readonly string[]>();
      await subscriber.subscribe("news", (message, channel) => heard.resolve([channel, message]));
      await publisher.publish("news", "something happened");
      return await heard.promise;
    },

    async "a server that restarts"() {
      await using redis = await connected(usual, 20);
      const other = await connected(usual);
      const again = new Promise((resolve) => redis.once("ready", resolve));
      await other.sendCommand(["SHUTDOWN", "NOSAVE"]).catch(() => undefined); // it ends instead of answering
      await again;
      return await redis.ping();
    },
  };
}

async function connected(socket: Socket, reconnectStrategy: number | false = false) {
  const redis = createClient({ socket: { ...socket, reconnectStrategy } });
  redis.on("error", () => undefined);
  await redis.connect();
  return Object.assign(redis, { [Symbol.asyncDispose]: () => redis.close() });
}
