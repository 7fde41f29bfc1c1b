import { once } from "node:events";
import { request } from "node:https";
import { Duplex } from "node:stream";
import { Worker } from "node:worker_threads";
import { nodeProvider } from "@tlskit/crypto-node";
import { lateProvider } from "@tlskit/testing";
import { Alert } from "@tlskit/tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { HttpsAgent, type TlsSocket } from "../src/index.ts";
import type { JudgingServerData } from "./helpers/judging-server.ts";
import { connected, failure, ourClient, ourServer, pem, pki, rawSocket } from "./helpers/world.ts";

/** A server in a thread of its own that demands certificates, and refuses clients without one. */
async function judgingServer() {
  const closed = new SharedArrayBuffer(4);
  const workerData: JudgingServerData = { ...pem, closed };
  const worker = new Worker(new URL("helpers/judging-server.ts", import.meta.url), { workerData });
  onTestFinished(async () => void (await worker.terminate()));
  const [port] = await once(worker, "message");
  return {
    port: Number(port),
    /** Holds everything up in this thread until the server has closed a connection: nothing is read meanwhile. */
    waitUntilClosed: () => void Atomics.wait(new Int32Array(closed), 0, 0, 20_000),
  };
}

/** What is written has been given to the system, and nothing was read. */
async function written(): Promise<void> {
  for (let ticks = 0; ticks < 5; ticks += 1) await new Promise<void>((soon) => process.nextTick(soon));
}

/** Writes, several times, with nothing read in between. */
async function writeOn(socket: TlsSocket, chunk: string = "into the void"): Promise<void> {
  for (let writes = 0; writes < 3; writes += 1) {
    socket.write(chunk);
    await written();
  }
}

/** Writes, with nothing read in between, until the system doesn't take it: it may learn late that the peer is gone. */
async function writeUntilRefused(socket: TlsSocket): Promise<void> {
  for (let isTaken = true; isTaken; ) {
    isTaken = false;
    socket.write("into the void", () => {
      isTaken = true;
    });
    await written();
  }
}

/** A stream over a socket whose peer is gone when it is said to be: a write learns of that, and nothing else. */
function withoutPeer(under: Duplex): Duplex & { broken: boolean } {
  const stream = Object.assign(
    new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        if (stream.broken) done(systemError("EPIPE"));
        else under.write(chunk, done);
      },
    }),
    { broken: false },
  );
  under.on("data", (data) => stream.push(data));
  return stream;
}

/** A stream over a socket that fails together with what comes first when the client's Finished has gone. */
function failingBehindAlert(under: Duplex): Duplex {
  let writes = 0;
  const stream = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      writes += 1;
      under.write(chunk, done);
    },
  });
  under.on("data", (data) => {
    stream.push(data);
    if (writes > 1) stream.destroy(systemError("ECONNRESET"));
  });
  return stream;
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

const certificateRequired = { kind: "alert", alert: Alert.certificateRequired };

// RFC 9846 §4.5.1.3: a client is done with its handshake before the server has judged what it shows.
describe("a server that refuses a client which is connected already", () => {
  test("is heard by a client that only reads", async () => {
    const { port } = await judgingServer();
    const socket = ourClient(port);
    await socket.established;
    expect(await failure(socket)).toMatchObject(certificateRequired);
  });

  test("is heard by one that writes when the connection is closed", async () => {
    const { port, waitUntilClosed } = await judgingServer();
    const socket = ourClient(port);
    await socket.established;
    const failed = failure(socket);
    await written(); // the Finished, on which the server acts
    waitUntilClosed();
    await writeOn(socket);
    expect(await failed).toMatchObject(certificateRequired);
  });

  test("is heard by one that sends more than there is room for", async () => {
    const { port, waitUntilClosed } = await judgingServer();
    const socket = ourClient(port);
    await socket.established;
    const failed = failure(socket);
    socket.write(Buffer.alloc(16 << 20));
    await written();
    waitUntilClosed();
    expect(await failed).toMatchObject(certificateRequired);
  });

  test("is heard by one that has written everything, and ended", async () => {
    const { port, waitUntilClosed } = await judgingServer();
    const socket = ourClient(port);
    const failed = failure(socket);
    await socket.established;
    socket.end("a question");
    await written();
    waitUntilClosed();
    expect(await failed).toMatchObject(certificateRequired);
  });

  test("is what a request of HTTPS fails with", async () => {
    const { port } = await judgingServer();
    const agent = new HttpsAgent({ ca: pki.anchors });
    const asked = request({ host: "localhost", port, agent, method: "POST" });
    for (let chunks = 0; chunks < 100; chunks += 1) asked.write(Buffer.alloc(100_000));
    const [error] = await once(asked, "error");
    expect(error).toMatchObject(certificateRequired);
  });

  test("is heard by one whose provider answers late, though the stream fails behind the alert", async () => {
    const { port } = await judgingServer();
    const provider = lateProvider(nodeProvider, { later: setImmediate });
    const socket = ourClient(port, { socket: failingBehindAlert(rawSocket(port)), provider });
    expect(await failure(socket)).toMatchObject(certificateRequired);
  });
});

describe("without an alert that could be read", () => {
  test("a write to a peer that is gone fails as the system says", async () => {
    const { server, rawClient } = await connected();
    const failed = failure(server);
    rawClient.destroy();
    await writeUntilRefused(server);
    expect(await failed).toMatchObject({ code: expect.stringMatching(/^(EPIPE|ECONNRESET)$/), syscall: "write" });
  });

  test("so does one over a stream that doesn't end, when it could have been read", async () => {
    const { port } = await ourServer();
    const stream = withoutPeer(rawSocket(port));
    const socket = ourClient(port, { socket: stream });
    await socket.established;
    await written();
    stream.broken = true;
    socket.write("into the void");
    expect(await failure(socket)).toMatchObject({ code: "EPIPE" });
  });
});
