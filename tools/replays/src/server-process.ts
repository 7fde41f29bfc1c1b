/** A process with a server behind two doors. It is told its setup, tells its ports, and then, when asked, what it has taken. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { type ReplayGuard, SealedTickets } from "@tlskit/sessions";
import { RedisReplayGuard, RedisTicketKeys, RedisTickets } from "@tlskit/sessions-redis";
import { certificatesFromPem, privateKeyFromPem, ServerContext, TlsServer } from "@tlskit/tls";
import { createClient } from "redis";
import { type Door, type Setup, type Taken, ticketCount, tolerance } from "./setup.ts";

const [setup]: [Setup] = await once(process, "message").then(([first]) => [first]);
const redis = createClient({ socket: { path: setup.redis, tls: false } });
redis.on("error", () => {});
await redis.connect();

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
// The limit of time isn't what is tried here: a machine may be slow, and a Redis that is gone is noticed at once.
const inRedis = { redis, clock: Date.now, timeLimit: 30_000 };
const sealed = { ...inRedis, provider, random, key: Buffer.from(setup.key, "hex") };
const window = 2 * tolerance;
const stored = new RedisTickets({ ...sealed, window });
const [tickets, guard] =
  setup.tickets === "stored"
    ? [stored, stored.singleUse]
    : [
        new SealedTickets({ provider, random, keys: new RedisTicketKeys(sealed) }),
        new RedisReplayGuard({ ...inRedis, window }),
      ];
await guard.start();

const taken: Record<Door, string[]> = { guarded: [], unguarded: [] };
const ports = {
  guarded: await listening("guarded", guard),
  unguarded: await listening("unguarded", { admit: () => true }),
};
process.on("message", () => process.send?.(taken satisfies Taken));
process.on("disconnect", () => process.exit());
process.send?.(ports);

async function listening(door: Door, guardOfDoor: ReplayGuard): Promise<number> {
  const key = privateKeyFromPem(setup.privateKey, { provider });
  const context = new ServerContext({
    ...{ provider, random, clock: Date.now, tickets, ticketCount },
    certificates: [{ chain: certificatesFromPem(setup.chain).certificates, key }],
    earlyData: { maxSize: 1024, guard: guardOfDoor, tolerance },
  });
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => serve(socket, context, taken[door]));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("a server listens on no port");
  return address.port;
}

function serve(socket: Socket, context: ServerContext, into: string[]): void {
  const server = new TlsServer(context, {
    ciphertext: (bytes) => socket.write(bytes),
    plaintext: () => {},
    // Each flight has its text in one record.
    earlyPlaintext: (bytes) => into.push(new TextDecoder().decode(bytes)),
    ended: () => server.close(),
    closed: () => socket.end(),
  });
  socket.on("data", (bytes: Buffer) => server.receive(new Uint8Array(bytes)));
  socket.on("end", () => server.receiveEnd());
  socket.on("error", () => socket.destroy());
  server.start();
}
