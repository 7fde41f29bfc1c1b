import { connect, type Socket } from "node:net";
import {
  DangerousAnonymousClient,
  DangerousAnonymousContext,
  type DangerousAnonymousInfo,
  type DangerousAnonymousOptions,
} from "@tlskit/tls/dangerous-anonymous";
import { Arrivals } from "./arrivals.ts";
import { common } from "./ours.ts";
import type { OurSide } from "./peer.ts";

/** A client of ours that asks nobody who they are, on a port of this machine: `@tlskit/node` has none. */
export class AnonymousClient implements OurSide {
  info: DangerousAnonymousInfo | undefined;
  /** When it is closed: the error that ended it, if any did. */
  readonly closed: Promise<Error | undefined>;
  readonly #arrivals = new Arrivals();
  readonly #raw: Socket;
  readonly #client: DangerousAnonymousClient;

  constructor(port: number, versions: DangerousAnonymousOptions["versions"]) {
    const context = new DangerousAnonymousContext({ ...common, versions });
    const raw = connect({ host: "127.0.0.1", port, noDelay: true });
    this.#raw = raw;
    let closed: (error: Error | undefined) => void = () => undefined;
    this.closed = new Promise((resolve) => {
      closed = resolve;
    });
    this.#client = new DangerousAnonymousClient(
      context,
      { host: "localhost" },
      {
        ciphertext: (bytes) => raw.write(Uint8Array.from(bytes)),
        plaintext: (bytes) => this.#arrivals.add(bytes),
        established: (info) => {
          this.info = info;
          this.#arrivals.changed();
        },
        closed: (error) => {
          this.#arrivals.end(error);
          raw.end();
          closed(error);
        },
      },
    );
    raw.on("data", (bytes: Buffer) => this.#client.receive(Uint8Array.from(bytes)));
    raw.on("end", () => this.#client.receiveEnd());
    raw.on("error", () => this.#client.receiveEnd());
    raw.on("connect", () => this.#client.start());
  }

  async established(): Promise<DangerousAnonymousInfo> {
    await this.#arrivals.until("the handshake", () => this.info !== undefined);
    if (this.info === undefined) throw new Error("the handshake isn't done");
    return this.info;
  }

  send(text: string): void {
    this.#client.send(Uint8Array.from(Buffer.from(text, "latin1")));
  }

  receive(text: string): Promise<void> {
    return this.#arrivals.receive(text);
  }

  end(): void {
    this.#client.close();
    this.#raw.end();
  }
}
