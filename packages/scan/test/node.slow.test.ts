import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeOptions, nodeTransport } from "../src/node.ts";
import { scan } from "../src/scan.ts";

/** A server that says what it hears, and ends when its client does. */
const server: Server = createServer((socket) => {
  sockets.add(socket);
  socket.on("error", () => {});
  socket.on("close", () => sockets.delete(socket));
  socket.on("data", (bytes) => socket.write(bytes));
  socket.on("end", () => socket.end());
});
const sockets = new Set<Socket>();
let port = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  // One that listens by TCP has such an address.
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

describe("TCP as a transport of a scan", () => {
  it("carries octets both ways, and ends", async () => {
    const { readable, writable } = await nodeTransport().connect(
      { host: "127.0.0.1", port },
      new AbortController().signal,
    );
    const [reader, writer] = [readable.getReader(), writable.getWriter()];
    await writer.write(Uint8Array.of(1, 2, 3));
    expect(await reader.read()).toEqual({ done: false, value: Uint8Array.of(1, 2, 3) });
    await writer.close();
    expect(await reader.read()).toMatchObject({ done: true });
  });

  it("gives a connection up by its signal", async () => {
    const controller = new AbortController();
    const { readable } = await nodeTransport().connect({ host: "127.0.0.1", port }, controller.signal);
    const read = readable.getReader().read();
    controller.abort();
    await expect(read).rejects.toMatchObject({ code: "unreachable" });
  });

  it("says who refuses", async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => void gone.listen(0, "127.0.0.1", resolve));
    const to = { host: "127.0.0.1", port: (gone.address() as AddressInfo).port };
    await new Promise((resolve) => gone.close(resolve));
    const promised = nodeTransport().connect(to, new AbortController().signal);
    await expect(promised).rejects.toMatchObject({ code: "refused" });
  });

  it("resolves names", async () => {
    expect(await nodeTransport().resolve?.("127.0.0.1", new AbortController().signal)).toEqual(["127.0.0.1"]);
  });

  it("has a server scanned that says whatever it hears", async () => {
    const report = await scan({ host: "127.0.0.1", port }, nodeOptions());
    expect(report).toMatchObject({ state: "unreached", code: "no_tls" });
    // All its connections are over.
    for (let waits = 0; sockets.size > 0 && waits < 1000; waits += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(sockets.size).toBe(0);
  });
});
