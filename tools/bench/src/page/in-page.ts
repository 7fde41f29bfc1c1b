/** What is measured in a page, by the clock that pages have. */
import { nobleProvider } from "@tlskit/crypto-noble";
import { createWebProvider } from "@tlskit/crypto-web";
import { type ClientContext, trustAnchorsFromPem } from "@tlskit/tls";
import { type ByteStream, connect, createClientContext, relayStream } from "@tlskit/web";

/** How a page connects: by nothing but the WebSocket, with TLS of its own browser's, or with ours by a provider. */
export type Way = "the WebSocket alone" | "the browser" | "crypto-web" | "noble";

/** Whom it connects to. */
export interface Places {
  /** In PEM. */
  readonly authority: string;
  /** `ws://HOST:PORT` */
  readonly relay: string;
  /** The server's, for `localhost`. */
  readonly port: number;
  /** Bytes of what it has to give. */
  readonly size: number;
}

/** What the page's connections have in common, made for its first one. */
let context: Promise<ClientContext> | undefined;

async function makeContext(way: Way, authority: string): Promise<ClientContext> {
  const provider = way === "noble" ? nobleProvider : await createWebProvider(crypto.subtle);
  return await createClientContext({ provider, anchors: trustAnchorsFromPem(authority) });
}

async function opened(way: Way, { authority, relay, port }: Places): Promise<ByteStream & { close?(): Promise<void> }> {
  const stream = await relayStream(relay, { host: "localhost", port });
  if (way === "the WebSocket alone") return stream;
  context ??= makeContext(way, authority);
  const socket = connect(stream, await context, { host: "localhost" });
  await socket.opened;
  return socket;
}

/** Milliseconds until a connection is there. */
export async function connecting(way: Way, places: Places): Promise<number> {
  const begun = performance.now();
  const socket = await opened(way, places);
  const taken = performance.now() - begun;
  if (socket.close !== undefined) await socket.close();
  else await socket.writable.abort();
  return taken;
}

/** Milliseconds until what the server has to give is there, over a connection that is made for it. */
export async function downloading(way: Way, places: Places): Promise<number> {
  const begun = performance.now();
  const got = way === "the browser" ? await byFetch(places) : await byHttp(await opened(way, places));
  const taken = performance.now() - begun;
  if (got < places.size) throw new Error(`${got} bytes came, not ${places.size}`);
  return taken;
}

async function byFetch({ port }: Places): Promise<number> {
  const response = await fetch(`https://localhost:${port}/`, { cache: "no-store" });
  return (await response.arrayBuffer()).byteLength;
}

async function byHttp({ readable, writable }: ByteStream): Promise<number> {
  const writer = writable.getWriter();
  await writer.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
  let got = 0;
  for (const reader = readable.getReader(); ; ) {
    const { value } = await reader.read();
    if (value === undefined) break;
    got += value.length;
  }
  await writer.close();
  return got;
}
