import { alertName } from "@tlskit/tls";
import { describe, expect, test } from "vitest";
import { codeOf, failure, read, say, text, write } from "./helpers/streams.ts";
import { opened, pair, providers } from "./helpers/world.ts";

describe.each(providers)("a socket, by $name", (provider) => {
  test("goes there and back, and ends in order", async () => {
    const { client, server } = await pair({ provider });
    await Promise.all([
      say(client.writable, "question"),
      (async () => {
        expect(await text(server.readable)).toBe("question");
        await say(server.writable, "answer");
      })(),
    ]);
    expect(await text(client.readable)).toBe("answer");
    await Promise.all([client.closed, server.closed]);
  });

  test("tells what was negotiated when it has opened", async () => {
    const protocols = { alpnProtocols: ["tlskit"] };
    const { client, server } = await pair({ provider, client: protocols, server: protocols });
    const [atClient, atServer] = await Promise.all([client.opened, server.opened]);
    expect(atClient).toMatchObject({ role: "client", alpn: "tlskit", version: 0x0304, serverName: "server.example" });
    expect(atServer).toMatchObject({ role: "server", alpn: "tlskit", resumed: false });
    expect(client.alpn).toBe("tlskit");
    expect(client.info?.peer.certificates).toHaveLength(2);
  });

  test("a server that isn't trusted is refused at both ends", async () => {
    const { client, server } = await pair({ provider, connect: { host: "another.example" } });
    const [atClient, atServer] = await Promise.all([failure(client.opened), failure(server.opened)]);
    expect(atClient).toMatchObject({ kind: "peer", code: "certificate_name_mismatch" });
    expect(atServer.kind).toBe("alert");
    expect(alertName(atServer.alert ?? -1)).toBe("bad_certificate");
    expect(await codeOf(client.closed)).toBe(atClient.code);
    expect(await codeOf(text(client.readable))).toBe(atClient.code);
    expect(await codeOf(write(client.writable, "x"))).toBe(atClient.code);
    expect(await codeOf(server.closed)).toBe(atServer.code);
  });

  test("keys are updated, and nothing is lost", async () => {
    const { client, server } = await opened({ provider });
    client.updateKeys(true);
    await write(client.writable, "one");
    expect(await read(server.readable, 3)).toBe("one");
    server.updateKeys();
    await write(server.writable, "two");
    expect(await read(client.readable, 3)).toBe("two");
  });

  test("both ends have the same keying material and channel binding", async () => {
    const { client, server } = await opened({ provider });
    const context = new Uint8Array(0);
    expect(client.exportKeyingMaterial("EXPORTER-tlskit", context, 32)).toEqual(
      server.exportKeyingMaterial("EXPORTER-tlskit", context, 32),
    );
    expect(client.channelBinding("tls-exporter")).toEqual(server.channelBinding("tls-exporter"));
    expect(client.finished?.sent).toEqual(server.finished?.received);
  });
});
