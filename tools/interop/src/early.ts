import { once } from "node:events";
import { type AddressInfo, connect as connectTcp, createServer, type Socket, type Server as TcpServer } from "node:net";
import {
  ClientContext,
  type ClientInfo,
  type ConnectionHandlers,
  type EarlyDataOutcome,
  resumption,
  ServerContext,
  type ServerInfo,
  TlsClient,
  type TlsError,
  TlsServer,
} from "@tlskit/tls";
import { Arrivals } from "./arrivals.ts";
import { common, type OurClientOptions, type OurServerOptions } from "./ours.ts";
import type { OurSide } from "./peer.ts";

/** Our end of a connection, as a transport of its own has it: with sessions in bytes, and early data. */
export class EarlyEnd<Info extends ClientInfo | ServerInfo> implements OurSide {
  readonly info: Promise<Info>;
  /** When it is closed: the error that ended it, if any did. */
  readonly closed: Promise<TlsError | undefined>;
  /** A client's: what it can resume. */
  readonly sessions: Uint8Array[] = [];
  /** A client's: what became of its early data. */
  outcome: EarlyDataOutcome | undefined;
  /** A client's: what it got back of it. */
  handedBack: string | undefined;
  /** A server's: the early data that came. */
  early = "";
  readonly #arrivals = new Arrivals();
  readonly #connection: TlsClient | TlsServer;

  constructor(socket: Socket, open: (handlers: ConnectionHandlers<Info>) => TlsClient | TlsServer, early = "") {
    const info = Promise.withResolvers<Info>();
    const closed = Promise.withResolvers<TlsError | undefined>();
    info.promise.catch(() => undefined); // whoever asks for it hears of the failure
    this.info = info.promise;
    this.closed = closed.promise;
    const connection = open({
      ciphertext: (bytes) => void socket.write(bytes),
      plaintext: (bytes) => this.#arrivals.add(bytes),
      earlyPlaintext: (bytes) => {
        this.early += Buffer.from(bytes).toString("latin1");
        this.#arrivals.changed();
      },
      earlyDataOutcome: (outcome, data) => {
        this.outcome = outcome;
        this.handedBack = Buffer.from(data).toString("latin1");
        this.#arrivals.changed();
      },
      session: (session) => {
        this.sessions.push(session);
        this.#arrivals.changed();
      },
      established: (established) => info.resolve(established),
      ended: () => connection.close(),
      closed: (error) => {
        this.#arrivals.end(error);
        info.reject(error ?? new Error("closed before it was established"));
        socket.end();
        closed.resolve(error);
      },
    });
    this.#connection = connection;
    socket.on("data", (data: Buffer) => connection.receive(new Uint8Array(data)));
    socket.on("end", () => connection.receiveEnd());
    socket.on("error", () => connection.receiveEnd());
    if (connection instanceof TlsClient && early !== "") connection.sendEarly(Buffer.from(early, "latin1"));
    connection.start();
  }

  send(text: string): void {
    this.#connection.send(Buffer.from(text, "latin1"));
  }

  receive(text: string): Promise<void> {
    return this.#arrivals.receive(text);
  }

  until(what: string, reached: () => boolean): Promise<void> {
    return this.#arrivals.until(what, reached);
  }

  /** A client's: the newest session, when there is one. */
  async session(): Promise<Uint8Array> {
    await this.until("a session", () => this.sessions.length > 0);
    const newest = this.sessions.at(-1);
    if (newest === undefined) throw new RangeError("there is one");
    return newest;
  }

  close(): void {
    this.#connection.close();
  }
}

/** Our client, which has a session perhaps, and data to send under it at once. */
export async function earlyClient(
  port: number,
  options: OurClientOptions,
  { session, early }: { readonly session?: Uint8Array; readonly early?: string } = {},
): Promise<EarlyEnd<ClientInfo>> {
  const context = new ClientContext({ resumption, ...common, ...options });
  const socket = connectTcp({ host: "127.0.0.1", port, allowHalfOpen: true, noDelay: true });
  await once(socket, "connect");
  const target = { host: "localhost", session };
  return new EarlyEnd<ClientInfo>(socket, (handlers) => new TlsClient(context, target, handlers), early);
}

/** Our server on a free port of this machine. */
export class EarlyServer {
  readonly port: number;
  readonly #tcp: TcpServer;
  readonly #waiting: Socket[] = [];
  readonly #context: ServerContext;

  private constructor(tcp: TcpServer, options: OurServerOptions) {
    this.#tcp = tcp;
    this.port = (tcp.address() as AddressInfo).port; // it listens on a port, so it has one
    this.#context = new ServerContext({ ...common, ...options });
    tcp.on("connection", (socket: Socket) => this.#waiting.push(socket));
  }

  static async listen(options: OurServerOptions): Promise<EarlyServer> {
    const tcp = createServer({ allowHalfOpen: true, noDelay: true });
    tcp.listen(0, "127.0.0.1");
    await once(tcp, "listening");
    return new EarlyServer(tcp, options);
  }

  /** The next connection, whose handshake may not be done. */
  async accept(): Promise<EarlyEnd<ServerInfo>> {
    if (this.#waiting.length === 0) await once(this.#tcp, "connection");
    const socket = this.#waiting.shift();
    if (socket === undefined) throw new RangeError("there is one");
    return new EarlyEnd<ServerInfo>(socket, (handlers) => new TlsServer(this.#context, handlers));
  }

  close(): void {
    this.#tcp.close();
  }
}
