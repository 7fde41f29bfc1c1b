import { once } from "node:events";
import * as tls from "node:tls";
import { TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 } from "@tlskit/ciphersuites";
import { Alert, ExternalPsk, type PskProtocol, tls12With, tls13 } from "@tlskit/tls";
import { ecdhePskWith, type PskOptions } from "@tlskit/tls/psk";
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

describe.each(["TLSv1.3", "TLSv1.2"] as const)("keys by callbacks, as Node's own tls has them, in %s", (version) => {
  const ciphers = "TLS_AES_128_GCM_SHA256:ECDHE-PSK-CHACHA20-POLY1305";
  const common = { minVersion: version, maxVersion: version };
  const suites = { cipherSuites: [TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256] };
  const versionsWith = (options: PskOptions) => [
    version === "TLSv1.3" ? tls13 : tls12With({ ...suites, keyExchanges: [ecdhePskWith(options)] }),
  ];
  const keyFor = (identity: string, protocol: PskProtocol): ExternalPsk =>
    new ExternalPsk({ identity: Buffer.from(identity), key, protocol });
  const hint = version === "TLSv1.2" ? "whoever you are" : undefined;

  test("a client of ours gives its key to their server", async () => {
    const server = tls.createServer({
      ...common,
      ciphers,
      pskIdentityHint: "whoever you are",
      pskCallback: (socket, identity) => (identity === "client 1" ? key : socket.destroy() && null),
    });
    server.on("secureConnection", (socket) => socket.end("known"));
    const hints: (string | undefined)[] = [];
    const socket = connect({
      port: await listening(server),
      host: "localhost",
      versions: versionsWith({}),
      externalPskFor: ({ protocol, hint: told }) => {
        hints.push(told && Buffer.from(told).toString());
        return keyFor("client 1", protocol);
      },
    });
    expect(await text(socket)).toBe("known");
    expect(hints).toEqual([hint]);
    expect([socket.authorized, socket.getProtocol()]).toEqual([true, version]);
  });

  test("a server of ours finds the key of their client", async () => {
    const server = createServer(
      {
        versions: versionsWith({ identityHint: Buffer.from("whoever you are") }),
        externalPsks: ({ identity, protocol }) => keyFor(Buffer.from(identity).toString(), protocol),
      },
      (socket) => socket.end(`${Buffer.from(socket.info?.externalPsk?.identity ?? [])}`),
    );
    const hints: unknown[] = [];
    const client = tls.connect({
      ...common,
      ciphers,
      port: await listening(server),
      host: "localhost",
      checkServerIdentity: () => undefined,
      pskCallback: (told) => {
        hints.push(told);
        return { psk: key, identity: "client 7" };
      },
    });
    expect(await text(client)).toBe("client 7");
    // It asks with TLS 1.3 in mind before it knows.
    expect(hints.at(-1)).toBe(hint ?? null);
  });
});
