/**
 * How long connections take, ours and Deno's own at either end, in one process: medians of several. Run by
 * `pnpm --filter @tlskit/deno speed`.
 */
import { nodeProvider } from "@tlskit/crypto-node";
import { opensslProvider } from "@tlskit/crypto-openssl";
import { connectTls, createClientContext, createServerContext, listenTls } from "../../src/index.ts";
import { identity, serverPem, trusting } from "./world.ts";

const rounds = 5;
const megabytes = 32;
const handshakes = 40;

const provider = Deno.args.includes("openssl") ? opensslProvider() : nodeProvider;
const context = createServerContext({ ...identity, provider });
const clientContext = createClientContext({ caCerts: [serverPem.ca], provider });
console.log(`by ${provider.name}:`);

const servers = {
  ours: () => listenTls({ port: 0, hostname: "127.0.0.1", context }),
  "Deno's": () => Deno.listenTls({ port: 0, hostname: "127.0.0.1", ...identity }),
};
const clients = {
  ours: (port: number): Promise<Deno.TlsConn> => connectTls({ hostname: "localhost", port, context: clientContext }),
  "Deno's": (port: number): Promise<Deno.TlsConn> => Deno.connectTls({ ...trusting, port }),
};

async function bulk(client: Deno.TlsConn, server: Deno.TlsConn): Promise<number> {
  const piece = new Uint8Array(64 * 1024);
  const total = megabytes * 1024 * 1024;
  const begun = performance.now();
  const writing = (async () => {
    for (let sent = 0; sent < total; ) sent += await client.write(piece);
  })();
  const into = new Uint8Array(64 * 1024);
  for (let got = 0; got < total; ) got += (await server.read(into)) ?? total;
  await writing;
  return performance.now() - begun;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

for (const [clientName, connect] of Object.entries(clients)) {
  for (const [serverName, listen] of Object.entries(servers)) {
    using listener = listen();
    const both = async (): Promise<[Deno.TlsConn, Deno.TlsConn]> => {
      const accepting = listener.accept();
      const client = await connect(listener.addr.port);
      const server = await accepting;
      await Promise.all([client.handshake(), server.handshake()]);
      return [client, server];
    };
    const [bulks, shakes]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const [client, server] = await both();
      bulks.push(await bulk(client, server));
      client.close();
      server.close();
      const begun = performance.now();
      for (let i = 0; i < handshakes; i += 1) for (const conn of await both()) conn.close();
      shakes.push((performance.now() - begun) / handshakes);
    }
    const speed = `${((megabytes * 1000) / median(bulks)).toFixed(0)} MiB/s`;
    console.log(`client ${clientName}, server ${serverName}: ${speed}, ${median(shakes).toFixed(2)} ms a handshake`);
  }
}
