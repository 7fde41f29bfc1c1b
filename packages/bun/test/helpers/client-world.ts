import { nodeProvider } from "@tlskit/crypto-node";
import { ServerContext, type ServerOptions, TlsServer, tls12, tls13 } from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import { type ClientTlsOptions, clientParts } from "../../src/client-connection.ts";
import type { SocketHandler, TlsSocket } from "../../src/index.ts";
import { opening } from "../../src/opening.ts";
import type { RawEvents } from "../../src/runtime.ts";
import { pki } from "./pki.ts";
import { ScriptedRaw } from "./scripted-raw.ts";

interface Settings {
  readonly tls?: ClientTlsOptions;
  readonly server?: Partial<ServerOptions>;
  readonly allowHalfOpen?: boolean;
}

/** A socket of ours, a client's, over a socket that is scripted, and a server of `@tlskit/tls` at its other end. */
export class ClientWorld {
  readonly raw = new ScriptedRaw();
  readonly events: RawEvents;
  readonly established: Promise<TlsSocket>;
  readonly server: TlsServer;
  /** What handlers were called, in order; data with its length. */
  readonly told: string[] = [];
  /** What came of data. */
  readonly received: Uint8Array[] = [];
  readonly atServer: Uint8Array[] = [];
  socket: TlsSocket | undefined;
  /** What the server has for the client. */
  readonly #toClient: Uint8Array[] = [];

  constructor(handlers: SocketHandler = {}, { tls = {}, server = {}, allowHalfOpen }: Settings = {}) {
    const parts = clientParts({ ca: pki.anchors, ...tls }, { hostname: "localhost", port: 1 });
    const { events, established } = opening<undefined>(parts, { socket: this.#noting(handlers), allowHalfOpen });
    this.events = events;
    this.established = established;
    established.catch(() => undefined);
    const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
    const common = { provider: nodeProvider, random, clock: Date.now, versions: [tls13, tls12] };
    this.server = new TlsServer(new ServerContext({ ...common, certificates: [pki.certificate], ...server }), {
      ciphertext: (bytes) => this.#toClient.push(bytes),
      plaintext: (bytes) => this.atServer.push(bytes),
      ended: () => this.told.push("the server: ended"),
      closed: (error) => this.told.push(`the server: closed ${error?.code ?? "in order"}`),
    });
    this.server.start();
  }

  #noting(handlers: SocketHandler): SocketHandler {
    const note = (what: string): void => {
      this.told.push(what);
    };
    return {
      open: (socket) => {
        this.socket = socket;
        note("open");
        return handlers.open?.(socket);
      },
      ...(handlers.handshake && {
        handshake: (socket, success, error) => {
          note(`handshake ${success}`);
          handlers.handshake?.(socket, success, error);
        },
      }),
      data: (socket, data) => {
        note(`data ${data.length}`);
        this.received.push(data);
        return handlers.data?.(socket, data);
      },
      drain: (socket) => {
        note("drain");
        return handlers.drain?.(socket);
      },
      end: (socket) => {
        note("end");
        return handlers.end?.(socket);
      },
      error: (socket, error) => {
        note(`error ${"code" in error ? error.code : error.message}`);
        return handlers.error?.(socket, error);
      },
      close: (socket, error) => {
        note(`close ${error === undefined ? "in order" : "code" in error ? error.code : error.message}`);
        return handlers.close?.(socket, error);
      },
      connectError: (socket, error) => {
        note(`connectError ${"code" in error ? error.code : error.message}`);
        return handlers.connectError?.(socket, error);
      },
      ...(handlers.timeout && {
        timeout: (socket) => {
          note("timeout");
          return handlers.timeout?.(socket);
        },
      }),
    };
  }

  /** The socket below is connected. */
  connect(): void {
    this.events.open(this.raw);
  }

  /** What is on its way arrives, until nothing is. */
  settle(): void {
    for (;;) {
      const toServer = this.raw.taken();
      const toClient = concat(...this.#toClient.splice(0));
      if (toServer.length === 0 && toClient.length === 0) return;
      if (toServer.length > 0) this.server.receive(toServer);
      if (toClient.length > 0) this.events.data(toClient);
    }
  }

  /** What is on its way to the client, which doesn't arrive. */
  withheld(): Uint8Array {
    return concat(...this.#toClient.splice(0));
  }

  /** Connected, the handshake done, and nothing noted of it. */
  begun(): TlsSocket {
    this.connect();
    this.settle();
    this.told.length = 0;
    this.raw.calls.length = 0;
    const { socket } = this;
    if (socket === undefined) throw new Error("no handshake came about");
    return socket;
  }
}
