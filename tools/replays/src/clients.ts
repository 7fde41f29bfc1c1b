import { once } from "node:events";
import { connect } from "node:net";
import { x25519 } from "@tlskit/ciphersuites";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  ClientContext,
  type ClientInfo,
  type EarlyDataOutcome,
  resumption,
  TlsClient,
  type TrustAnchors,
} from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import { host } from "./setup.ts";

/** What came of a connection. */
export interface Outcome {
  readonly info: ClientInfo | undefined;
  readonly early: EarlyDataOutcome | undefined;
  readonly sessions: readonly Uint8Array[];
  /** What went before anything came: the ClientHello, and early data. */
  readonly flight: Uint8Array;
}

/** Honest clients. */
export class Clients {
  readonly #context: ClientContext;

  constructor(anchors: TrustAnchors) {
    const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
    // One group, and a quick one: there are many connections.
    this.#context = new ClientContext({
      resumption,
      provider,
      random,
      clock: Date.now,
      anchors,
      namedGroups: [x25519],
    });
  }

  /** A connection from its beginning to its end, both of them orderly: it ends when the client has so many sessions. */
  async connection(
    port: number,
    { session, early: text, wanted = 0 }: { session?: Uint8Array | undefined; early?: string; wanted?: number },
  ): Promise<Outcome> {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    await once(socket, "connect");
    const [flight, sessions]: [Uint8Array[], Uint8Array[]] = [[], []];
    let [begun, info, early]: [boolean, ClientInfo | undefined, EarlyDataOutcome | undefined] = [
      true,
      undefined,
      undefined,
    ];
    const client = new TlsClient(
      this.#context,
      { host, session },
      {
        ciphertext: (bytes) => {
          if (begun) flight.push(bytes);
          socket.write(bytes);
        },
        plaintext: () => {},
        session: (bytes) => {
          sessions.push(bytes);
          if (sessions.length === wanted) client.close();
        },
        earlyDataOutcome: (outcome) => (early = outcome),
        established: (what) => {
          info = what;
          if (wanted === 0) client.close();
        },
        closed: (error) => (error === undefined ? socket.end() : socket.destroy(error)),
      },
    );
    socket.on("data", (bytes: Buffer) => {
      begun = false;
      client.receive(new Uint8Array(bytes));
    });
    socket.on("end", () => client.receiveEnd());
    if (text !== undefined) client.sendEarly(new TextEncoder().encode(text));
    client.start();
    await once(socket, "close");
    return { info, early, sessions, flight: concat(...flight) };
  }

  /** What a client would send first, which whoever gets hold of it can send, once or twice. */
  flight(session: Uint8Array, text: string): Uint8Array {
    const flight: Uint8Array[] = [];
    const client = new TlsClient(
      this.#context,
      { host, session },
      { ciphertext: (bytes) => flight.push(bytes), plaintext: () => {}, earlyDataOutcome: () => {}, closed: () => {} },
    );
    client.sendEarly(new TextEncoder().encode(text));
    client.start();
    return concat(...flight);
  }
}

/** Sends what was recorded, and waits until the server has read it all and has hung up. */
export async function replay(port: number, flight: Uint8Array): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  socket.on("error", () => {});
  socket.resume();
  socket.end(flight);
  await once(socket, "close");
}
