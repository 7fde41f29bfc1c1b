import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { pcapFile, RecordedConnection, type RecordedPacket, type RecordedSender } from "@tlskit/testing";

/** Stands between clients and a server on this machine, and records what they send to each other as a capture. */
export class RecordingRelay {
  readonly port: number;
  readonly packets: RecordedPacket[] = [];
  readonly #server: Server;
  readonly #target: number;
  #count = 0;
  #open = 0;
  #idle: () => void = () => undefined;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    this.port = (server.address() as AddressInfo).port; // it listens on a port, so it has one
    server.on("connection", (client) => this.#relay(client));
  }

  static async before(port: number): Promise<RecordingRelay> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await once(server.listen(0, "127.0.0.1"), "listening");
    return new RecordingRelay(server, port);
  }

  #relay(client: Socket): void {
    const server = connect({ host: "127.0.0.1", port: this.#target, allowHalfOpen: true, noDelay: true });
    const connection = new RecordedConnection({
      client: { address: Uint8Array.of(127, 0, 0, 1), port: 50_000 + this.#count },
      server: { address: Uint8Array.of(127, 0, 0, 1), port: this.#target },
      clock: () => BigInt(Date.now()) * 1_000_000n,
      packets: this.packets,
    });
    this.#count += 1;
    this.#open += 1;
    const pass = (sender: RecordedSender, from: Socket, to: Socket): void => {
      from.on("data", (bytes: Uint8Array) => {
        connection.send(sender, bytes);
        to.write(bytes);
      });
      from.on("end", () => {
        connection.finish(sender);
        to.end();
      });
      // Whoever hangs up is passed on as that.
      from.on("error", () => to.destroy());
    };
    pass("client", client, server);
    pass("server", server, client);
    void Promise.all([client, server].map((socket) => new Promise((closed) => socket.on("close", closed)))).then(() => {
      this.#open -= 1;
      this.#idle();
    });
  }

  /** The capture as a file of pcap, when all connections have ended. */
  async capture(): Promise<Uint8Array> {
    this.#server.close();
    while (this.#open > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    return pcapFile(this.packets);
  }
}
