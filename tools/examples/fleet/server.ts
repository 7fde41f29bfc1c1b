/**
 * One server of a fleet: it says hello, and takes early data. Its tickets' keys and its guard against replays are in Redis, so
 * that a client may come back to any other: `FLEET_KEY=… node server.ts REDIS-URL CERT-FILE KEY-FILE`.
 */
import { readFileSync } from "node:fs";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { createServer, type TlsSocket } from "@tlskit/node";
import { SealedTickets } from "@tlskit/sessions";
import { RedisReplayGuard, RedisTicketKeys } from "@tlskit/sessions-redis";
import { createClient } from "redis";

const [url = "", cert = "", key = ""] = process.argv.slice(2);
const redis = createClient({ url });
redis.on("error", (error) => console.log(`Redis: ${error.message}`));
await redis.connect();

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const clock = Date.now;
const failed = ({ code }: { readonly code: string }) => console.log(`Redis: ${code}`);
// The same at all servers, and kept as their private keys are: Redis never sees a ticket's key in the clear.
const { FLEET_KEY: fleetKey = "" } = process.env;
// Milliseconds that a call to Redis may take. A quarter of a second, as it is unless told, suits a fleet that is well; this
// one has to get on with whatever machine tries it.
const timeLimit = 20_000;
const inRedis = { redis, clock, failed, timeLimit };
const keys = new RedisTicketKeys({ ...inRedis, provider, random, key: Buffer.from(fleetKey, "hex") });
const guard = new RedisReplayGuard(inRedis);
// Redis is asked before the first client comes, so that it gets a ticket in time.
await Promise.all([guard.start(), keys.current()]);

const server = createServer({
  cert: readFileSync(cert),
  key: readFileSync(key),
  tickets: new SealedTickets({ provider, random, keys }),
  earlyData: { maxSize: 1024, guard },
});
const hello = (socket: TlsSocket, question: Buffer): void => {
  // What came early was sent by whoever the session is of, perhaps twice: it is answered, and changes nothing.
  socket.write(`${question} to you from ${process.pid}\n`);
};
server.on("earlyData", (data: Buffer, socket: TlsSocket) => hello(socket, data));
server.on("secureConnection", (socket: TlsSocket) => {
  socket.on("error", () => socket.destroy());
  socket.on("data", (data: Buffer) => hello(socket, data));
});
server.on("tlsClientError", (error) => console.log(error.message));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object") console.log(`listening on ${address?.port}`);
});
