import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Wire } from "@tlskit/testing";

/** A TCP connection on this machine, both ends of it. */
export interface TcpPair {
  readonly client: Socket;
  readonly server: Socket;
  /** Resets it. */
  cut(): void;
}

/** Something that listens, and can be asked for the connections that came. */
class Listener {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Listener> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Listener(server);
  }

  /** One connection to it; then it listens no more. */
  async only(): Promise<readonly [client: Socket, server: Socket]> {
    const { port } = this.#server.address() as AddressInfo; // it listens on a port, so it has one
    const client = quiet(connect({ host: "127.0.0.1", port, allowHalfOpen: true, noDelay: true }));
    const [server] = (await once(this.#server, "connection")) as [Socket];
    this.#server.close();
    return [client, quiet(server)];
  }
}

/** Errors come to whoever reads or writes. */
function quiet(socket: Socket): Socket {
  return socket.on("error", () => undefined);
}

/** A connection, with a wire in the middle if there is one. */
export async function tcpPair(wire: Wire | undefined): Promise<TcpPair> {
  const [client, atServer] = await (await Listener.start()).only();
  if (wire === undefined) return { client, server: atServer, cut: () => void client.resetAndDestroy() };
  const [toServer, server] = await (await Listener.start()).only();
  lead(atServer, toServer, (bytes) => wire("client", bytes));
  lead(toServer, atServer, (bytes) => wire("server", bytes));
  return {
    client,
    server,
    cut: () => {
      atServer.destroy();
      toServer.destroy();
    },
  };
}

/** Without back-pressure: wires are for few bytes. */
function lead(from: Socket, to: Socket, change: (bytes: Uint8Array) => Uint8Array): void {
  from.on("data", (bytes: Uint8Array) => {
    const changed = change(bytes);
    if (changed.length > 0) to.write(changed);
  });
  from.on("end", () => to.end());
  from.on("close", () => to.destroy());
}
