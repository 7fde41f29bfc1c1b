import { secp384r1, TLS_AES_256_GCM_SHA384, x25519 } from "@tlskit/ciphersuites";
import { Alert, ExternalPsk, type ExternalPskOptions } from "@tlskit/tls";
import { expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { OpensslServer, opensslClient, opensslPskClient } from "../src/openssl.ts";
import { OurServer, type OurServerOptions, ourPskClient } from "../src/ours.ts";
import { scratchPath } from "../src/scratch.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { sessions, tickets } from "./helpers/sessions.ts";
import { expectData, showing } from "./helpers/settings.ts";

const named = { name: "client 1", key: "000102030405060708090a0b0c0d0e0f" };
const other = { name: "client 1", key: "ff0102030405060708090a0b0c0d0e0f" };
const keyOf = ({ name, key }: typeof named, more: Partial<ExternalPskOptions> = {}): ExternalPsk =>
  new ExternalPsk({ identity: Buffer.from(name), key: Buffer.from(key, "hex"), ...more });
const psk = keyOf(named);
const retrying = { namedGroups: [x25519, secp384r1], keyShareGroups: [x25519] };

describePeer("openssl", "our client and openssl s_server have a pre-shared key", () => {
  it.each([
    ["and need no certificates", [], {}],
    ["also with a HelloRetryRequest", ["-groups", "P-384"], retrying],
  ])("%s", async (_what, args, options) => {
    const server = await OpensslServer.startWithPsk(named, "-tls1_3", ...args);
    const peer = server.next();
    const ours = ourPskClient(server.port, {
      externalPsks: [keyOf({ name: "nobody", key: named.key }), psk],
      ...options,
    });
    expect((await ours.established()).externalPsk).toBe(psk);
    await expectData(ours, peer);
    await ours.end();
    await peer.closed();
  });

  it("and resume what began with it", async () => {
    const server = await OpensslServer.startWithPsk(named, "-tls1_3");
    const options = { externalPsks: [psk], sessions: sessions() };
    const infos = [];
    for (const _ of ["first", "second"]) {
      const peer = server.next();
      const ours = ourPskClient(server.port, options);
      infos.push(await ours.established());
      await expectData(ours, peer);
      await ours.end();
      await peer.closed();
    }
    expect(infos).toMatchObject([{ resumed: false }, { resumed: true }]);
    expect(infos.map(({ externalPsk }) => externalPsk)).toEqual([psk, psk]);
  });

  it("and not another one of the same name", async () => {
    const server = await OpensslServer.startWithPsk(named, "-tls1_3");
    const ours = ourPskClient(server.port, { externalPsks: [keyOf(other)] });
    // OpenSSL answers a wrong binder with illegal_parameter.
    expect(await ours.failure()).toMatchObject({ kind: "alert", alert: Alert.illegalParameter });
  });

  it("and no certificate instead", async () => {
    const server = await OpensslServer.start(identity("P-256"), "-tls1_3");
    const ours = ourPskClient(server.port, { externalPsks: [psk] });
    expect(await ours.failure()).toMatchObject({ kind: "alert" });
  });
});

describePeer("openssl", "openssl s_client and our server have a pre-shared key", () => {
  async function listening(options: Partial<OurServerOptions> = {}) {
    const server = await OurServer.listen(showing([], { externalPsks: [psk], ...options }));
    onTestFinished(() => server.close());
    return server;
  }

  it.each<[string, Partial<OurServerOptions>]>([
    ["and need no certificates", {}],
    ["which is found later", { externalPsks: async ({ identity }) => (identity.length === 8 ? psk : undefined) }],
    ["also with a HelloRetryRequest", { namedGroups: [secp384r1] }],
    ["also where there are certificates", { certificates: showing([identity("P-256")]).certificates }],
  ])("%s", async (_what, options) => {
    const server = await listening(options);
    const peer = opensslPskClient(server.port, named, "-tls1_3");
    const ours = await server.accept();
    expect((await ours.established()).externalPsk).toBe(psk);
    await expectData(ours, peer);
    expect(peer.output).toContain("no peer certificate available");
    peer.end();
    expect(await ours.closed).toBeUndefined();
    await peer.closed();
  });

  it("and resume what began with it", async () => {
    const server = await listening(tickets());
    const kept = scratchPath("session.pem");
    for (const resumed of [false, true]) {
      const session = resumed ? ["-sess_in", kept] : ["-sess_out", kept];
      const peer = opensslPskClient(server.port, named, "-tls1_3", ...session);
      const ours = await server.accept();
      const info = await ours.established();
      expect([info.resumed, info.externalPsk]).toEqual([resumed, psk]);
      await expectData(ours, peer);
      peer.end();
      await ours.closed;
      await peer.closed();
    }
  });

  it("and not another one of the same name, nor one for a hash that OpenSSL's hasn't", async () => {
    const server = await listening();
    opensslPskClient(server.port, other, "-tls1_3");
    expect(await (await server.accept()).failure()).toMatchObject({ code: "bad_binder", alert: Alert.decryptError });
    const sha384 = await listening({
      externalPsks: [keyOf(named, { hash: "SHA-384" })],
      cipherSuites: [TLS_AES_256_GCM_SHA384],
    });
    opensslPskClient(sha384.port, named, "-tls1_3");
    expect(await (await sha384.accept()).failure()).toMatchObject({ code: "bad_binder" });
  });

  it("but not one without it", async () => {
    const server = await listening();
    opensslClient(server.port, identity("P-256"));
    expect(await (await server.accept()).failure()).toMatchObject({
      code: "no_certificate",
      alert: Alert.handshakeFailure,
    });
  });
});
