import { once } from "node:events";
import type { Socket } from "node:net";
import { finished } from "node:stream/promises";
import { nodeProvider } from "@tlskit/crypto-node";
import { createServer, type TlsSocket as NodeSocket } from "@tlskit/node";
import { Relay } from "@tlskit/relay";
import { type TransportPair, type TransportSocket, throwawayPki, transportConformance } from "@tlskit/testing";
import { connect, createClientContext, relayStream } from "@tlskit/web";
import { afterAll, describe, test } from "vitest";

const host = "db.example";
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const pki = throwawayPki(nodeProvider, random, host, Date.now());
const ended: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of ended) await end();
});

/** To a server of TCP, from a page's side with credits. Both ends in a page, with credits and without: `tools/runtimes`. */
describe("what every transport is held to, through a relay", () => {
  const cases = transportConformance(async ({ alpnProtocols }): Promise<TransportPair> => {
    const server = createServer({ certificates: [pki.certificate], alpnProtocols, allowHalfOpen: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { readonly port: number };
    const relay = new Relay({ targets: [`127.0.0.1:${port}`], origins: [], allowWithoutOrigin: true });
    const { port: relayPort } = await relay.listen(0, "127.0.0.1");
    ended.push(
      () => server.close(),
      () => relay.close(),
    );
    const [raw, accepted] = [once(server, "connection"), once(server, "secureConnection")];
    const stream = await relayStream(`ws://127.0.0.1:${relayPort}`, { host: "127.0.0.1", port });
    const context = await createClientContext({ anchors: pki.anchors, provider: nodeProvider, alpnProtocols });
    const client = connect(stream, context, { host });
    await client.opened;
    const [rawServer]: Socket[] = await raw;
    const [socket]: NodeSocket[] = await accepted;
    if (rawServer === undefined || socket === undefined) throw new Error("nobody came");
    return {
      client: pageSocket(client),
      server: nodeSocket(socket),
      cut: () => {
        rawServer.resetAndDestroy();
      },
    };
  });
  test.each(cases)("$name", { timeout: 60_000 }, async ({ run }) => {
    await run();
  });
});

function pageSocket(socket: ReturnType<typeof connect>): TransportSocket {
  const reader = socket.readable.getReader();
  const writer = socket.writable.getWriter();
  for (const promise of [reader.closed, writer.closed, socket.closed]) promise.catch(() => undefined);
  return {
    alpnProtocol: socket.info?.alpnProtocol,
    write: (data) => writer.write(data),
    read: async () => (await reader.read()).value,
    end: () => writer.close(),
    destroy: () => void socket.close(),
  };
}

function nodeSocket(socket: NodeSocket): TransportSocket {
  const reading = socket.iterator({ destroyOnReturn: false });
  socket.on("error", () => undefined);
  finished(socket).catch(() => undefined);
  return {
    alpnProtocol: socket.alpnProtocol === false ? undefined : (socket.alpnProtocol ?? undefined),
    async write(data) {
      if (socket.writableEnded) throw new Error("the socket was ended");
      await new Promise<void>((resolve, reject) => {
        socket.write(data, (error) => (error ? reject(error) : resolve()));
      });
    },
    async read() {
      if (socket.errored !== null) throw socket.errored;
      const { done, value } = await reading.next();
      return done === true ? undefined : value;
    },
    end: () => new Promise<void>((resolve) => socket.end(() => resolve())),
    destroy: () => void socket.destroy(),
  };
}
