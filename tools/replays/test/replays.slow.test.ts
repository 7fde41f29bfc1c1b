import { absent } from "@tlskit/vectors";
import { expect, test } from "vitest";
import { expected } from "../src/expected.ts";
import { redisPresent } from "../src/redis-server.ts";
import { replays } from "../src/replays.ts";

// RFC 9846 §8#at-most-once
test.for(["sealed", "stored"] as const)(
  "early data is taken once, by one of the processes that share a Redis: tickets that are %s",
  async (tickets, context) => {
    if (!redisPresent()) absent(context, "the command redis-server is not on this machine");
    const options = { flights: 100, processes: 2, tickets };
    expect(await replays(options)).toEqual(expected(options));
  },
);
