import { type ByteStream, relayStream } from "@tlskit/web";
import { Queue } from "../../peers/queue.ts";

/** TCP on this machine as streams, by whatever the runtime has for that. */
export interface TcpStreams {
  connect(port: number): Promise<ByteStream>;
  readonly listen: string | (() => Promise<ListeningStreams>);
}

export interface ListeningStreams {
  readonly port: number;
  next(): Promise<ByteStream>;
  close(): void;
}

const hostname = "127.0.0.1";

/** As much of Deno as is used. */
interface DenoNet {
  connect(address: { hostname: string; port: number }): Promise<DenoConn>;
  listen(address: { hostname: string; port: number }): {
    readonly addr: { readonly port: number };
    accept(): Promise<DenoConn>;
    close(): void;
  };
}

interface DenoConn {
  setNoDelay(): void;
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
}

function ofDeno(deno: DenoNet): TcpStreams {
  return {
    connect: async (port) => denoStreams(await deno.connect({ hostname, port })),
    listen: async () => {
      const listener = deno.listen({ hostname, port: 0 });
      return {
        port: listener.addr.port,
        next: async () => denoStreams(await listener.accept()),
        close: () => listener.close(),
      };
    },
  };
}

/** The streams that a `Deno.Conn` has itself close it where the peer's data end, though there may be something to send yet. */
function denoStreams(conn: DenoConn): ByteStream {
  conn.setNoDelay();
  const room = new Uint8Array(65_536);
  return {
    readable: new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const length = await conn.read(room);
        if (length === null) controller.close();
        else controller.enqueue(room.slice(0, length));
      },
      cancel: () => conn.close(),
    }),
    writable: new WritableStream<Uint8Array>({
      write: async (bytes) => {
        for (let at = 0; at < bytes.length; ) at += await conn.write(bytes.subarray(at));
      },
      close: () => conn.closeWrite(),
      abort: () => conn.close(),
    }),
  };
}

const ofWorkers: TcpStreams = {
  connect: async (port) => {
    const { connect } = await import("cloudflare:sockets");
    return connect({ hostname, port }, { secureTransport: "off", allowHalfOpen: true });
  },
  listen: "a Worker gets requests and WebSockets, and can't listen for connections",
};

/** Node's streams as the web's. */
const ofNode: TcpStreams = {
  connect: async (port) => {
    const { connect } = await import("node:net");
    const socket = connect({ host: hostname, port, allowHalfOpen: true, noDelay: true });
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return await asStreams(socket);
  },
  listen: async () => {
    const { createServer } = await import("node:net");
    const streams = new Queue<Promise<ByteStream>>();
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => streams.put(asStreams(socket)));
    await new Promise<void>((resolve) => server.listen(0, hostname, resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new TypeError("it listens on a port");
    return { port: address.port, next: async () => await streams.take(), close: () => void server.close() };
  },
};

async function asStreams(socket: import("node:net").Socket): Promise<ByteStream> {
  const { Readable, Writable } = await import("node:stream");
  // A socket brings bytes, which its type doesn't say.
  const readable = Readable.toWeb(socket) as ByteStream["readable"];
  return { readable, writable: Writable.toWeb(socket) };
}

/** Pages have no TCP of their own. */
function ofPages(relay: string): TcpStreams {
  return {
    connect: (port) => relayStream(relay, { host: hostname, port }),
    listen: "a page can't listen for connections",
  };
}

/** @param relay that leads pages to ports of this machine. */
export function tcpStreams(relay: string | undefined): TcpStreams {
  const { Deno } = globalThis as { readonly Deno?: DenoNet }; // as its documentation has it
  if (relay !== undefined) return ofPages(relay);
  if (Deno !== undefined) return ofDeno(Deno);
  if (globalThis.navigator?.userAgent === "Cloudflare-Workers") return ofWorkers;
  return ofNode;
}
