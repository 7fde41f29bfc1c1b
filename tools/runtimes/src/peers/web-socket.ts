import type { Wire } from "@tlskit/testing";
import { type ByteStream, webSocketStream } from "@tlskit/web";
import { relayPath } from "@tlskit/web/relay-protocol";
import { tokenLength } from "./joiner.ts";
import type { StreamPair } from "./web.ts";
import { wired } from "./wired.ts";

/** A relay on this machine, and whom it leads to: somebody who joins connections. */
export interface JoiningRelay {
  /** `ws:` */
  readonly url: string;
  readonly port: number;
}

/** A WebSocket of any kind, which can be closed. */
export type AnyWebSocket = Parameters<typeof webSocketStream>[0];

/** Both ends over a WebSocket each, through a relay. */
export async function relayedPair(
  { url, port }: JoiningRelay,
  open: (url: string) => AnyWebSocket,
  wire: Wire | undefined,
): Promise<StreamPair> {
  const token = crypto.getRandomValues(new Uint8Array(tokenLength));
  const sockets = [open(url + relayPath("127.0.0.1", port)), open(url + relayPath("127.0.0.1", port))] as const;
  const [client, server] = await Promise.all([begun(sockets[0], token), begun(sockets[1], token)]);
  const pair = {
    client,
    server,
    cut: () => {
      for (const socket of sockets) socket.close();
    },
  };
  return wire === undefined ? pair : wired(pair, wire);
}

async function begun(socket: AnyWebSocket, token: Uint8Array<ArrayBuffer>): Promise<ByteStream> {
  const stream = await webSocketStream(socket);
  const writer = stream.writable.getWriter();
  await writer.write(token);
  writer.releaseLock();
  return stream;
}
