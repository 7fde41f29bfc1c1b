import { availableTls12CipherSuites, type Tls12CipherSuite, tls12CipherSuites } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { Alert, ExternalPsk, type PskClientOptions, tls12With, tls13 } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { dhePskWith, ecdhePskWith, type PskOptions, pskWith, rsaPskWith } from "@tlskit/tls/psk";
import { renegotiation } from "@tlskit/tls/renegotiation";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Identity, identity } from "../src/certificates.ts";
import { GnutlsServer, gnutlsClient, gnutlsPskClient, gnutlsPsks } from "../src/gnutls.ts";
import { OpensslServer, opensslClient, opensslName, opensslPskClient, pskOptions } from "../src/openssl.ts";
import { OurServer, type OurServerOptions, ourPskClient } from "../src/ours.ts";
import type { NamedKey } from "../src/peer.ts";
import { scratchPath } from "../src/scratch.ts";
import { expectOrderlyEnd } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { sessions, tickets } from "./helpers/sessions.ts";
import { expectData, showing, trusting } from "./helpers/settings.ts";

const named: NamedKey = { name: "client 1", key: "000102030405060708090a0b0c0d0e0f" };
const other: NamedKey = { name: "client 1", key: "ff0102030405060708090a0b0c0d0e0f" };
const keyOf = ({ name, key }: NamedKey): ExternalPsk =>
  new ExternalPsk({ identity: Buffer.from(name), key: Buffer.from(key, "hex"), protocol: "TLS 1.2" });
const psk = keyOf(named);

/** Debian's OpenSSL has no 3DES. */
const isTripleDes = ({ protection }: Tls12CipherSuite): boolean =>
  protection.type === "CBC" && protection.cipher === "3DES-EDE-CBC";
const suites = availableTls12CipherSuites(nodeProvider, tls12CipherSuites).filter(({ keyExchange }) =>
  keyExchange.endsWith("PSK"),
);
/** Those of RFC 8442 it hasn't got: GnuTLS has. */
const opensslSuites = suites.filter((suite) => suite.aliases.length > 0 && !isTripleDes(suite));
const oneOfEach = ["ECDHE_PSK", "DHE_PSK", "PSK", "RSA_PSK"].flatMap(
  (name) => opensslSuites.find(({ keyExchange }) => keyExchange === name) ?? [],
);

const certificate = (suite: Tls12CipherSuite): Identity | undefined =>
  suite.certificateKey === undefined ? undefined : identity("RSA");

const withSuite = (suite: Tls12CipherSuite, options: PskOptions = {}) => [
  tls12With({
    cipherSuites: [suite],
    keyExchanges: [ecdhePskWith(options), dhePskWith(options), pskWith(options), rsaPskWith(options)],
    cbc,
  }),
];

function ourClient(port: number, suite: Tls12CipherSuite, options: Partial<PskClientOptions> = {}) {
  const shown = certificate(suite);
  const trust = shown && { anchors: trusting(shown).anchors };
  return ourPskClient(port, { externalPsks: [psk], versions: withSuite(suite), ...trust, ...options });
}

async function ourServer(suite: Tls12CipherSuite, options: Partial<OurServerOptions> = {}) {
  const shown = certificate(suite);
  const settings = { externalPsks: [psk], versions: withSuite(suite), ...options };
  const server = await OurServer.listen(showing(shown === undefined ? [] : [shown], settings));
  onTestFinished(() => server.close());
  return server;
}

