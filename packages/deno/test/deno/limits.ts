/** What a peer can't make grow, over a connection in memory: at each limit, and beyond it. */
import assert from "node:assert/strict";
import { nodeProvider } from "@tlskit/crypto-node";
import { ClientContext, padToMultiple, TlsClient } from "@tlskit/tls";
import { sharedClientContext } from "../../src/context.ts";
import { acceptTls, createServerContext, maxLingerBytes, maxUnreadBytes, type ServerTlsConn } from "../../src/index.ts";
import { largeReadLength, maxSharedContexts } from "../../src/limits.ts";
import { identity, pki, random, readText } from "./world.ts";

/** A connection in memory, whose other end is a few calls. */
class MemoryConn implements Deno.Conn {
  readonly localAddr: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 1 };
  readonly remoteAddr: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 2 };
  /** What the other end has sent, and isn't read yet. */
  readonly sent: Uint8Array[] = [];
  bytesRead = 0;
  isClosed = false;
  /** Whether the other end sends without end. */
  isEndless = false;
  /** Whether the other end makes nothing of what it takes. */
  isDeaf = false;
  readonly #written: (bytes: Uint8Array) => void;
  #reading: (() => void) | undefined;
  #stalled: Promise<void> | undefined;
  #goOn: () => void = () => undefined;

  constructor(written: (bytes: Uint8Array) => void) {
    this.#written = written;
  }

  get isBeingRead(): boolean {
    return this.#reading !== undefined;
  }

  /** The other end sends. */
  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
    this.#reading?.();
  }

  /** The other end takes nothing, until the function that this gives is called. */
  stall(): () => void {
    this.#stalled = new Promise((resolve) => {
      this.#goOn = resolve;
    });
    return () => {
      this.#stalled = undefined;
      this.#goOn();
    };
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (this.sent.length === 0 && !this.isClosed && !this.isEndless) {
      await new Promise<void>((resolve) => {
        this.#reading = resolve;
      });
      this.#reading = undefined;
    }
    if (this.isClosed) throw new Deno.errors.BadResource("closed");
    const next = this.sent.shift() ?? new Uint8Array(into.length);
    const length = Math.min(next.length, into.length);
    into.set(next.subarray(0, length));
    if (length < next.length) this.sent.unshift(next.subarray(length));
    this.bytesRead += length;
    return length;
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.#stalled;
    if (this.isClosed) throw new Deno.errors.BadResource("closed");
    this.#written(bytes.slice());
    return bytes.length;
  }

  close(): void {
    this.isClosed = true;
    this.#reading?.();
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  ref(): void {}
  unref(): void {}
  get readable(): never {
    throw new Error("nobody needs it");
  }
  get writable(): never {
    throw new Error("nobody needs it");
  }
  [Symbol.dispose](): void {
    this.close();
  }
}

const clientContext = new ClientContext({ provider: nodeProvider, random, clock: Date.now, anchors: pki.anchors });

/** A server of ours, and a client of `@tlskit/tls` that does what it is told, connected. */
async function connected(): Promise<{ conn: MemoryConn; client: TlsClient; server: ServerTlsConn<Deno.Addr> }> {
  const conn: MemoryConn = new MemoryConn((bytes) => {
    if (!conn.isDeaf) client.receive(bytes);
  });
  const client = new TlsClient(
    clientContext,
    { host: "localhost" },
    { ciphertext: (bytes) => conn.send(bytes), plaintext: () => undefined, closed: () => undefined },
  );
  client.start();
  const context = createServerContext({ ...identity, recordPadding: padToMultiple(2 ** 14) });
  const server = acceptTls<Deno.Addr>(conn, { context });
  await server.handshake();
  return { conn, client, server };
}

/** Lets everything happen that can without anything from outside. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("a peer is read no further than its data is", async () => {
  const { conn, client, server } = await connected();
  const before = conn.bytesRead;
  for (let sent = 0; sent < 4 * maxUnreadBytes; sent += 16_384) client.send(new Uint8Array(16_384));
  await settled();
  assert(!conn.isBeingRead);
  const ahead = conn.bytesRead - before;
  assert(ahead > maxUnreadBytes && ahead < maxUnreadBytes + 2 * largeReadLength, `${ahead} bytes were read ahead`);
  // Whoever reads gets all of it.
  const into = new Uint8Array(65_536);
  for (let left = 4 * maxUnreadBytes; left > 0; ) left -= (await server.read(into)) ?? left;
  await settled();
  assert(conn.isBeingRead);
  conn.close();
  server.close();
  await server.closed;
});

Deno.test("a peer that takes nothing of what it is sent is read no further", async () => {
  const { conn, client, server } = await connected();
  const goOn = conn.stall();
  conn.isDeaf = true;
  // Records of 16 KiB, which nobody waits for, as answers to a peer's wishes would be.
  for (let i = 0; i < 10; i += 1) server.updateKeys();
  client.send(random(1));
  await settled();
  assert(conn.isBeingRead);
  for (let i = 0; i < 10; i += 1) server.updateKeys();
  client.send(random(1));
  await settled();
  client.send(random(1));
  await settled();
  assert(!conn.isBeingRead);
  goOn();
  await readText(server, 3);
  await settled();
  assert(conn.isBeingRead);
  conn.close();
  server.close();
  await server.closed;
});

Deno.test("a peer that goes on sending to who has closed is cut off", async () => {
  const { conn, server } = await connected();
  const before = conn.bytesRead;
  server.close();
  conn.isEndless = true;
  conn.send(new Uint8Array(1));
  await server.closed;
  assert(conn.isClosed);
  const discarded = conn.bytesRead - before;
  assert(discarded > maxLingerBytes && discarded <= maxLingerBytes + largeReadLength, `${discarded} bytes`);
});

Deno.test("contexts of options are shared, and the latest are kept", () => {
  const options = { alpnProtocols: ["one", "two"], anchors: pki.anchors };
  const others = (count: number): void => {
    for (let i = 0; i < count; i += 1) sharedClientContext({ ...options, recordSize: 100 + i });
  };
  const context = sharedClientContext(options);
  others(maxSharedContexts - 1);
  assert.equal(sharedClientContext({ anchors: pki.anchors, alpnProtocols: ["one", "two"] }), context);
  assert.notEqual(sharedClientContext({ ...options, alpnProtocols: ["one"] }), context);
  others(maxSharedContexts);
  assert.notEqual(sharedClientContext(options), context);
});
