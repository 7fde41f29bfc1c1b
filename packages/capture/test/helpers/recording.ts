import { type CaptureEvent, decryptCapture, KeyLog } from "@tlskit/capture";
import { nodeProvider } from "@tlskit/crypto-node";
import { GivenTicketKeys, MemorySessionStore, SealedTickets } from "@tlskit/sessions";
import {
  InMemoryNetwork,
  pcapFile,
  RecordedConnection,
  type RecordedConnectionOptions,
  seededRandom,
  type ThrowawayPki,
  throwawayPki,
} from "@tlskit/testing";
import {
  ClientContext,
  type ClientOptions,
  type ConnectionHandlers,
  resumption,
  ServerContext,
  type ServerOptions,
  TlsClient,
  type TlsError,
  TlsServer,
} from "@tlskit/tls";
import { concat } from "@tlskit/wire";

export const host = "server.example";
/** When everything happens. */
export const now = Date.UTC(2026, 5, 1, 12);
const clock = (): number => now;

let made: ThrowawayPki | undefined;

/** Certificates with keys of two types, since cipher suites of TLS 1.2 want one or the other. */
export function pki(): ThrowawayPki {
  made ??= throwawayPki(nodeProvider, seededRandom(1), host, now, { keyTypes: ["P-256", "rsaEncryption"] });
  return made;
}

/** A client and a server that are being recorded. */
export interface Recording {
  readonly client: TlsClient;
  readonly server: TlsServer;
  readonly network: InMemoryNetwork;
  readonly connection: RecordedConnection;
  readonly errors: readonly TlsError[];
}

/** How a connection is made. */
export interface RecordingOptions {
  readonly client?: Partial<ClientOptions>;
  readonly server?: Partial<ServerOptions>;
  readonly connection?: RecordedConnectionOptions;
  /** Sent by the client with its first flight, if it has a session. */
  readonly early?: string;
  /** What happens when the handshake is done. */
  readonly then?: (recording: Recording) => void;
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Clients and servers that know each other's sessions, and everything that they logged. */
export class World {
  keyLog = "";
  readonly sessions = new MemorySessionStore({ clock });
  readonly #tickets = new SealedTickets({
    provider: nodeProvider,
    random: seededRandom(5),
    keys: new GivenTicketKeys([{ name: new Uint8Array(16), secret: new Uint8Array(32).fill(7) }]),
  });
  #seed = 100;

  /** A connection from its beginning to its end, in which the client says "ping" and the server "pong" unless told otherwise. */
  record(options: RecordingOptions = {}): Recording {
    this.#seed += 1;
    const network = new InMemoryNetwork({ now });
    const connection = new RecordedConnection(options.connection);
    const link = network.link({
      intercept: (from, bytes) => {
        connection.send(from === "left" ? "client" : "server", bytes);
        return [bytes];
      },
    });
    const keyLog = (line: string): void => {
      this.keyLog += `${line}\n`;
    };
    const errors: TlsError[] = [];
    const handlers = (write: (bytes: Uint8Array) => void): ConnectionHandlers<unknown> => ({
      ciphertext: write,
      plaintext: () => {},
      earlyPlaintext: () => {},
      earlyDataOutcome: () => {},
      closed: (error) => {
        if (error !== undefined) errors.push(error);
      },
    });
    const client = new TlsClient(
      new ClientContext({
        resumption,
        provider: nodeProvider,
        clock,
        random: seededRandom(this.#seed),
        anchors: pki().anchors,
        sessions: this.sessions,
        keyLog,
        ...options.client,
      }),
      { host },
      handlers(link.left.write),
    );
    const server = new TlsServer(
      new ServerContext({
        provider: nodeProvider,
        clock,
        random: seededRandom(this.#seed + 1000),
        certificates: pki().certificates,
        tickets: this.#tickets,
        ...options.server,
      }),
      handlers(link.right.write),
    );
    link.left.attach(client);
    link.right.attach(server);
    server.start();
    if (options.early !== undefined) client.sendEarly(bytesOf(options.early));
    client.start();
    network.run();
    const recording: Recording = { client, server, network, connection, errors };
    (options.then ?? pingPong)(recording);
    network.run();
    client.close();
    server.close();
    network.run();
    connection.finish("client");
    connection.finish("server");
    return recording;
  }
}

function pingPong({ client, server, network }: Recording): void {
  client.send(bytesOf("ping"));
  network.run();
  server.send(bytesOf("pong"));
}

/** What comes of a capture. */
export function decrypted(file: Uint8Array, keyLog: string): readonly CaptureEvent[] {
  return [...decryptCapture(file, { provider: nodeProvider, keyLog: new KeyLog(keyLog) })];
}

/** The same of the packets of one or more connections, in the order in which they are given. */
export function decryptedPackets(recordings: readonly Recording[], keyLog: string): readonly CaptureEvent[] {
  return decrypted(pcapFile(recordings.flatMap(({ connection }) => connection.packets)), keyLog);
}

type Sender = "client" | "server";

/** The data that an end sent, as text. */
export function dataOf(events: readonly CaptureEvent[], from: Sender, early = false): string {
  const data = events.flatMap((event) =>
    event.type === "data" && event.from === from && event.early === early ? [event.bytes] : [],
  );
  return textOf(concat(...data));
}

/** The names of an end's messages; those that were protected in brackets. */
export function messagesOf(events: readonly CaptureEvent[], from: Sender): readonly string[] {
  return events.flatMap((event) =>
    event.type === "message" && event.from === from ? [event.encrypted ? `[${event.name}]` : event.name] : [],
  );
}

/** What couldn't be decrypted, in short. */
export function undecrypted(events: readonly CaptureEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === "undecrypted" ? [`${event.from}: ${event.code}`] : []));
}
