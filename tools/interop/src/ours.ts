import { randomFillSync } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { nodeProvider } from "@tlskit/crypto-node";
import { accept, connect, type SocketInfo, type TlsSocket } from "@tlskit/node";
import {
  ClientContext,
  type ClientOptions,
  checkRevocation,
  PskClientContext,
  type PskClientOptions,
  resumption,
  ServerContext,
  type ServerOptions,
  TlsError,
  type TraceEvent,
} from "@tlskit/tls";
import { Arrivals, patience } from "./arrivals.ts";
import type { OurSide } from "./peer.ts";

/** Our end of a connection, with what it received and traced. */
export class OurEnd implements OurSide {
  readonly socket: TlsSocket;
  readonly trace: TraceEvent[];
  /** When it is closed: the error that ended it, if any did. */
  readonly closed: Promise<Error | undefined>;
  readonly #arrivals = new Arrivals();
  #error: Error | undefined;

  constructor(open: (trace: (event: TraceEvent) => void) => TlsSocket) {
    const events: TraceEvent[] = [];
    this.trace = events;
    this.socket = open((event) => {
      events.push(event);
      this.#arrivals.changed();
    });
    this.socket.on("data", (data: Uint8Array) => this.#arrivals.add(data));
    this.socket.on("error", (error) => {
      this.#error = error;
    });
    this.closed = new Promise((resolve) => {
      this.socket.on("close", () => {
        this.#arrivals.end(this.#error);
        resolve(this.#error);
      });
    });
  }

  /** What was negotiated, when the handshake is done. */
  established(): Promise<SocketInfo> {
    return this.socket.established;
  }

  send(text: string): void {
    this.socket.write(text, "latin1");
  }

  receive(text: string): Promise<void> {
    return this.#arrivals.receive(text);
  }

  /** Waits for something about this end. */
  until(what: string, reached: () => boolean): Promise<void> {
    return this.#arrivals.until(what, reached);
  }

  /** How many messages of a type went in a direction. */
  messages(direction: "sent" | "received", name: string): number {
    return this.trace.filter(
      (event) => event.type === "message" && event.direction === direction && event.messageType.name === name,
    ).length;
  }

  /** Ends our side; gives the error with which it closed, if any. */
  async end(): Promise<Error | undefined> {
    this.socket.end();
    return await this.closed;
  }

  /** The TLS error that it is closed by. */
  async failure(): Promise<TlsError> {
    const error = await this.closed;
    if (error instanceof TlsError) return error;
    throw error ?? new Error("it closed in order");
  }
}

/** What is the same in all contexts. */
export const common: Pick<ClientOptions & ServerOptions, "provider" | "random" | "clock"> = {
  provider: nodeProvider,
  random: (length) => randomFillSync(new Uint8Array(length)),
  clock: Date.now,
};

const whenAvailable = checkRevocation({ mode: "when_available", certificates: "chain" });

export type OurClientOptions = Partial<ClientOptions> & Pick<ClientOptions, "anchors">;
export type OurServerOptions = Partial<ServerOptions> & Pick<ServerOptions, "certificates">;

/** Connects to a port of this machine, as to `host`. */
export function ourClient(port: number, options: OurClientOptions, host: string = "localhost"): OurEnd {
  const context = new ClientContext({ resumption, ...common, revocation: whenAvailable, ...options });
  return new OurEnd((trace) => connect({ host: "127.0.0.1", port, servername: host, context, trace }));
}

/** Connects to a port of this machine, which has one of these pre-shared keys. */
export function ourPskClient(
  port: number,
  options: Partial<PskClientOptions> & Pick<PskClientOptions, "externalPsks">,
): OurEnd {
  const context = new PskClientContext({ resumption, ...common, ...options });
  return new OurEnd((trace) => connect({ host: "127.0.0.1", port, servername: "localhost", context, trace }));
}

/** Our server on a free port of this machine. */
export class OurServer {
  readonly port: number;
  readonly #tcp: TcpServer;
  readonly #ends: OurEnd[] = [];
  #arrived: (() => void) | undefined;

  private constructor(tcp: TcpServer, options: OurServerOptions) {
    this.#tcp = tcp;
    this.port = (tcp.address() as AddressInfo).port; // it listens on a port, so it has one
    const context = new ServerContext({ ...common, ...options });
    tcp.on("connection", (raw) => {
      this.#ends.push(new OurEnd((trace) => accept(raw, { context, trace })));
      this.#arrived?.();
    });
  }

  static async listen(options: OurServerOptions): Promise<OurServer> {
    const tcp = createTcpServer({ allowHalfOpen: true, noDelay: true });
    tcp.listen(0, "127.0.0.1");
    await once(tcp, "listening");
    return new OurServer(tcp, options);
  }

  /** The next connection, whose handshake may not be done. */
  async accept(): Promise<OurEnd> {
    for (;;) {
      const end = this.#ends.shift();
      if (end !== undefined) return end;
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`waited ${patience} ms for a connection`)), patience);
        this.#arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  close(): void {
    this.#tcp.close();
    for (const end of this.#ends) end.socket.destroy();
  }
}
