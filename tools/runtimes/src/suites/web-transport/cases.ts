import { createWebProvider } from "@tlskit/crypto-web";
import type { Wire } from "@tlskit/testing";
import { type ClientInfo, TlsError, trustAnchorsFromPem } from "@tlskit/tls";
import { type ByteStream, connect, createClientContext, type TlsSocket } from "@tlskit/web";
import { callerError, concat, equalBytes } from "@tlskit/wire";
import { behaviour } from "../../peers/behaviour.ts";
import { type StreamPair, webPeers } from "../../peers/web.ts";
import type { Case, Cases } from "../../suite.ts";
import type { Given } from "./suite.ts";

export const cases: Cases<Given> = async (given) => [
  ...behaviour(webPeers(await createWebProvider(crypto.subtle), (wire) => joined(given, wire))),
  ...toServer(given),
];

/** Two streams of a session, which the server has joined. */
async function joined(given: Given, wire: Wire | undefined): Promise<StreamPair> {
  const session = await opened(given, "/joined");
  const [client, server] = [await announced(session), await announced(session)];
  return {
    client: wire === undefined ? client : altered(client, (bytes) => wire("client", bytes)),
    server: wire === undefined ? server : altered(server, (bytes) => wire("server", bytes)),
    cut: () => session.close(),
  };
}

/** What is written is changed on its way. */
function altered({ readable, writable }: ByteStream, change: (bytes: Uint8Array) => Uint8Array): ByteStream {
  const altering = new TransformStream<Uint8Array, Uint8Array>({
    transform: (bytes, controller) => controller.enqueue(change(bytes)),
  });
  altering.readable.pipeTo(writable).catch(() => undefined);
  return { readable, writable: altering.writable };
}

/** The server sees a stream when something comes on it: a byte, which it answers. */
async function announced(session: WebTransport): Promise<ByteStream> {
  const { readable, writable } = await session.createBidirectionalStream();
  const [reader, writer] = [readable.getReader(), writable.getWriter()];
  await writer.write(Uint8Array.of(0));
  await reader.read();
  reader.releaseLock();
  writer.releaseLock();
  return { readable, writable };
}

async function opened({ url, certificateHash }: Given, path: string): Promise<WebTransport> {
  const value = Uint8Array.from(certificateHash);
  const session = new WebTransport(url + path, { serverCertificateHashes: [{ algorithm: "sha-256", value }] });
  session.closed.catch(() => undefined);
  await session.ready;
  return session;
}

/** A page's client and the server that Deno is. */
function toServer(given: Given): readonly Case[] {
  const client = async (authorities: string): Promise<TlsSocket<ClientInfo>> => {
    const session = await opened(given, "/echo");
    const context = await createClientContext({ anchors: trustAnchorsFromPem(authorities) });
    return connect(await session.createBidirectionalStream(), context, { host: "localhost" });
  };
  return [
    {
      name: "a server in Deno gives back what a page sends, and ends in order",
      run: async () => {
        const { readable, writable, closed } = await client(given.authorities);
        const sent = new Uint8Array(1_000_000).fill(7);
        const writer = writable.getWriter();
        const sending = writer.write(sent).then(() => writer.close());
        const chunks: Uint8Array[] = [];
        const reader = readable.getReader();
        for (let read = await reader.read(); !read.done; read = await reader.read()) chunks.push(read.value);
        if (!equalBytes(concat(...chunks), sent)) throw callerError("web_transport", "other data came back");
        await Promise.all([sending, closed]);
      },
    },
    {
      name: "a page refuses a server in Deno that it doesn't trust",
      run: async () => {
        const socket = await client(given.strangers);
        const error = await socket.opened.then(
          () => undefined,
          (failed: unknown) => failed,
        );
        // The two authorities have one name.
        if (!(error instanceof TlsError && error.code === "certificate_bad_signature")) throw error;
      },
    },
  ];
}
