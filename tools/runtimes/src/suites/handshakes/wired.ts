import type { Endpoint } from "@tlskit/testing";
import type { ConnectionHandlers, TlsClient, TlsError, TlsServer } from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import { Queue } from "../../peers/queue.ts";

/** What an end of a connection in memory has told. */
export class End<Info> {
  /** Fails with what ends the connection before. */
  readonly established: Promise<Info>;
  /** What ended it; nothing if that was in order. */
  readonly closed: Promise<TlsError | undefined>;
  readonly sessions: Queue<Uint8Array> = new Queue();
  readonly outcomes: Queue<string> = new Queue();
  /** All that came. */
  received: Uint8Array = new Uint8Array(0);
  /** A server's early data. */
  early: Uint8Array = new Uint8Array(0);
  isEstablished = false;
  readonly handlers: ConnectionHandlers<Info>;
  #arrived: () => void = () => undefined;

  /** @param send where its records go. */
  constructor(send: (bytes: Uint8Array) => void, end: () => void, close: () => void) {
    let [opened, failed]: [(info: Info) => void, (error: unknown) => void] = [() => undefined, () => undefined];
    let closed: (error: TlsError | undefined) => void = () => undefined;
    this.established = new Promise((resolve, reject) => {
      [opened, failed] = [resolve, reject];
    });
    this.established.catch(() => undefined); // whoever asks is told
    this.closed = new Promise((resolve) => {
      closed = resolve;
    });
    this.handlers = {
      ciphertext: send,
      plaintext: (bytes) => {
        this.received = concat(this.received, bytes);
        this.#arrived();
      },
      earlyPlaintext: (bytes) => {
        this.early = concat(this.early, bytes);
      },
      earlyDataOutcome: (outcome) => this.outcomes.put(outcome),
      session: (session) => this.sessions.put(session),
      established: (info) => {
        this.isEstablished = true;
        opened(info);
      },
      ended: close,
      closed: (error) => {
        failed(error);
        closed(error);
        this.#arrived();
        end();
      },
    };
  }

  /** Waits until so many bytes have come in all, or the end. */
  async until(length: number): Promise<Uint8Array> {
    let over = false;
    this.closed.then(() => {
      over = true;
    });
    while (this.received.length < length && !over) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    return this.received;
  }
}

/** One direction of a wire: what is sent arrives later, in order. */
export class Direction {
  #to: Pick<Endpoint, "receive" | "receiveEnd"> | undefined;

  /** To be called before anything is sent. */
  leadTo(end: Pick<Endpoint, "receive" | "receiveEnd">): void {
    this.#to = end;
  }

  readonly send = (bytes: Uint8Array): void => {
    const copy = bytes.slice();
    queueMicrotask(() => this.#to?.receive(copy));
  };

  readonly end = (): void => queueMicrotask(() => this.#to?.receiveEnd());
}

/** A connection in memory, whose handshake has begun. */
export interface Wired<ClientInfo, ServerInfo> {
  readonly client: TlsClient;
  readonly server: TlsServer;
  readonly atClient: End<ClientInfo>;
  readonly atServer: End<ServerInfo>;
  /** What the client gets, also if the server hasn't sent it. */
  readonly toClient: Direction;
}

export function wired<ClientInfo, ServerInfo>(
  makeClient: (handlers: ConnectionHandlers<ClientInfo>) => TlsClient,
  makeServer: (handlers: ConnectionHandlers<ServerInfo>) => TlsServer,
): Wired<ClientInfo, ServerInfo> {
  const [toServer, toClient] = [new Direction(), new Direction()];
  const atClient = new End<ClientInfo>(toServer.send, toServer.end, () => client.close());
  const atServer = new End<ServerInfo>(toClient.send, toClient.end, () => server.close());
  const client = makeClient(atClient.handlers);
  const server = makeServer(atServer.handlers);
  toServer.leadTo(server);
  toClient.leadTo(client);
  server.start();
  client.start();
  return { client, server, atClient, atServer, toClient };
}
