import { once } from "node:events";
import * as net from "node:net";
import { PassThrough } from "node:stream";
import * as tls from "node:tls";
import { Alert, TlsError } from "@tlskit/tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { connect, createClientContext, createServer, createServerContext, type TlsSocket } from "../src/index.ts";
import { listening, ourClient, ourServer, pem, pki, rawSocket, text } from "./helpers/world.ts";

/** A stream that was read as texts, with some waiting. */
function textsWaiting(): PassThrough {
  const stream = new PassThrough({ encoding: "utf8" });
  stream.write("220 ready");
  return stream;
}

describe("a server", () => {
  test("takes PEM texts, as node:tls does", async () => {
    const server = createServer({ cert: pem.cert, key: pem.key }, (socket) => socket.end("hello"));
    const client = ourClient(await listening(server));
    expect(await text(client)).toBe("hello");
  });

  test.each([
    ["a certificate without its key", { cert: pem.cert }, "no_certificates"],
    ["a key without its certificate", { key: pem.key }, "no_certificates"],
    ["nothing at all", {}, "no_certificates"],
  ])("refuses %s at once", (_what, options, code) => {
    expect(() => createServer(options)).toThrow(expect.objectContaining({ kind: "caller", code }));
  });

  test("refuses the key of another certificate at once", () => {
    expect(() => createServer({ cert: pem.ca, key: pem.key })).toThrow(
      expect.objectContaining({ code: "certificate_key_mismatch" }),
    );
  });

  test("goes over to another certificate for the connections to come", async () => {
    const { server, port } = await ourServer({}, (socket) => socket.end());
    const before = ourClient(port);
    await before.established;
    const { certificate } = pki;
    server.setSecureContext(createServerContext({ certificates: [certificate], alpnProtocols: ["h2"] }));
    const after = ourClient(port, { alpnProtocols: ["h2"] });
    expect((await after.established).alpnProtocol).toBe("h2");
    expect(before.alpnProtocol).toBe(false);
  });

  test("tells which handshakes failed, and why, and serves on", async () => {
    const { server, port } = await ourServer({}, (socket) => socket.end("fine"));
    const failures: [Error, TlsSocket][] = [];
    server.on("tlsClientError", (error: Error, socket: TlsSocket) => failures.push([error, socket]));
    const old = tls.connect({
      port,
      host: "127.0.0.1",
      servername: "localhost",
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    old.on("error", () => undefined);
    await once(server, "tlsClientError");
    const plain = rawSocket(port);
    plain.end("HELO mail.example\r\n");
    await once(server, "tlsClientError");
    expect(failures.map(([error]) => (error instanceof TlsError ? [error.kind, error.alert] : error))).toEqual([
      ["peer", Alert.protocolVersion],
      ["peer", Alert.unexpectedMessage],
    ]);
    expect(failures[0]?.[1].remoteAddress).toBe("127.0.0.1");
    expect(await text(ourClient(port))).toBe("fine");
  });

  test("gives a handshake so much time, and no more", async () => {
    const { server, port } = await ourServer({ handshakeTimeout: 60 });
    const silent = rawSocket(port);
    silent.resume();
    const [error] = await once(server, "tlsClientError");
    expect(error).toMatchObject({ kind: "timeout" });
    await once(silent, "end");
  });
});

describe("a client", () => {
  test("gives a handshake so much time, and no more", async () => {
    const port = await listening(net.createServer());
    await expect(ourClient(port, { handshakeTimeout: 60 }).established).rejects.toMatchObject({ kind: "timeout" });
  });

  test.each([
    ["a stream without a name", { socket: new PassThrough() }, "no_host"],
    ["a stream whose bytes are texts already", { socket: textsWaiting(), host: "localhost" }, "raw_encoding"],
    ["a name that is none", { host: "localhost", servername: "not a name" }, "invalid_host"],
    ["no one to trust", { host: "localhost", ca: "" }, "no_trust_anchors"],
    ["an application protocol that is none", { host: "localhost", alpnProtocols: [""] }, "invalid_alpn_protocol"],
  ])("refuses %s at once, and opens nothing", (_what, options, code) => {
    expect(() => connect({ port: 1, ...options })).toThrow(expect.objectContaining({ kind: "caller", code }));
  });

  test("shares a context among connections with the same options, and with no others", async () => {
    const { port } = await ourServer({ alpnProtocols: ["a", "b"] }, (socket) => socket.resume());
    const lines: string[][] = [[], []];
    const [first, second] = await Promise.all(
      lines.map(async (log, index) => {
        const socket = ourClient(port, { alpnProtocols: [["a"], ["b"]][index], keyLog: (line) => log.push(line) });
        return await socket.established;
      }),
    );
    expect([first?.alpnProtocol, second?.alpnProtocol]).toEqual(["a", "b"]);
    expect(lines.map(({ length }) => length)).toEqual([5, 5]);
  });

  test("with a context made once takes its options from there", async () => {
    const { port } = await ourServer({ alpnProtocols: ["a"] }, (socket) => socket.resume());
    const context = createClientContext({ ca: pki.anchors, alpnProtocols: ["a"] });
    const socket = connect({ host: "localhost", port, context });
    onTestFinished(() => void socket.destroy());
    expect((await socket.established).alpnProtocol).toBe("a");
  });

  test("verifies an address by the address in the certificate", async () => {
    const { port } = await ourServer({}, (socket) => socket.end(String(socket.servername)));
    const socket = connect({ host: "127.0.0.1", port, ca: pki.anchors });
    expect(await text(socket)).toBe("false"); // RFC 6066 §3: an address is no server name
    expect(socket.authorized).toBe(true);
  });

  test("asks for a name in other letters by its A-labels", async () => {
    const { port } = await ourServer();
    const socket = ourClient(port, { servername: "bücher.example" });
    expect(socket.servername).toBe("xn--bcher-kva.example");
    await expect(socket.established).rejects.toMatchObject({ alert: Alert.badCertificate });
  });

  test("has what a socket of node:net has", async () => {
    const { port } = await ourServer({}, (socket) => socket.resume());
    const socket = ourClient(port, { alpnProtocols: ["x"] });
    expect([socket.connecting, socket.pending, socket.readyState, socket.encrypted]).toEqual([
      true,
      true,
      "opening",
      true,
    ]);
    expect([socket.secureConnecting, socket.getProtocol(), socket.getCipher(), socket.authorized]).toEqual([
      true,
      null,
      undefined,
      false,
    ]);
    await once(socket, "connect");
    expect(socket.readyState).toBe("open");
    await once(socket, "secureConnect");
    expect([socket.secureConnecting, socket.getProtocol(), socket.authorized]).toEqual([false, "TLSv1.3", true]);
    expect(socket.remoteAddress).toBe("127.0.0.1");
    expect(socket.remotePort).toBe(port);
    expect(socket.remoteFamily).toBe("IPv4");
    expect(socket.address()).toEqual({ address: "127.0.0.1", family: "IPv4", port: socket.localPort });
    expect(socket.isSessionReused()).toBe(false);
    expect(socket.setKeepAlive(true, 1000).setNoDelay(true).ref().unref().ref()).toBe(socket);
    expect(socket.bytesRead).toBeGreaterThan(500);
    expect(socket.bytesWritten).toBeGreaterThan(300);
    expect(() => socket.exportKeyingMaterial(0, "EXPORTER-x")).toThrow(expect.objectContaining({ kind: "caller" }));
  });

  test("tells of silence", async () => {
    const { port } = await ourServer({}, (socket) => socket.resume());
    const socket = ourClient(port);
    await socket.established;
    let called = false;
    socket.setTimeout(40, () => {
      called = true;
    });
    await once(socket, "timeout");
    expect(called).toBe(true);
    expect(socket.timeout).toBe(40);
    expect(socket.destroyed).toBe(false);
  });
});