describePeer("openssl", "pre-shared keys in TLS 1.2 with openssl", () => {
  const told = (suite: Tls12CipherSuite) => ["-tls1_2", "-cipher", opensslName(suite)];
  const serving = async (suite: Tls12CipherSuite, ...args: readonly string[]): Promise<OpensslServer> => {
    const shown = certificate(suite);
    return shown === undefined
      ? await OpensslServer.startWithPsk(named, ...told(suite), ...args)
      : await OpensslServer.start(shown, ...pskOptions(named), ...told(suite), ...args);
  };
  const connecting = (port: number, suite: Tls12CipherSuite, key: NamedKey, ...args: readonly string[]) => {
    const shown = certificate(suite);
    return shown === undefined
      ? opensslPskClient(port, key, ...told(suite), ...args)
      : opensslClient(port, shown, ...pskOptions(key), ...told(suite), ...args);
  };

  it.each(opensslSuites.map((suite) => [suite.name, suite] as const))(
    "s_server serves our client: %s",
    async (_, suite) => {
      const server = await serving(suite);
      const peer = server.next();
      const ours = ourClient(server.port, suite);
      expect(await ours.established()).toMatchObject({ version: 0x0303, cipherSuite: suite, externalPsk: psk });
      await expectData(ours, peer);
      await expectOrderlyEnd(ours, peer, "ours");
      await server.program.stop();
    },
  );

  it.each(opensslSuites.map((suite) => [suite.name, suite] as const))(
    "s_client is served by our server: %s",
    async (_, suite) => {
      const server = await ourServer(suite);
      const peer = connecting(server.port, suite, named);
      const ours = await server.accept();
      expect(await ours.established()).toMatchObject({ version: 0x0303, cipherSuite: suite, externalPsk: psk });
      await expectData(ours, peer);
      expect(peer.output).toMatch(/Extended master secret: yes/);
      await expectOrderlyEnd(ours, peer, "peer");
    },
  );

  describe.each(oneOfEach.map((suite) => [suite.keyExchange, suite] as const))("%s", (_, suite) => {
    it("with a hint, in both roles", async () => {
      const hints: string[] = [];
      const versions = withSuite(suite, {
        choosePsk: (hint, [first]) => {
          hints.push(Buffer.from(hint ?? []).toString());
          return first;
        },
      });
      const s_server = await serving(suite, "-psk_hint", "the hint");
      const atServer = s_server.next();
      const client = ourClient(s_server.port, suite, { versions });
      await expectData(client, atServer);
      expect(hints).toEqual(["the hint"]);
      await client.end();
      const server = await ourServer(suite, { versions: withSuite(suite, { identityHint: Buffer.from("our hint") }) });
      const peer = connecting(server.port, suite, named);
      const ours = await server.accept();
      await expectData(ours, peer);
      expect(peer.output).toMatch(/PSK identity hint: our hint/);
      await expectOrderlyEnd(ours, peer, "peer");
    });

    it("with another key of the same name in both roles, and an unknown name at our server", async () => {
      const s_server = await serving(suite);
      // s_server takes its one key under any name, so that there is no unknown one.
      expect(await ourClient(s_server.port, suite, { externalPsks: [keyOf(other)] }).failure()).toMatchObject({
        kind: "alert",
      });
      const server = await ourServer(suite);
      for (const key of [other, { ...named, name: "nobody" }]) {
        const peer = connecting(server.port, suite, key);
        expect(await (await server.accept()).failure()).toMatchObject({ code: "wrong_psk", alert: Alert.decryptError });
        await peer.waitForLine(/decrypt error/);
      }
    });

    it("and its sessions are resumed, in both roles", async () => {
      const s_server = await serving(suite);
      const options = { sessions: sessions() };
      for (const resumed of [false, true]) {
        const atServer = s_server.next();
        const client = ourClient(s_server.port, suite, options);
        expect(await client.established()).toMatchObject({ resumed, externalPsk: psk });
        await expectData(client, atServer);
        await client.end();
        await atServer.closed();
      }
      const server = await ourServer(suite, tickets());
      const kept = scratchPath("session.pem");
      for (const resumed of [false, true]) {
        const peer = connecting(server.port, suite, named, ...(resumed ? ["-sess_in", kept] : ["-sess_out", kept]));
        const ours = await server.accept();
        expect(await ours.established()).toMatchObject({ resumed, externalPsk: psk });
        await expectData(ours, peer);
        await expectOrderlyEnd(ours, peer, "peer");
      }
    });
  });

  it("a renegotiation that s_server asks for is with the same key, and with no other", async () => {
    const [suite] = oneOfEach;
    if (suite === undefined) throw new RangeError("no suite");
    const again = keyOf({ ...named, name: "client 2" });
    for (const [handshakes, keys] of [
      [2, [psk, psk]],
      [1, [psk, again]],
    ] as const) {
      const left = [...keys];
      const versions = withSuite(suite, { choosePsk: () => left.shift() });
      const server = await serving(suite);
      const peer = server.next();
      const client = ourClient(server.port, suite, { versions, externalPsks: [psk, again], renegotiation });
      await expectData(client, peer);
      peer.send("r\n");
      if (handshakes === 2) {
        await client.until("another handshake", () => client.messages("received", "Finished") === 2);
        await expectData(client, peer);
        await client.end();
      } else expect(await client.failure()).toMatchObject({ code: "psk_changed", alert: Alert.illegalParameter });
      await server.program.stop();
    }
  });

  it("a server of both versions has a key for each", async () => {
    const [suite] = oneOfEach;
    if (suite === undefined) throw new RangeError("no suite");
    const forTls13 = new ExternalPsk({ identity: Buffer.from(named.name), key: Buffer.from(other.key, "hex") });
    const server = await ourServer(suite, { versions: [tls13, ...withSuite(suite)], externalPsks: [forTls13, psk] });
    const older = connecting(server.port, suite, named);
    expect((await (await server.accept()).established()).externalPsk).toBe(psk);
    older.end();
    const newer = opensslPskClient(server.port, other, "-tls1_3");
    expect((await (await server.accept()).established()).externalPsk).toBe(forTls13);
    newer.end();
  });
});

