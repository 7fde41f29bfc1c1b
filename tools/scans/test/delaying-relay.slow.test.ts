import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DelayingRelay } from "../src/rivals/delaying-relay.ts";

const roundTrip = 20;

let server: Server;

beforeAll(async () => {
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (octets) => {
      if (String(octets) === "reset") socket.resetAndDestroy();
      else if (String(octets) === "end") socket.end("last");
      else socket.write(`echo ${octets}`);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
});

afterAll(() => server.close());

async function relay(): Promise<DelayingRelay> {
  return await DelayingRelay.before((server.address() as AddressInfo).port, roundTrip);
}

test("what is sent comes back in its order, no sooner than by a round trip for the connection and one for itself", async () => {
  await using between = await relay();
  const start = performance.now();
  const client = connect(between.port, "127.0.0.1");
  client.write("hello");
  const [first] = (await once(client, "data")) as [Buffer];
  // Timers count in whole milliseconds.
  expect(performance.now() - start).toBeGreaterThan(2 * roundTrip - 3);
  client.write("end");
  expect(String(first) + (await text(client))).toBe("echo hellolast");
  client.destroy();
});

test("connections and octets are counted, of each direction", async () => {
  await using between = await relay();
  for (const _ of [1, 2, 3]) {
    const client = connect(between.port, "127.0.0.1");
    client.write("hello");
    await once(client, "data");
    client.destroy();
  }
  expect(between.traffic).toEqual({ connections: 3, octetsToServer: 15, octetsToClient: 30 });
});

test("a connection that one end resets is over for the other", async () => {
  await using between = await relay();
  const client = connect(between.port, "127.0.0.1");
  client.on("error", () => undefined);
  client.write("reset");
  await once(client, "close");
  expect(client.destroyed).toBe(true);
});
