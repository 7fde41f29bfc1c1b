import { once } from "node:events";
import * as net from "node:net";
import { describe, expect, test } from "vitest";
import { connected, listening, ourClient, ourServer, text } from "./helpers/world.ts";

describe("a TlsSocket is a net.Socket", () => {
  test("in types and at run time", async () => {
    const { client } = await connected();
    const asked: net.Socket = client;
    expect(asked).toBeInstanceOf(net.Socket);
    expect(asked.remoteFamily).toMatch(/IPv[46]/);
    client.destroy();
  });

  test("which has its connection already", async () => {
    const { client } = await connected();
    expect(() => client.connect()).toThrow(expect.objectContaining({ code: "already_connected" }));
    client.destroy();
  });

  test("and tells whether it is connecting, in a property of its own", async () => {
    const { port } = await ourServer({}, (socket) => socket.end());
    const client = ourClient(port);
    expect([client.connecting, client.pending, client.readyState]).toEqual([true, true, "opening"]);
    await once(client, "connect");
    expect([client.connecting, client.pending, client.readyState]).toEqual([false, false, "open"]);
    await text(client);
    expect(client.readyState).toBe("closed");
  });

  test.each<[string, BufferEncoding]>([
    ["é, in UTF-8", "utf8"],
    ["c3a9, in Base64", "base64"],
    ["c3a9", "hex"],
  ])("that writes texts, in their encoding: %s", async (written, encoding) => {
    const { port } = await ourServer({}, (socket) => {
      socket.cork();
      socket.write(written, encoding);
      socket.write(written, encoding);
      socket.uncork();
      socket.end(written, encoding);
    });
    const one = Buffer.from(written, encoding).toString();
    expect(await text(ourClient(port))).toBe(one.repeat(3));
  });

  test("whose reset resets the connection below", async () => {
    const server = net.createServer();
    const client = ourClient(await listening(server));
    const [raw] = await once(server, "connection");
    raw.resume();
    await once(client, "connect");
    client.resetAndDestroy();
    const [error] = await once(raw, "error");
    expect(error).toMatchObject({ code: "ECONNRESET" });
  });
});
