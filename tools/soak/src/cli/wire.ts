import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { createClientContext } from "@tlskit/node";
import { type ClientContext, TlsClient } from "@tlskit/tls";
import { overtime } from "./limits.ts";
import type { Target } from "./server-under-test.ts";

/** The server has done what it should not. */
export class Grudge extends Error {
  override readonly name = "Grudge";
}

/** An attacker's connection. Every wait on it also ends when the connection does, or when the attack is called off. */
export class Wire {
  readonly socket: Socket;
  readonly #over: AbortSignal;
  /** Milliseconds within which the server must have hung up, whatever the attack is. */
  readonly patience: number;

  private constructor(socket: Socket, over: AbortSignal, patience: number) {
    this.socket = socket;
    this.#over = over;
    this.patience = patience;
  }

  /** @param stop calls the attack off: the connection is cut. */
  static async open({ port, timeout, slack }: Target, stop: AbortSignal): Promise<Wire> {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true, allowHalfOpen: true });
    const over = new AbortController();
    const cutOff = (): void => void socket.destroy();
    stop.addEventListener("abort", cutOff);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      stop.removeEventListener("abort", cutOff);
      over.abort();
    });
    if (stop.aborted) cutOff();
    const wire = new Wire(socket, over.signal, 2000 * timeout + overtime * slack);
    await wire.#until((resume) => void socket.once("connect", resume));
    return wire;
  }

  get closed(): boolean {
    return this.#over.aborted;
  }

  /** Writes, and waits until the kernel has taken it, and everybody else has had a turn. */
  async write(bytes: Uint8Array | string): Promise<void> {
    if (this.closed) return;
    await this.#until((resume) => void this.socket.write(bytes, () => setImmediate(resume)));
  }

  async sleep(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await this.#until((resume) => {
      timer = setTimeout(resume, milliseconds);
    });
    clearTimeout(timer);
  }

  /** Reads what comes and forgets it. */
  discard(): void {
    this.socket.resume();
  }

  /**
   * Waits until the server hangs up, which it must by its own limits.
   * @throws {Grudge} if it doesn't
   */
  async hungUp(): Promise<void> {
    this.discard();
    if (this.socket.readableEnded) return;
    let held = false;
    const timer = setTimeout(() => {
      held = true;
      this.socket.destroy();
    }, this.patience);
    await this.#until((resume) => void this.socket.once("end", resume));
    clearTimeout(timer);
    if (held) throw new Grudge(`the server had not hung up ${this.patience} ms later`);
  }

  async #until(begin: (resume: () => void) => void): Promise<void> {
    if (this.closed) return;
    await new Promise<void>((resume) => {
      const done = (): void => {
        this.#over.removeEventListener("abort", done);
        resume();
      };
      this.#over.addEventListener("abort", done);
      begin(done);
    });
  }
}

const contexts = new Map<string, ClientContext>();

function contextFor({ ca }: Target): ClientContext {
  const context = contexts.get(ca) ?? createClientContext({ ca: readFileSync(ca, "utf8") });
  contexts.set(ca, context);
  return context;
}

/** A well-formed first flight: a record with a ClientHello. */
export function clientHello(target: Target): Uint8Array {
  const sent: Uint8Array[] = [];
  const client = new TlsClient(
    contextFor(target),
    { host: "localhost" },
    {
      ciphertext: (bytes) => void sent.push(bytes),
      plaintext: () => undefined,
      closed: () => undefined,
    },
  );
  client.start();
  return Buffer.concat(sent);
}

/** Does the handshake as it should be done. The client stays in the caller's hands: what comes is read by it. */
export async function handshake(wire: Wire, target: Target): Promise<TlsClient> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const client = new TlsClient(
    contextFor(target),
    { host: "localhost" },
    {
      ciphertext: (bytes) => void wire.socket.write(bytes),
      plaintext: () => undefined,
      established: () => resolve(),
      closed: () => wire.socket.end(),
    },
  );
  wire.socket.on("data", (bytes: Buffer) => client.receive(new Uint8Array(bytes)));
  wire.socket.once("close", () => resolve());
  client.start();
  if (!wire.closed) await promise;
  return client;
}
