import { connect } from "cloudflare:sockets";
import type { Wire } from "@tlskit/testing";
import type { PlainSocket } from "@tlskit/web/cloudflare";
import { tokenLength } from "../../peers/joiner.ts";
import type { StreamPair } from "../../peers/web.ts";

/**
 * Both ends of a TCP connection: a Worker can't listen, so it makes two, which somebody joins.
 * @param port of whoever joins connections that begin with the same bytes.
 */
export async function joinedPair(port: number, wire: Wire | undefined): Promise<StreamPair> {
  const token = crypto.getRandomValues(new Uint8Array(tokenLength));
  const [client, server] = await Promise.all([opened(port, token), opened(port, token)]);
  return {
    client: { readable: changed(client, "server", wire), writable: client.writable },
    server: { readable: changed(server, "client", wire), writable: server.writable },
    cut: () => {
      for (const socket of [client, server]) socket.close().catch(() => {});
    },
  };
}

async function opened(port: number, token: Uint8Array): Promise<PlainSocket> {
  const socket = connect({ hostname: "127.0.0.1", port }, { secureTransport: "off", allowHalfOpen: true });
  socket.closed.catch(() => {});
  const writer = socket.writable.getWriter();
  await writer.write(token);
  writer.releaseLock();
  return socket;
}

function changed(
  { readable }: PlainSocket,
  from: "client" | "server",
  wire: Wire | undefined,
): ReadableStream<Uint8Array> {
  if (wire === undefined) return readable;
  const transform = (bytes: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>): void => {
    const after = wire(from, bytes);
    if (after.length > 0) controller.enqueue(after);
  };
  return readable.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({ transform }));
}
