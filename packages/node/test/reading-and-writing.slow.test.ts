import { once } from "node:events";
import { createServer as createTcpServer, type Socket } from "node:net";
import { duplexPair } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { accept, connect, type TlsSocket } from "../src/index.ts";
import { connected, listening, ourClient, ourServer, pki, rawSocket, text } from "./helpers/world.ts";

const megabyte = 1024 * 1024;

describe("back-pressure", () => {
  test("a slow reader holds little memory, and its peer's writes wait", async () => {
    const { client, server, rawClient } = await connected();
    let sent = 0;
    const chunk = new Uint8Array(megabyte);
    const write = (): void => {
      server.write(chunk, () => {
        sent += chunk.length;
        if (sent < 64 * megabyte) write();
      });
    };
    write();
    // Nobody reads. What is taken in is bounded, whatever the sender would like.
    let before = -1;
    for (let now = 0; now !== before; now = client.bytesRead) {
      before = now;
      await wait(50);
    }
    expect(sent).toBeLessThan(32 * megabyte); // what the systems' buffers took
    expect(client.readableLength).toBeLessThan(256 * 1024);
    expect(rawClient.readableLength).toBeLessThan(256 * 1024);
    expect(rawClient.isPaused()).toBe(true);
    expect(server.writableLength).toBeLessThanOrEqual(2 * megabyte);
    client.resume();
    await expect.poll(() => sent, { timeout: 10_000 }).toBe(64 * megabyte);
  });

  test("a write is done when the raw stream would take more", async () => {
    const { client } = await connected();
    await new Promise((done) => client.write("x", done));
    expect(client.writableLength).toBe(0);
    // Nobody reads at the server: at some point write says so, and no callback comes.
    let called = 0;
    while (client.write(new Uint8Array(megabyte), () => (called += 1)));
    for (let i = 0; i < 40; i += 1) client.write(new Uint8Array(megabyte), () => (called += 1));
    await wait(200);
    expect(called).toBeLessThan(40);
    expect(client.writableLength).toBeGreaterThan(0);
  });
});

test("a socket that is destroyed by its reader gives nothing more, though more has come", async () => {
  const { client, server } = await connected();
  // One behind the other, since what comes together is given together.
  let length = 0;
  for (const word of ["one", "two", "three"]) {
    client.write(word);
    length += word.length;
    await expect.poll(() => server.readableLength).toBe(length);
  }
  const got: string[] = [];
  server.on("data", (bytes) => {
    got.push(String(bytes));
    server.destroy();
  });
  await once(server, "close");
  expect(got).toEqual(["one"]);
});

describe("writing", () => {
  test("what was written before the handshake goes out behind it", async () => {
    const { client, server } = await connected();
    client.end("first");
    expect(await text(server)).toBe("first");
  });

  test("text, buffers and bytes, corked or not, keep their order", async () => {
    const { client, server } = await connected();
    client.cork();
    client.write("é", "utf8");
    client.write(Buffer.from([0x41]));
    client.write(new Uint8Array([0x42]));
    client.write("43", "hex");
    client.uncork();
    client.end("D");
    expect(await text(server)).toBe("éABCD");
  });

  test("small writes that are corked share a record", async () => {
    const { client, server } = await connected();
    const before = client.bytesWritten;
    client.cork();
    for (let i = 0; i < 100; i += 1) client.write("x");
    client.uncork();
    await new Promise((readable) => server.once("readable", readable));
    expect(client.bytesWritten - before).toBe(100 + 22); // header, content type, tag
  });
});

describe("over other streams", () => {
  test("after plaintext, as by STARTTLS", async () => {
    const server = createTcpServer({ allowHalfOpen: true }, (raw) => {
      raw.once("data", (line) => {
        expect(line.toString()).toBe("STARTTLS\r\n");
        const secured = accept(raw, { certificates: [pki.certificate] });
        raw.write("go ahead\r\n");
        secured.pipe(secured);
      });
    });
    const raw = rawSocket(await listening(server));
    raw.write("STARTTLS\r\n");
    const answer = await new Promise((resolve) => raw.once("data", (line) => resolve(line.toString())));
    expect(answer).toBe("go ahead\r\n");
    const socket = connect({ socket: raw, servername: "localhost", ca: pki.anchors });
    socket.end("SELECT 1");
    expect(await text(socket)).toBe("SELECT 1");
    expect(socket.remotePort).toBe(raw.remotePort);
  });

  test("over one that somebody waits to read from, and read from so far, as Node's agents do of a proxy", async () => {
    const { port } = await ourServer({}, (secured) => secured.pipe(secured));
    const raw = rawSocket(port);
    await once(raw, "connect");
    const socket = connect({ socket: raw, servername: "localhost", ca: pki.anchors });
    raw.on("readable", () => raw.read());
    socket.end("SELECT 1");
    expect(await text(socket)).toBe("SELECT 1");
  });

  test("over any Duplex: no socket in sight", async () => {
    const [left, right] = duplexPair();
    const server = accept(right, { certificates: [pki.certificate] });
    server.pipe(server);
    const socket = connect({ socket: left, servername: "localhost", ca: pki.anchors });
    socket.setKeepAlive(true).setNoDelay(true).unref().ref();
    socket.end("x".repeat(megabyte));
    expect((await text(socket)).length).toBe(megabyte);
    expect(socket.remoteAddress).toBeUndefined();
    expect(socket.address()).toEqual({});
  });

  test("TLS within TLS", async () => {
    const { client, server } = await connected({ allowHalfOpen: true }, { allowHalfOpen: true });
    const inner = accept(server, { certificates: [pki.certificate] });
    inner.pipe(inner);
    const socket = connect({ socket: client, servername: "localhost", ca: pki.anchors });
    socket.end("deep");
    expect(await text(socket)).toBe("deep");
  });
});

describe("what goes to the raw stream in one write", () => {
  /** How many writes a raw socket was asked for until now. */
  function countWrites(raw: Socket): () => number {
    let count = 0;
    const { _write, _writev } = raw;
    raw._write = function (...args): void {
      count += 1;
      _write.apply(this, args);
    };
    raw._writev = function (...args): void {
      count += 1;
      _writev?.apply(this, args);
    };
    return () => count;
  }

  // Under Nagle's algorithm a second write would wait for the first one's acknowledgement, which servers delay.
  test("is a client's Finished with what it writes behind an awaited secureConnect", async () => {
    const { server, port } = await ourServer();
    const greeted = new Promise<string>((resolve) => {
      server.on("secureConnection", (socket: TlsSocket) => socket.once("data", (data) => resolve(String(data))));
    });
    const raw = rawSocket(port);
    await once(raw, "connect");
    const writes = countWrites(raw);
    const client = ourClient(port, { socket: raw });
    await once(client, "secureConnect");
    client.write("hello");
    expect(await greeted).toBe("hello");
    // The ClientHello, and all the rest.
    expect(writes()).toBe(2);
  });

  test("is everything that is written in one tick", async () => {
    const { client, server, rawClient } = await connected();
    const writes = countWrites(rawClient);
    for (const word of ["one", "two"]) client.write(word);
    await Promise.resolve();
    client.write("three");
    await expect.poll(() => server.readableLength).toBe(11);
    expect([String(server.read()), writes()]).toEqual(["onetwothree", 1]);
  });
});
