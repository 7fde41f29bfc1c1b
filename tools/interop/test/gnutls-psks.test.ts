import { secp384r1, x25519 } from "@tlskit/ciphersuites";
import { Alert, ExternalPsk } from "@tlskit/tls";
import { expect, it, onTestFinished } from "vitest";
import { GnutlsServer, gnutlsPskClient, gnutlsPsks } from "../src/gnutls.ts";
import { OurServer, type OurServerOptions, ourPskClient } from "../src/ours.ts";
import type { NamedKey } from "../src/peer.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { sessions } from "./helpers/sessions.ts";
import { expectData, showing } from "./helpers/settings.ts";

const keyOf = ({ name, key }: NamedKey): ExternalPsk =>
  new ExternalPsk({ identity: Buffer.from(name), key: Buffer.from(key, "hex") });
const tls13 = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-KX-ALL";
const priority = ["--priority", `${tls13}:+ECDHE-PSK:+DHE-PSK`];
const retrying = { namedGroups: [x25519, secp384r1], keyShareGroups: [x25519] };

describePeer("gnutls", "our client and gnutls-serv have a pre-shared key", () => {
  it.each([
    ["and need no certificates", priority, {}],
    ["also with a HelloRetryRequest", [`${priority[0]}`, `${priority[1]}:-GROUP-ALL:+GROUP-SECP384R1`], retrying],
    [
      "and nothing else, by the option that is called dangerous",
      ["--priority", `${tls13}:+PSK`],
      { dangerousPskWithoutKeyExchange: true },
    ],
  ])("%s", async (_what, args, options) => {
    const { file, psks } = gnutlsPsks("client 1", "client 2");
    const server = await GnutlsServer.startWithPsks(file, ...args);
    for (const psk of psks.map(keyOf)) {
      const peer = server.next();
      const ours = ourPskClient(server.port, { externalPsks: [psk], ...options });
      const info = await ours.established();
      expect(info.externalPsk).toBe(psk);
      expect(info.namedGroup === undefined).toBe("dangerousPskWithoutKeyExchange" in options);
      await expectData(ours, peer);
      await peer.waitForLine(new RegExp(`^- PSK authentication. Connected as '${Buffer.from(psk.identity)}'`));
      await ours.end();
    }
  });

  it("and resume what began with it", async () => {
    const { file, psks } = gnutlsPsks("client 1");
    const server = await GnutlsServer.startWithPsks(file, ...priority);
    const options = { externalPsks: psks.map(keyOf), sessions: sessions() };
    const infos = [];
    for (const _ of ["first", "second"]) {
      const peer = server.next();
      const ours = ourPskClient(server.port, options);
      infos.push(await ours.established());
      await expectData(ours, peer);
      await ours.end();
    }
    expect(infos).toMatchObject([{ resumed: false }, { resumed: true }]);
  });

  it("and not another one of the same name", async () => {
    const { file } = gnutlsPsks("client 1");
    const server = await GnutlsServer.startWithPsks(file, ...priority);
    const ours = ourPskClient(server.port, { externalPsks: [keyOf({ name: "client 1", key: "00".repeat(16) })] });
    expect(await ours.failure()).toMatchObject({ kind: "alert" });
  });
});

describePeer("gnutls", "gnutls-cli and our server have a pre-shared key", () => {
  const named = { name: "client 1", key: "000102030405060708090a0b0c0d0e0f" };
  const psk = keyOf(named);

  async function listening(options: Partial<OurServerOptions> = {}) {
    const server = await OurServer.listen(showing([], { externalPsks: [psk], ...options }));
    onTestFinished(() => server.close());
    return server;
  }

  it.each([
    ["and need no certificates", priority, {}],
    ["also with a HelloRetryRequest", priority, { namedGroups: [secp384r1] }],
    [
      "and nothing else, by the option that is called dangerous",
      ["--priority", `${tls13}:+PSK`],
      { dangerousPskWithoutKeyExchange: true },
    ],
  ])("%s", async (_what, args, options) => {
    const server = await listening(options);
    const peer = gnutlsPskClient(server.port, named, ...args);
    const ours = await server.accept();
    expect((await ours.established()).externalPsk).toBe(psk);
    await expectData(ours, peer);
    expect(peer.output).toContain("- PSK authentication. Connected as 'client 1'");
    peer.end();
    expect(await ours.closed).toBeUndefined();
    await peer.closed();
  });

  it("and not another one of the same name", async () => {
    const server = await listening();
    gnutlsPskClient(server.port, { ...named, key: "00".repeat(16) }, ...priority);
    expect(await (await server.accept()).failure()).toMatchObject({ code: "bad_binder", alert: Alert.decryptError });
  });

  it("and not without a key exchange, which GnuTLS would do", async () => {
    const server = await listening();
    gnutlsPskClient(server.port, named, "--priority", `${tls13}:+PSK`);
    expect(await (await server.accept()).failure()).toMatchObject({ alert: Alert.handshakeFailure });
  });
});
