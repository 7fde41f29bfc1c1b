/**
 * Run by `pnpm --filter @tlskit/bun speed`: what connections cost, ours and Bun's own at either end, in one process:
 * medians of several, of the time that its processors had to work for both ends.
 */
import { connect, createClientContext, createServerContext, listen } from "../../src/index.ts";
import { pem } from "../helpers/pki.ts";

const hostname = "localhost";
const rounds = 5;
const megabytes = 64;
const handshakes = 40;
const piece = new Uint8Array(256 * 1024);

const clientContext = createClientContext({ ca: pem.ca });
const serverContext = createServerContext({ cert: pem.cert, key: pem.key });

/** What ours and Bun's own have in common. */
interface Written {
  write(data: Uint8Array, byteOffset: number, byteLength: number): number;
  end(): unknown;
}

interface Told {
  handshake(socket: Written): void;
  data(socket: Written, data: Uint8Array): void;
  drain(socket: Written): void;
  close(): void;
}

interface Listener {
  readonly port: number;
  stop(): void;
}

const servers: Readonly<Record<string, (data: Told["data"]) => Listener>> = {
  ours: (data) => listen({ hostname, port: 0, tls: { context: serverContext }, socket: { data } }),
  "Bun's": (data) => Bun.listen({ hostname, port: 0, tls: { cert: pem.cert, key: pem.key }, socket: { data } }),
};

const clients: Readonly<Record<string, (port: number, socket: Told) => Promise<unknown>>> = {
  ours: (port, socket) => connect({ hostname, port, tls: { context: clientContext }, socket }),
  "Bun's": (port, socket) => Bun.connect({ hostname, port, tls: { ca: pem.ca }, socket }),
};

const nothing: Told = { handshake: () => {}, data: () => {}, drain: () => {}, close: () => {} };

type Open = (port: number, socket: Told) => Promise<unknown>;

/** Milliseconds that this process has worked. */
function worked(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds for so many megabytes from a client to a server. */
async function bulk(listening: (data: Told["data"]) => Listener, open: Open): Promise<number> {
  const total = megabytes * 1024 * 1024;
  const arrived = Promise.withResolvers<void>();
  let [got, left, begun] = [0, total, 0];
  const listener = listening((_socket, data) => {
    got += data.length;
    if (got === total) arrived.resolve();
  });
  const send = (socket: Written): void => {
    while (left > 0) {
      const length = Math.min(piece.length, left);
      const taken = socket.write(piece, 0, length);
      left -= Math.max(0, taken);
      if (taken < length) return;
    }
    socket.end();
  };
  const handshake = (socket: Written): void => {
    begun = worked();
    send(socket);
  };
  await open(listener.port, { ...nothing, handshake, drain: send });
  await arrived.promise;
  const took = worked() - begun;
  listener.stop();
  return took;
}

/** Milliseconds for a connection, and its end. */
async function shakes(listening: (data: Told["data"]) => Listener, open: Open): Promise<number> {
  const listener = listening(() => {});
  const begun = worked();
  for (let i = 0; i < handshakes; i += 1) {
    const closed = Promise.withResolvers<void>();
    const handshake = (socket: Written): void => void socket.end();
    await open(listener.port, { ...nothing, handshake, close: closed.resolve });
    await closed.promise;
  }
  listener.stop();
  return (worked() - begun) / handshakes;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

for (const [clientName, open] of Object.entries(clients)) {
  for (const [serverName, listening] of Object.entries(servers)) {
    const [bulks, each]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      bulks.push(await bulk(listening, open));
      each.push(await shakes(listening, open));
    }
    const speed = `${((megabytes * 1000) / median(bulks)).toFixed(0)} MiB/s`;
    console.log(`client ${clientName}, server ${serverName}: ${speed}, ${median(each).toFixed(2)} ms a handshake`);
  }
}
process.exit();
