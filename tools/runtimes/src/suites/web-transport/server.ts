/**
 * Run by Deno: a server of WebTransport. Under `/echo` each stream is TLS, ended here, and comes back; under `/joined` each is
 * joined to the next one, with nobody in between.
 */
import { certificatesFromPem, privateKeyFromPem } from "@tlskit/tls";
import { accept, type ByteStream, createServerContext } from "@tlskit/web";
import type { Identities } from "./suite.ts";

/** What is used of Deno, whose types aren't those of pages. */
declare const Deno: {
  readonly args: readonly string[];
  readTextFileSync(path: string): string;
  readonly QuicEndpoint: new (options: {
    readonly hostname: string;
  }) => {
    readonly addr: { readonly port: number };
    listen(options: { readonly cert: string; readonly key: string; readonly alpnProtocols: readonly string[] }): {
      incoming(): Promise<{ accept(): Promise<QuicConnection> }>;
    };
  };
  upgradeWebTransport(connection: QuicConnection): Promise<WebTransport & { readonly url: string }>;
};

declare const quicConnection: unique symbol;
interface QuicConnection {
  readonly [quicConnection]: true;
}

const [path = ""] = Deno.args;
const { quic, tls }: Identities = JSON.parse(Deno.readTextFileSync(path));
const key = privateKeyFromPem(tls.key);
const context = await createServerContext({
  certificates: [{ chain: certificatesFromPem(tls.certificates).certificates, key }],
});

async function echo(streams: AsyncIterable<ByteStream>): Promise<void> {
  for await (const stream of streams) {
    const { readable, writable } = accept(stream, context);
    readable.pipeTo(writable).catch(() => undefined);
  }
}

async function join(streams: AsyncIterable<ByteStream>): Promise<void> {
  let first: ByteStream | undefined;
  for await (const stream of streams) {
    await announced(stream);
    if (first === undefined) {
      first = stream;
      continue;
    }
    first.readable.pipeTo(stream.writable).catch(() => undefined);
    stream.readable.pipeTo(first.writable).catch(() => undefined);
    first = undefined;
  }
}

/** A stream isn't there before something has come on it: the page sends a byte, and gets one. */
async function announced({ readable, writable }: ByteStream): Promise<void> {
  const [reader, writer] = [readable.getReader(), writable.getWriter()];
  await reader.read();
  await writer.write(Uint8Array.of(0));
  reader.releaseLock();
  writer.releaseLock();
}

const endpoint = new Deno.QuicEndpoint({ hostname: "127.0.0.1" });
const listener = endpoint.listen({ cert: quic.certificates, key: quic.key, alpnProtocols: ["h3"] });
console.log(`listening on ${endpoint.addr.port}`);
for (;;) {
  const incoming = await listener.incoming();
  const serve = async (): Promise<void> => {
    const session = await Deno.upgradeWebTransport(await incoming.accept());
    const streams = session.incomingBidirectionalStreams as unknown as AsyncIterable<ByteStream>; // as its types have it not
    await (new URL(session.url).pathname === "/echo" ? echo(streams) : join(streams));
  };
  serve().catch(() => undefined);
}
