import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** Listens, and says nothing to whoever comes. */
export class SilentServer {
  readonly #server = createServer((socket) => this.#sockets.add(socket.resume().on("error", () => undefined)));
  readonly #sockets = new Set<Socket>();

  static async listen(): Promise<SilentServer> {
    const silent = new SilentServer();
    await once(silent.#server.listen(0, "127.0.0.1"), "listening");
    return silent;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // it listens
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
