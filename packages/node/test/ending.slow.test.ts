import { once } from "node:events";
import { createServer as createTcpServer } from "node:net";
import { Alert, TlsError } from "@tlskit/tls";
import { describe, expect, test } from "vitest";
import type { TlsSocket } from "../src/index.ts";
import { connected, failure, listening, ourClient, ourServer, pem, rawSocket, text } from "./helpers/world.ts";

/** How often a socket tells of its end. */
function counted(socket: TlsSocket): { close: number; end: number; error: number } {
  const count = { close: 0, end: 0, error: 0 };
  socket.on("close", () => (count.close += 1));
  socket.on("end", () => (count.end += 1));
  socket.on("error", () => (count.error += 1));
  return count;
}

describe("orderly", () => {
  test("each side ends once, closes once, without an error", async () => {
    const { client, server } = await connected();
    const [atClient, atServer] = [counted(client), counted(server)];
    server.on("data", () => server.end("bye"));
    client.write("hello");
    expect(await text(client)).toBe("bye");
    await Promise.all([client, server].map((socket) => socket.closed || once(socket, "close")));
    expect(atClient).toEqual({ close: 1, end: 1, error: 0 });
    expect(atServer).toEqual({ close: 1, end: 1, error: 0 });
  });

  test("with allowHalfOpen our side stays open behind the peer's end", async () => {
    const { client, server } = await connected({}, { allowHalfOpen: true });
    client.end("question");
    expect(await text(server.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>)).toBe("question");
    expect(server.writable).toBe(true);
    expect(server.readyState).toBe("writeOnly");
    server.end("answer");
    expect(await text(client)).toBe("answer");
  });

  test("without it the peer's end ends our side too", async () => {
    const { client, server } = await connected({ allowHalfOpen: true });
    server.resume();
    client.end();
    client.resume();
    await once(client, "end");
    expect(server.writableEnded).toBe(true);
  });

  test("an end before the handshake waits for it", async () => {
    const { port } = await ourServer({}, (socket) => socket.end("served"));
    const client = ourClient(port, { allowHalfOpen: true });
    client.end();
    expect(await text(client)).toBe("served");
  });

  test("finish comes when the close_notify has gone", async () => {
    const { client, server } = await connected();
    client.end("x");
    await once(client, "finish");
    expect(await text(server)).toBe("x");
  });

  test("what the other side sends behind its end is dropped", async () => {
    const { client, server, rawClient } = await connected({ allowHalfOpen: true });
    const atServer = counted(server);
    rawClient.end = () => rawClient; // the close_notify goes, and something behind it
    client.end();
    rawClient.write("garbage");
    server.resume();
    await once(server, "close");
    expect(atServer).toEqual({ close: 1, end: 1, error: 0 });
  });
});

