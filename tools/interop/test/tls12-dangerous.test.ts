import { availableTls12CipherSuites, isAnonymous, type Tls12CipherSuite } from "@tlskit/ciphersuites";
import { dangerousCipherSuites } from "@tlskit/ciphersuites/dangerous";
import { nodeProvider } from "@tlskit/crypto-node";
import { ExternalPsk, tls12With } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { dangerousDhAnon, dangerousEcdhAnon } from "@tlskit/tls/dangerous-anonymous";
import { dangerousNull } from "@tlskit/tls/dangerous-null";
import { dhePsk, ecdhePsk, psk, rsaPsk } from "@tlskit/tls/psk";
import { rsa } from "@tlskit/tls/rsa";
import { expect, it, onTestFinished } from "vitest";
import { AnonymousClient } from "../src/anonymous-client.ts";
import { identity } from "../src/certificates.ts";
import { commandOutput } from "../src/command-output.ts";
import { GnutlsEnd, GnutlsServer } from "../src/gnutls.ts";
import { OpensslEnd, OpensslServer, opensslClient, opensslName, opensslPskClient, pskOptions } from "../src/openssl.ts";
import { type OurEnd, OurServer, ourClient, ourPskClient } from "../src/ours.ts";
import { payload } from "../src/payload.ts";
import type { NamedKey } from "../src/peer.ts";
import { Program } from "../src/program.ts";
import { scratchFile } from "../src/scratch.ts";
import { gnutlsCommands, opensslCommand } from "../src/tls12-peers.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { expectData, showing, trusting } from "./helpers/settings.ts";

const keyExchanges = [dangerousEcdhAnon, dangerousDhAnon, rsa, ecdhePsk, dhePsk, psk, rsaPsk];
const withSuite = (suite: Tls12CipherSuite) => [tls12With({ cipherSuites: [suite], keyExchanges, cbc, dangerousNull })];
const named: NamedKey = { name: "client 1", key: "000102030405060708090a0b0c0d0e0f" };
const ours = new ExternalPsk({
  identity: Buffer.from(named.name),
  key: Buffer.from(named.key, "hex"),
  protocol: "TLS 1.2",
});

const all = availableTls12CipherSuites(nodeProvider, dangerousCipherSuites);
const takesPsk = ({ keyExchange }: Tls12CipherSuite): boolean => keyExchange.endsWith("PSK");
const titled = (suites: readonly Tls12CipherSuite[]) => suites.map((suite) => [suite.name, suite] as const);
const leafOf = ({ certificateKey }: Tls12CipherSuite) => identity(certificateKey === "ECDSA" ? "P-256" : "RSA");

async function ourServer(suite: Tls12CipherSuite): Promise<OurServer> {
  const certificates = suite.certificateKey === undefined ? [] : [leafOf(suite)];
  const psks = takesPsk(suite) ? { externalPsks: [ours] } : {};
  const server = await OurServer.listen(showing(certificates, { versions: withSuite(suite), ...psks }));
  onTestFinished(() => server.close());
  return server;
}

/** A client of ours for a suite that encrypts nothing and has somebody at the other end. */
function ourNullClient(port: number, suite: Tls12CipherSuite): OurEnd {
  const versions = withSuite(suite);
  const { anchors } = leafOf(suite);
  if (!takesPsk(suite)) return ourClient(port, trusting(leafOf(suite), { versions }));
  const trust = suite.certificateKey === undefined ? {} : { anchors };
  return ourPskClient(port, { externalPsks: [ours], versions, ...trust });
}

