import { once } from "node:events";
import { Alert, ExternalPsk } from "@tlskit/tls";
import { describe, expect, test } from "vitest";
import { connect, createPskClientContext, createServer, type TlsSocket } from "../src/index.ts";
import { listening, pki, text } from "./helpers/world.ts";

const key = new Uint8Array(32).fill(0x5a);
const named = (name: string): ExternalPsk => new ExternalPsk({ identity: Buffer.from(name), key });
const psk = named("client 1");

/** A server with pre-shared keys and nothing else, which says whom it serves. */
const pskServer = () =>
  listening(
    createServer({ externalPsks: [psk] }, (socket) =>
      socket.end(`${Buffer.from(socket.info?.externalPsk?.identity ?? [])}, ${socket.authorized}`),
    ),
  );

const refusal = async (socket: TlsSocket): Promise<unknown> =>
  (await once(socket, "error").catch((error) => [error]))[0];

describe("a client with pre-shared keys", () => {
  test("needs no certificates, and is known to the server by its key's name", async () => {
    const port = await pskServer();
    const socket = connect({ port, host: "localhost", externalPsks: [psk] });
    expect(await text(socket)).toBe("client 1, true");
    expect(socket.info?.externalPsk).toBe(psk);
    expect([socket.authorized, socket.authorizationError, socket.peerCertificates]).toEqual([true, null, []]);
  });

  test("has a context that serves any number of connections", async () => {
    const port = await pskServer();
    const context = createPskClientContext({ externalPsks: [psk] });
    for (const _ of [1, 2]) expect(await text(connect({ port, host: "localhost", context }))).toBe("client 1, true");
  });

  test("refuses a server that has another key, or shows a certificate, unless told whom to trust", async () => {
    const port = await pskServer();
    const stranger = connect({ port, host: "localhost", externalPsks: [named("client 2")] });
    expect(await refusal(stranger)).toMatchObject({ kind: "alert", alert: Alert.decryptError });
    const certificates = [pki.certificate];
    const other = await listening(createServer({ certificates }, (socket) => socket.end("hello")));
    const alone = connect({ port: other, host: "localhost", externalPsks: [psk] });
    expect(await refusal(alone)).toMatchObject({ kind: "alert", alert: Alert.missingExtension });
    const either = connect({ port: other, host: "localhost", externalPsks: [psk], ca: pki.anchors });
    expect(await text(either)).toBe("hello");
    expect(either.peerCertificates).not.toHaveLength(0);
  });

  test("accepts nobody else, whatever is allowed", () => {
    const unverified = { rejectUnauthorized: false, dangerouslyAllowUnverified: true };
    expect(() => connect({ port: 1, externalPsks: [psk], ...unverified })).toThrow(
      expect.objectContaining({ kind: "caller", code: "conflicting_options" }),
    );
  });
});