describe("cut off", () => {
  test("a stream without close_notify is an error, not an end", async () => {
    const { client, server, rawClient } = await connected();
    const atServer = counted(server);
    client.write("half");
    server.resume();
    await once(server, "data");
    rawClient.end();
    expect(await failure(server)).toMatchObject({ kind: "truncation", code: "truncated" });
    expect(atServer).toEqual({ close: 1, end: 0, error: 1 });
  });

  test("what came before can be read first", async () => {
    const { client, server, rawClient } = await connected();
    client.write("half of an answer");
    await once(server, "readable");
    rawClient.end();
    await new Promise((soon) => setTimeout(soon, 50));
    expect(server.destroyed).toBe(false);
    const chunks: string[] = [];
    await expect(
      (async () => {
        for await (const chunk of server) chunks.push(String(chunk));
      })(),
    ).rejects.toMatchObject({ kind: "truncation" });
    expect(chunks.join("")).toBe("half of an answer");
  });

  test("a write then tells of it", async () => {
    const { client, server, rawClient } = await connected();
    client.write("unread");
    await once(server, "readable");
    rawClient.end();
    await new Promise((soon) => setTimeout(soon, 50));
    server.write("x");
    expect(await failure(server)).toMatchObject({ kind: "truncation" });
  });

  test("a reset is the system's error, untouched", async () => {
    const { server, rawClient } = await connected();
    rawClient.resetAndDestroy();
    expect(await failure(server)).toMatchObject({ code: "ECONNRESET" });
  });

  test("a raw socket that somebody destroys is a truncation", async () => {
    const { client, rawClient } = await connected();
    rawClient.destroy();
    expect(await failure(client)).toMatchObject({ kind: "truncation" });
  });

  test("nobody listens: the process and the promise are told", async () => {
    const server = createTcpServer((raw) => raw.end());
    const client = ourClient(await listening(server));
    // The code is the one that node:tls has, and that retries look for.
    await expect(client.established).rejects.toMatchObject({ kind: "truncation", code: "ECONNRESET" });
    await expect(client.established).rejects.toBeInstanceOf(TlsError);
  });

  test("no server at all is the system's error", async () => {
    const client = ourClient(1);
    await expect(client.established).rejects.toMatchObject({ code: "ECONNREFUSED" });
    const late = ourClient(1);
    await failure(late);
    await expect(late.established).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});

describe("destroyed", () => {
  test("before the raw socket is connected", async () => {
    const { port } = await ourServer();
    const client = ourClient(port);
    const count = counted(client);
    const { established } = client;
    client.destroy();
    await expect(established).rejects.toMatchObject({ code: "closed_during_handshake" });
    expect(count).toEqual({ close: 1, end: 0, error: 0 });
  });

  test("during the handshake", async () => {
    const { server, port } = await ourServer();
    const client = ourClient(port, {
      trace: (event) => {
        if (event.type === "message" && event.messageType.name === "ClientHello") client.destroy();
      },
    });
    const count = counted(client);
    const [error] = await once(server, "tlsClientError");
    expect(error).toBeInstanceOf(Error);
    expect(count).toEqual({ close: 1, end: 0, error: 0 });
  });

  test("established: writes fail, the peer sees no close_notify", async () => {
    const { client, server } = await connected();
    const count = counted(client);
    server.resume();
    const writes = Promise.allSettled(
      [1, 2].map(
        () => new Promise<void>((done, failed) => client.write(Buffer.alloc(8 << 20), (e) => (e ? failed(e) : done()))),
      ),
    );
    client.destroy();
    expect((await writes).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    const error = await failure(server);
    expect(error).toBeInstanceOf(Error);
    expect(count).toEqual({ close: 1, end: 0, error: 0 });
  });

  test("with an error, which is emitted once", async () => {
    const { client } = await connected();
    const count = counted(client);
    const mine = new Error("mine");
    client.on("error", (error) => expect(error).toBe(mine));
    client.destroy(mine);
    client.destroy(new Error("later"));
    await once(client, "close").catch(() => undefined);
    expect(client.errored).toBe(mine);
    expect(count).toEqual({ close: 1, end: 0, error: 1 });
  });

  test("by a signal, before or later", async () => {
    const { port } = await ourServer();
    const early = ourClient(port, { signal: AbortSignal.abort() });
    await expect(early.established).rejects.toMatchObject({ name: "AbortError" });
    const controller = new AbortController();
    const client = ourClient(port, { signal: controller.signal });
    await client.established;
    controller.abort();
    expect(await failure(client)).toMatchObject({ name: "AbortError" });
  });
});

describe("an alert", () => {
  test("reaches the peer, though the peer goes on sending", async () => {
    const { server, port } = await ourServer();
    // Not a certificate that the client trusts; and more than the client will read.
    const client = ourClient(port, { ca: pem.cert.slice(0, pem.cert.indexOf("-----END") + 26) });
    const [[error]] = await Promise.all([
      once(server, "tlsClientError"),
      expect(client.established).rejects.toMatchObject({ kind: "peer" }),
    ]);
    expect(error).toMatchObject({ kind: "alert" });
  });

  test("for bytes that are no TLS is written before the raw socket is closed", async () => {
    const { port } = await ourServer();
    const raw = rawSocket(port);
    raw.write("nothing known".padEnd(100_000, "x"));
    const received: Uint8Array[] = [];
    raw.on("data", (bytes: Buffer) => received.push(bytes));
    await once(raw, "end");
    const answer = Buffer.concat(received);
    expect([...answer.subarray(0, 1)]).toEqual([21]);
    expect(answer.at(-2)).toBe(2);
    expect([Alert.unexpectedMessage, Alert.recordOverflow, Alert.decodeError, Alert.protocolVersion]).toContain(
      answer.at(-1),
    );
  });

  test("is not sent for plain HTTP, which gets the end alone", async () => {
    const { server, port } = await ourServer();
    const failed = once(server, "tlsClientError");
    const raw = rawSocket(port);
    raw.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".padEnd(100_000, "x"));
    expect(await text(raw)).toBe("");
    const [error] = await failed;
    expect(error).toMatchObject({ kind: "peer", code: "http_request", alert: undefined });
  });
});
