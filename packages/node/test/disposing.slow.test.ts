import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { createHttp2Server, createHttpsServer, createServer } from "../src/index.ts";
import { connected, pki } from "./helpers/world.ts";

const certificates = [pki.certificate];

describe("await using", () => {
  it("destroys a socket, and waits until it is closed", async () => {
    const { client, server } = await connected();
    {
      await using socket = client;
      expect(socket.destroyed).toBe(false);
    }
    expect(client.closed).toBe(true);
    await new Promise((gone) => server.resume().once("close", gone));
  });

  it("leaves a socket alone that is closed, as after its last byte was read", async () => {
    const { client, server } = await connected();
    server.end("all");
    await using socket = client;
    let heard = "";
    for await (const chunk of socket) heard += chunk;
    expect(heard).toBe("all");
    expect(socket.destroyed).toBe(true);
  });

  it.each([
    ["createServer", () => createServer({ certificates })],
    ["createHttpsServer", () => createHttpsServer({ certificates })],
    ["createHttp2Server", () => createHttp2Server({ certificates })],
  ])("closes what %s makes", async (_, made) => {
    const listening = made().listen(0);
    await once(listening, "listening");
    {
      await using server = listening;
      expect(server.listening).toBe(true);
    }
    expect(listening.listening).toBe(false);
  });
});

describe("for await", () => {
  it("reads a socket to its end, and destroys it if it is left before", async () => {
    const { client, server } = await connected();
    server.write("one");
    for await (const chunk of client) {
      expect(String(chunk)).toBe("one");
      break;
    }
    expect(client.destroyed).toBe(true);
  });
});
