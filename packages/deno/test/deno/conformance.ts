/** What every transport is held to, over connections of Deno's. */
import { nodeProvider } from "@tlskit/crypto-node";
import { createWebProvider } from "@tlskit/crypto-web";
import { type TransportSocket, transportConformance } from "@tlskit/testing";
import { close, type Pair, pair } from "./world.ts";

/** Read and written to by calls. */
function byCalls(conn: Pair["client"] | Pair["server"], alpnProtocol: string | null): TransportSocket {
  const buffer = new Uint8Array(50_000);
  return {
    alpnProtocol: alpnProtocol ?? undefined,
    write: async (data) => void (await conn.write(data)),
    read: async () => {
      const length = await conn.read(buffer);
      return length === null ? undefined : buffer.slice(0, length);
    },
    end: () => conn.closeWrite(),
    destroy: () => conn.close(),
  };
}

/** Read and written to as streams. */
function byStreams(conn: Pair["client"] | Pair["server"], alpnProtocol: string | null): TransportSocket {
  const [reader, writer] = [conn.readable.getReader(), conn.writable.getWriter()];
  for (const promise of [reader.closed, writer.closed, writer.ready]) promise.catch(() => undefined);
  return {
    alpnProtocol: alpnProtocol ?? undefined,
    write: (data) => writer.write(data),
    read: async () => (await reader.read()).value,
    end: () => writer.close(),
    destroy: () => conn.close(),
  };
}

const ways = [
  { provider: nodeProvider, socketOf: byCalls },
  { provider: nodeProvider, socketOf: byStreams },
  // One that answers everything later.
  { provider: await createWebProvider(crypto.subtle), socketOf: byCalls },
];

for (const { provider, socketOf } of ways) {
  const pairs: Pair[] = [];
  const cases = transportConformance(async ({ alpnProtocols }) => {
    const options = { provider, alpnProtocols };
    const made = await pair(options, options);
    pairs.push(made);
    const [client, server] = await Promise.all([made.client.handshake(), made.server.handshake()]);
    return {
      client: socketOf(made.client, client.alpnProtocol),
      server: socketOf(made.server, server.alpnProtocol),
      cut: () => made.rawClient.close(),
    };
  });
  for (const { name, run } of cases) {
    const way = `${socketOf === byCalls ? "by calls" : "by streams"}, by ${provider.name}`;
    // What WebCrypto was asked for, and nobody waits for any more, may still be under way at the end.
    Deno.test({ name: `${name}, ${way}`, sanitizeOps: provider === nodeProvider }, async () => {
      await run();
      await close(...pairs.splice(0).flatMap(({ client, server }) => [client, server]));
    });
  }
}
