import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as tls from "node:tls";
import { byName, namedGroups } from "@tlskit/ciphersuites";
import type { Identity } from "./certificates.ts";
import type { OurSide, PeerReport } from "./peer.ts";
import type { Tls12PeerEnd, Tls12Report } from "./tls12-report.ts";

const [major = 0, minor = 0] = (process.versions["openssl"] ?? "").split(".").map(Number);

/** Whether the `tls` of this Node has X25519MLKEM768: with OpenSSL 3.5 and later. */
export const nodeHasHybrid: boolean = major > 3 || (major === 3 && minor >= 5);

/** A server by Node's `tls`. */
export class NodeServer {
  readonly port: number;
  readonly server: tls.Server;
  readonly #connections: NodeEnd[] = [];

  private constructor(server: tls.Server) {
    this.server = server;
    this.port = (server.address() as AddressInfo).port; // it listens on a port, so it has one
    server.on("secureConnection", (socket) => this.#connections.push(new NodeEnd(socket)));
  }

  static async start(identity: Identity, options: tls.TlsOptions = {}): Promise<NodeServer> {
    const server = tls.createServer({
      cert: identity.chainPem,
      key: identity.keyPem,
      minVersion: "TLSv1.3",
      ...options,
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new NodeServer(server);
  }

  /** The next connection whose handshake is done. */
  async accept(): Promise<NodeEnd> {
    for (;;) {
      const end = this.#connections.shift();
      if (end !== undefined) return end;
      await once(this.server, "secureConnection");
    }
  }

  /** The error of the next connection whose handshake fails. */
  async failure(): Promise<Error> {
    const [error] = (await once(this.server, "tlsClientError")) as [Error];
    return error;
  }

  close(): void {
    this.server.close();
  }
}

/** A client by Node's `tls`: it verifies, also the name. */
export function nodeClient(port: number, identity: Identity, options: tls.ConnectionOptions = {}): NodeEnd {
  const socket = tls.connect({
    host: "127.0.0.1",
    port,
    servername: "localhost",
    ca: identity.rootPem,
    minVersion: "TLSv1.3",
    ...options,
  });
  return new NodeEnd(socket);
}

/** The end of one connection that Node has. */
export class NodeEnd implements Tls12PeerEnd {
  readonly socket: tls.TLSSocket;
  /** When it is closed: the error that ended it, if any did. */
  readonly over: Promise<Error | undefined>;
  #received = "";
  #error: Error | undefined;

  constructor(socket: tls.TLSSocket) {
    this.socket = socket;
    socket.on("data", (data: Uint8Array) => {
      this.#received += Buffer.from(data).toString("latin1");
      socket.emit("interop:data");
    });
    socket.on("error", (error) => {
      this.#error = error;
    });
    this.over = new Promise((resolve) => socket.on("close", () => resolve(this.#error)));
  }

  send(text: string): void {
    this.socket.write(text, "latin1");
  }

  async receive(text: string): Promise<void> {
    while (this.#received.length < text.length) await once(this.socket, "interop:data");
    const got = this.#received.slice(0, text.length);
    this.#received = this.#received.slice(text.length);
    if (got !== text) throw new Error("other data came than was sent");
  }

  async exchange(ours: OurSide, text: string): Promise<void> {
    ours.send(text);
    await this.receive(text);
    this.send(text);
    await ours.receive(text);
  }

  /** It tells the suite, and at a client the group; the rest is settled by offering nothing else. */
  report(): Promise<PeerReport> {
    return Promise.resolve({ cipherSuite: this.socket.getCipher().standardName });
  }

  /** It tells the suite, and at a client the group; the rest is settled by having nothing else. */
  tls12Report(): Promise<Partial<Tls12Report>> {
    const cipherSuite = this.socket.getCipher().standardName;
    const key: { readonly type?: string; readonly name?: string | undefined; readonly size?: number } | null =
      this.socket.getEphemeralKeyInfo();
    if (key?.type === undefined) return Promise.resolve({ cipherSuite });
    const name = key.type === "DH" ? `ffdhe${key.size}` : (key.name ?? "");
    return Promise.resolve({ cipherSuite, namedGroup: byName(namedGroups, name)?.name });
  }

  end(): void {
    this.socket.end();
  }

  async closed(): Promise<void> {
    const error = await this.over;
    if (error !== undefined) throw error;
  }
}
