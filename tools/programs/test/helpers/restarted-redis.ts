import type { RedisServer } from "@tlskit/interop/redis";
import { Relay } from "./relay.ts";

/** A port that stays the same before a Redis, which is started again when somebody comes after its end. */
export async function restartedRedis(start: () => Promise<RedisServer>): Promise<Relay> {
  let starting = start();
  await starting;
  return await Relay.listen(async () => {
    const last = starting;
    const ended = (await last).program.exitCode !== undefined;
    if (ended && starting === last) starting = start();
    return (await starting).port;
  });
}
