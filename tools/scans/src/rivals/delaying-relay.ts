import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** What went through a relay. */
export interface Traffic {
  readonly connections: number;
  readonly octetsToServer: number;
  readonly octetsToClient: number;
}

/**
 * Stands in front of a server on this machine as if it were far away: what is sent arrives half a round trip later, and a
 * connection takes a whole one before anything can be sent.
 */
export class DelayingRelay {
  readonly port: number;
  readonly #server: Server;
  readonly #target: number;
  readonly #roundTrip: number;
  readonly #sockets = new Set<Socket>();
  #connections = 0;
  #octetsToServer = 0;
  #octetsToClient = 0;

  private constructor(server: Server, target: number, roundTrip: number) {
    this.#server = server;
    this.#target = target;
    this.#roundTrip = roundTrip;
    this.port = (server.address() as AddressInfo).port; // it listens on a port, so it has one
    server.on("connection", (client) => this.#relay(client));
  }

  /** @param roundTrip in milliseconds. */
  static async before(target: number, roundTrip: number): Promise<DelayingRelay> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await once(server.listen(0, "127.0.0.1"), "listening");
    return new DelayingRelay(server, target, roundTrip);
  }

  get traffic(): Traffic {
    return {
      connections: this.#connections,
      octetsToServer: this.#octetsToServer,
      octetsToClient: this.#octetsToClient,
    };
  }

  #relay(client: Socket): void {
    this.#connections += 1;
    const server = connect({ host: "127.0.0.1", port: this.#target, allowHalfOpen: true, noDelay: true });
    for (const socket of [client, server]) this.#sockets.add(socket.on("close", () => this.#sockets.delete(socket)));
    // A client far away had waited for a round trip before it sent anything; this one thinks that it is connected at once.
    this.#carry(client, server, this.#roundTrip, (octets) => {
      this.#octetsToServer += octets;
    });
    this.#carry(server, client, 0, (octets) => {
      this.#octetsToClient += octets;
    });
  }

  /** Carries everything one way, the end and a reset too, in order. */
  #carry(from: Socket, to: Socket, connecting: number, count: (octets: number) => void): void {
    const earliest = performance.now() + connecting + this.#roundTrip / 2;
    const underway: (() => void)[] = [];
    const later = (arrive: () => void): void => {
      underway.push(arrive);
      const delay = Math.max(earliest - performance.now(), this.#roundTrip / 2);
      setTimeout(() => underway.shift()?.(), delay);
    };
    from.on("data", (octets) => {
      count(octets.length);
      later(() => to.write(octets));
    });
    from.on("end", () => later(() => to.end()));
    from.on("error", () => later(() => to.destroy()));
    from.on("close", () => later(() => to.destroySoon()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, "close");
  }
}