describePeer("gnutls", "pre-shared keys in TLS 1.2 with GnuTLS", () => {
  const keyExchanges: Readonly<Partial<Record<Tls12CipherSuite["keyExchange"], string>>> = {
    ECDHE_PSK: "ECDHE-PSK",
    DHE_PSK: "DHE-PSK",
    PSK: "PSK",
    RSA_PSK: "RSA-PSK",
  };
  const cipherOf = ({ protection }: Tls12CipherSuite): string =>
    protection.type === "AEAD"
      ? protection.aead
      : protection.type === "CBC"
        ? protection.cipher.replace("-EDE", "")
        : "NULL";
  const macOf = ({ protection }: Tls12CipherSuite): string =>
    protection.type === "AEAD" ? "AEAD" : protection.mac.replace("SHA-", "SHA");
  const told = (suite: Tls12CipherSuite): readonly string[] => [
    "--priority",
    `NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+${keyExchanges[suite.keyExchange]}:-CIPHER-ALL:+${cipherOf(suite)}:-MAC-ALL:+${macOf(suite)}`,
  ];
  /** It hasn't got those of RFC 8442, nor has OpenSSL. */
  const isKnown = ({ keyExchange, protection }: Tls12CipherSuite): boolean =>
    keyExchange !== "ECDHE_PSK" || protection.type !== "AEAD" || protection.aead === "CHACHA20-POLY1305";
  /** After such a handshake gnutls-cli 3.7.9 ends with a segmentation fault when it prints what was negotiated. */
  const endsGnutlsCli = ({ keyExchange }: Tls12CipherSuite): boolean => /^(EC)?DHE/.test(keyExchange);
  const all = suites.filter(isKnown).map((suite) => [suite.name, suite] as const);

  it.each(all)("gnutls-serv serves our client: %s", async (_, suite) => {
    const { file, psks } = gnutlsPsks("client 1");
    const shown = certificate(suite);
    const server =
      shown === undefined
        ? await GnutlsServer.startWithPsks(file, ...told(suite))
        : await GnutlsServer.start(shown, ["--pskpasswd", file, "--disable-client-cert", ...told(suite)]);
    const peer = server.next();
    const [key] = psks.map(keyOf);
    const ours = ourClient(server.port, suite, { externalPsks: key === undefined ? [] : [key] });
    expect(await ours.established()).toMatchObject({ version: 0x0303, cipherSuite: suite, externalPsk: key });
    await expectData(ours, peer);
    await ours.end();
    await server.program.stop();
  });

  it.each(all)("gnutls-cli is served by our server: %s", async (_, suite) => {
    const server = await ourServer(suite);
    const shown = certificate(suite);
    const psk12 = ["--pskusername", named.name, "--pskkey", named.key];
    const peer =
      shown === undefined
        ? gnutlsPskClient(server.port, named, ...told(suite))
        : gnutlsClient(server.port, shown, [...psk12, ...told(suite)]);
    const ours = await server.accept();
    expect(await ours.established()).toMatchObject({ version: 0x0303, cipherSuite: suite, externalPsk: psk });
    if (endsGnutlsCli(suite)) return;
    await expectData(ours, peer);
    peer.end();
    expect(await ours.closed).toBeUndefined();
    await peer.closed();
  });

  it("another key of the same name is refused, in both roles", async () => {
    for (const suite of oneOfEach.filter(({ certificateKey }) => certificateKey === undefined)) {
      const { file } = gnutlsPsks("client 1");
      const serv = await GnutlsServer.startWithPsks(file, ...told(suite));
      expect(await ourClient(serv.port, suite).failure()).toMatchObject({ kind: "alert" });
      await serv.program.stop();
      const server = await ourServer(suite);
      gnutlsPskClient(server.port, other, ...told(suite));
      expect(await (await server.accept()).failure()).toMatchObject({ code: "wrong_psk" });
    }
  });
});
