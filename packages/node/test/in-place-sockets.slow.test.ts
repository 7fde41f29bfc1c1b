import { once } from "node:events";
import { connect as connectTcp, createServer as createTcpServer, Socket } from "node:net";
import { duplexPair } from "node:stream";
import * as node from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import * as ours from "../src/tls/index.ts";
import { listening, pem } from "./helpers/world.ts";

type Tls = Pick<typeof node, "connect" | "createServer" | "TLSSocket">;

const { ca, cert, key } = pem;
const toUs = { host: "127.0.0.1", servername: "localhost", ca };

/** What either is called by here, as Node's types have it: theirs are about classes of their own. */
const both: readonly (readonly [string, Tls])[] = [
  ["node:tls", node],
  ["ours", ours as unknown as Tls],
];

describe.each(both)("a socket of %s", (_, tls) => {
  async function pair(
    clientOptions: node.ConnectionOptions = {},
    serverOptions: node.TlsOptions = {},
  ): Promise<{ client: node.TLSSocket; server: node.TLSSocket; port: number }> {
    const listener = tls.createServer({ cert, key, ...serverOptions });
    const port = await listening(listener);
    const accepted = once(listener, "secureConnection");
    const client = tls.connect({ ...toUs, port, ...clientOptions });
    onTestFinished(() => void client.destroy());
    await once(client, "secureConnect");
    const [server] = await accepted;
    if (!(server instanceof tls.TLSSocket)) throw new TypeError("not a TLSSocket");
    return { client, server, port };
  }

  test("tells the certificate of its own end", async () => {
    const { client, server } = await pair();
    expect(server.getX509Certificate()?.raw).toEqual(client.getPeerX509Certificate()?.raw);
    expect(server.getCertificate()).toMatchObject({ subjectaltname: client.getPeerCertificate().subjectaltname });
    expect([client.getCertificate(), client.getX509Certificate()]).toEqual([{}, undefined]);
    client.destroy();
    expect([client.getCertificate(), client.getX509Certificate()]).toEqual([null, undefined]);
  });

  test("tells the certificate that was chosen for a name", async () => {
    const listener = tls.createServer({});
    listener.addContext("localhost", { cert, key });
    const accepted = once(listener, "secureConnection");
    const client = tls.connect({ ...toUs, port: await listening(listener) });
    onTestFinished(() => void client.destroy());
    const [server] = await accepted;
    expect(server.getX509Certificate()?.raw).toEqual(client.getPeerX509Certificate()?.raw);
  });

  test.each([
    ["length", "label", undefined, "ERR_INVALID_ARG_TYPE"],
    [0, "label", undefined, "ERR_OUT_OF_RANGE"],
    [1.5, "label", undefined, "ERR_OUT_OF_RANGE"],
    [2 ** 32, "label", undefined, "ERR_OUT_OF_RANGE"],
    [1, 1, undefined, "ERR_INVALID_ARG_TYPE"],
    [1, "label", "context", "ERR_INVALID_ARG_TYPE"],
  ])("exports no %j bytes for %j with the context %j", async (...given) => {
    const code = given.pop();
    const { client } = await pair();
    expect(() => Reflect.apply(client.exportKeyingMaterial, client, given)).toThrow(expect.objectContaining({ code }));
  });

  test("exports nothing before it is secure, and Buffers then", async () => {
    const { port } = await pair();
    const client = tls.connect({ ...toUs, port });
    onTestFinished(() => void client.destroy());
    const label = "EXPORTER-test";
    expect(() => client.exportKeyingMaterial(8, label, Buffer.alloc(1))).toThrow(
      expect.objectContaining({ code: "ERR_TLS_INVALID_STATE" }),
    );
    await once(client, "secureConnect");
    expect(client.exportKeyingMaterial(8, label, Buffer.alloc(1))).toEqual(expect.any(Buffer));
  });

  test.each([
    [undefined, "ERR_INVALID_ARG_TYPE"],
    ["512", "ERR_INVALID_ARG_TYPE"],
    [Number.NaN, "ERR_OUT_OF_RANGE"],
    [2 ** 31, "ERR_OUT_OF_RANGE"],
  ])("has no fragments of %j bytes", async (size, code) => {
    const { client } = await pair();
    expect(() => Reflect.apply(client.setMaxSendFragment, client, [size])).toThrow(expect.objectContaining({ code }));
    expect([client.setMaxSendFragment(511), client.setMaxSendFragment(512)]).toEqual([false, true]);
  });

  test("of TLS 1.3 makes no other handshake", async () => {
    const { client } = await pair();
    for (const given of [[], [null], [{}, null]]) {
      expect(() => Reflect.apply(client.renegotiate, client, given)).toThrow(
        expect.objectContaining({ code: "ERR_INVALID_ARG_TYPE" }),
      );
    }
    const refused = new Promise((resolve) => expect(client.renegotiate({}, resolve)).toBe(false));
    expect(await refused).toMatchObject({
      message: "error:0A00010A:SSL routines::wrong ssl version",
      code: "ERR_SSL_WRONG_SSL_VERSION",
    });
    client.disableRenegotiation();
  });

  test("has the name that it asks for from the beginning", async () => {
    const { client, server } = await pair();
    expect(() => Reflect.apply(Reflect.get(client, "setServername"), client, [1])).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_ARG_TYPE" }),
    );
    expect(() => Reflect.apply(Reflect.get(server, "setServername"), server, ["localhost"])).toThrow(
      expect.objectContaining({ code: "ERR_TLS_SNI_FROM_SERVER" }),
    );
  });

  test("of TLS 1.2 tells its session when the server is verified, and has it before", async () => {
    const { port } = await pair({}, { maxVersion: "TLSv1.2" });
    const client = tls.connect({ ...toUs, port });
    onTestFinished(() => void client.destroy());
    const events: string[] = [];
    client.once("secureConnect", () => events.push(`secureConnect, ${client.getSession() !== undefined}`));
    const [session] = await once(client, "session");
    expect(events).toEqual(["secureConnect, true"]);
    expect(session).toEqual(client.getSession());
  });

  test("made without a stream is connected later, and is of its server", async () => {
    const { port } = await pair();
    const raw = new Socket();
    const client = tls.connect({ socket: raw, servername: "localhost", ca });
    onTestFinished(() => void client.destroy());
    raw.connect(port, "127.0.0.1");
    await once(client, "secureConnect");
    expect(client.authorized).toBe(true);
  });

  test("over a stream that was there has that one's allowHalfOpen", () => {
    const half = [{ allowHalfOpen: true }, { allowHalfOpen: false }].map((option) => {
      const [stream] = duplexPair(option);
      const other: object = { allowHalfOpen: !option.allowHalfOpen };
      return new tls.TLSSocket(stream, other).allowHalfOpen;
    });
    expect(half).toEqual([true, false]);
    expect(Reflect.construct(tls.TLSSocket, [undefined, { allowHalfOpen: true }])).toMatchObject({
      allowHalfOpen: true,
    });
  });

  test("is aborted by a signal", async () => {
    const controller = new AbortController();
    const { port } = await pair();
    const client = tls.connect(Object.assign({ ...toUs, port }, { signal: controller.signal }));
    controller.abort();
    expect(await once(client, "error")).toMatchObject([{ name: "AbortError" }]);
  });

  test("whose peer hangs up before it is secure tells where it was to go", async () => {
    const port = await listening(createTcpServer((socket) => void socket.end()));
    const [error] = await once(tls.connect({ ...toUs, port, localAddress: "127.0.0.1" } as object), "error");
    expect(error).toMatchObject({
      message: "Client network socket disconnected before secure TLS connection was established",
      code: "ECONNRESET",
      path: undefined,
      host: "127.0.0.1",
      port,
      localAddress: "127.0.0.1",
    });
    const raw = connectTcp(port, "127.0.0.1");
    const [other] = await once(tls.connect({ socket: raw }), "error");
    expect(other).toMatchObject({ code: "ECONNRESET", path: undefined, host: undefined, port: undefined });
  });

  test("gives all that there is to whoever is told that there is something, record by record or not", async () => {
    const { client, server } = await pair();
    let received = "";
    client.on("readable", () => {
      received += String(client.read() ?? "");
    });
    for (const part of ["a", "b", "c"]) server.write(part);
    server.end();
    await once(client, "end");
    expect(received).toBe("abc");
  });
});