describePeer("openssl", "what is called dangerous in TLS 1.2, with openssl", () => {
  const suites = all.filter((suite) => opensslCommand.has(suite));
  const told = (suite: Tls12CipherSuite) => ["-tls1_2", "-cipher", `${opensslName(suite)}:@SECLEVEL=0`];
  // Of its own it would take a group of 1,024 bits where nobody is authenticated, which our client refuses.
  const groupFile = (): readonly string[] => {
    const parameters = commandOutput(
      "openssl",
      "genpkey",
      "-genparam",
      "-algorithm",
      "DH",
      "-pkeyopt",
      "group:ffdhe2048",
    );
    return ["-dhparam", scratchFile("group.pem", parameters ?? "")];
  };

  it.each(titled(suites.filter(isAnonymous)))("s_server serves our anonymous client: %s", async (_, suite) => {
    const server = await OpensslServer.startWithoutCertificate(...told(suite), ...groupFile());
    const peer = server.next();
    const client = new AnonymousClient(server.port, withSuite(suite));
    expect(await client.established()).toMatchObject({ cipherSuite: suite, peer: undefined });
    await peer.exchange(client, payload(10));
    client.end();
    await server.program.stop();
  });

  it.each(titled(suites.filter((suite) => !isAnonymous(suite))))("s_server serves our client: %s", async (_, suite) => {
    const psks = takesPsk(suite) ? pskOptions(named) : [];
    const server =
      suite.certificateKey === undefined
        ? await OpensslServer.startWithPsk(named, ...told(suite), ...groupFile())
        : await OpensslServer.start(leafOf(suite), ...psks, ...told(suite));
    const peer = server.next();
    const client = ourNullClient(server.port, suite);
    expect(await client.established()).toMatchObject({ cipherSuite: suite });
    await expectData(client, peer);
    await client.end();
    await server.program.stop();
  });

  it.each(titled(suites))("s_client is served by our server: %s", async (_, suite) => {
    const server = await ourServer(suite);
    const to = ["-connect", `127.0.0.1:${server.port}`];
    const peer = isAnonymous(suite)
      ? new OpensslEnd(new Program("openssl", ["s_client", ...to, ...told(suite)]), "client")
      : suite.certificateKey === undefined
        ? opensslPskClient(server.port, named, ...told(suite))
        : opensslClient(server.port, leafOf(suite), ...(takesPsk(suite) ? pskOptions(named) : []), ...told(suite));
    const end = await server.accept();
    expect(await end.established()).toMatchObject({ cipherSuite: suite, peer: undefined });
    await expectData(end, peer);
    peer.end();
    expect(await end.closed).toBeUndefined();
    await peer.closed();
  });
});

describePeer("gnutls", "what is called dangerous in TLS 1.2, with GnuTLS", () => {
  const anonymous = all.filter((suite) => gnutlsCommands.has(suite) && isAnonymous(suite));
  const cipherOf = ({ protection }: Tls12CipherSuite): string =>
    protection.type === "AEAD"
      ? protection.aead
      : protection.type === "CBC"
        ? protection.cipher.replace("-EDE", "")
        : "NULL";
  const macOf = ({ protection }: Tls12CipherSuite): string =>
    protection.type === "AEAD" ? "AEAD" : protection.mac.replace("SHA-", "SHA");
  const told = (suite: Tls12CipherSuite): readonly string[] => {
    const exchange = suite.keyExchange === "DH_anon" ? "ANON-DH" : "ANON-ECDH";
    return [
      "--priority",
      `NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+${exchange}:-CIPHER-ALL:+${cipherOf(suite)}:-MAC-ALL:+${macOf(suite)}`,
    ];
  };

  it.each(titled(anonymous))("gnutls-serv serves our anonymous client: %s", async (_, suite) => {
    const server = await GnutlsServer.startWithoutCertificate(...told(suite));
    const peer = server.next();
    const client = new AnonymousClient(server.port, withSuite(suite));
    expect(await client.established()).toMatchObject({ cipherSuite: suite, peer: undefined });
    await peer.exchange(client, payload(10));
    client.end();
    await server.program.stop();
  });

  it.each(titled(anonymous))("gnutls-cli is served by our server: %s", async (_, suite) => {
    const server = await ourServer(suite);
    const to = ["--port", String(server.port), "127.0.0.1"];
    const peer = new GnutlsEnd(new Program("gnutls-cli", [...told(suite), ...to]), "client");
    const end = await server.accept();
    expect(await end.established()).toMatchObject({ cipherSuite: suite, peer: undefined });
    await expectData(end, peer);
    peer.end();
    expect(await end.closed).toBeUndefined();
    await peer.closed();
  });
});
