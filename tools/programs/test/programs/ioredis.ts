/** What programs do with ioredis, which opens its connections by `tls.connect`. */
import type { ConnectionOptions } from "node:tls";
import { Redis } from "ioredis";
import { input, runCases } from "./cases.ts";

const { port, tls, cases } = input<{
  readonly port: number;
  readonly tls: ConnectionOptions;
  readonly cases: Readonly<Record<string, ConnectionOptions>>;
}>();

await runCases({
  async "a large value, and a pipeline"() {
    await using redis = await connected(tls);
    const large = "value ".repeat(50_000);
    await redis.set("large", large);
    const replies = await redis.pipeline().incr("count").incr("count").del("count").exec();
    return { whole: (await redis.get("large")) === large, replies: replies?.map(([, reply]) => reply) };
  },
  ...Object.fromEntries(
    Object.entries(cases).map(([name, options]) => [
      name,
      async () => {
        await using redis = await connected({ ...tls, ...options });
        return await redis.ping();
      },
    ]),
  ),
});

async function connected(options: ConnectionOptions): Promise<Redis & AsyncDisposable> {
  const redis = new Redis({ host: "localhost", port, tls: options, lazyConnect: true, retryStrategy: () => null });
  let failure: unknown;
  redis.on("error", (error) => {
    failure ??= error;
  });
  try {
    await redis.connect();
  } catch (error) {
    // It says that the connection is closed; the event says why.
    throw failure ?? error;
  }
  return Object.assign(redis, { [Symbol.asyncDispose]: async () => void (await redis.quit()) });
}
