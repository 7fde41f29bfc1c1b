import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { Relay, type RelayEvent, type RelayOptions } from "@tlskit/relay";
import { Page } from "./page.ts";

export const origin = "https://app.example";

/** A target that does what a test says with each connection. */
export class TargetServer {
  readonly #server: Server;
  readonly name: string;
  readonly connections: readonly Socket[];

  private constructor(server: Server, name: string, connections: readonly Socket[]) {
    this.#server = server;
    this.name = name;
    this.connections = connections;
  }

  static async start(serve: (socket: Socket) => void): Promise<TargetServer> {
    const connections: Socket[] = [];
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      connections.push(socket);
      socket.on("error", () => {});
      serve(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    return new TargetServer(server, `127.0.0.1:${typeof address === "object" && address?.port}`, connections);
  }

  stop(): void {
    for (const socket of this.connections) socket.destroy();
    this.#server.close();
  }
}

/** A relay to a target, and what it told. */
export class RelayPlace {
  readonly relay: Relay;
  readonly target: TargetServer;
  readonly port: number;
  readonly events: RelayEvent[];

  private constructor(relay: Relay, target: TargetServer, port: number, events: RelayEvent[]) {
    this.relay = relay;
    this.target = target;
    this.port = port;
    this.events = events;
  }

  static async start(serve: (socket: Socket) => void, options: Partial<RelayOptions> = {}): Promise<RelayPlace> {
    const target = await TargetServer.start(serve);
    const events: RelayEvent[] = [];
    const told = (event: RelayEvent) => events.push(event);
    const relay = new Relay({ targets: [target.name], origins: [origin], told, ...options });
    const { port } = await relay.listen(0, "127.0.0.1");
    return new RelayPlace(relay, target, port, events);
  }

  url(target: string = this.target.name): string {
    return `ws://127.0.0.1:${this.port}/${target}`;
  }

  /** A page that has connected, with the protocol of credits unless told otherwise. */
  page(protocol: string | undefined = "tlskit-relay"): Promise<Page> {
    return new Page(this.url(), protocol, origin).open();
  }

  /** A page that has connected, without the protocol of credits. */
  plainPage(): Promise<Page> {
    return new Page(this.url(), undefined, origin).open();
  }

  async stop(): Promise<void> {
    this.target.stop();
    await this.relay.close();
  }
}

export function echo(socket: Socket): void {
  socket.pipe(socket);
}
