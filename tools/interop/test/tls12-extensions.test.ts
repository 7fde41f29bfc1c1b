import {
  TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,
  TLS_RSA_WITH_AES_256_GCM_SHA384,
  type Tls12CipherSuite,
} from "@tlskit/ciphersuites";
import { Alert, tls12, tls12With, tls13 } from "@tlskit/tls";
import { dhe } from "@tlskit/tls/dhe";
import { rsa } from "@tlskit/tls/rsa";
import { expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { GnutlsServer, gnutlsClient } from "../src/gnutls.ts";
import { OpensslServer, opensslClient } from "../src/openssl.ts";
import { type OurClientOptions, OurServer, type OurServerOptions, ourClient } from "../src/ours.ts";
import { largePayload } from "../src/payload.ts";
import { identityFiles } from "../src/scratch.ts";
import { expectOrderlyEnd } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { expectData, manyNames, showing, trusting } from "./helpers/settings.ts";

const certificate = identity("P-256");
const versions = [tls13, tls12];
/** It takes more than a record, and a message of a long chain. */
const longCertificate = identity("RSA", "through an intermediate", { dnsNames: manyNames });

async function ourServer(identities = [certificate], options: Partial<OurServerOptions> = {}): Promise<OurServer> {
  const server = await OurServer.listen(showing(identities, { versions, ...options }));
  onTestFinished(() => server.close());
  return server;
}

describePeer("openssl", "our client, and s_server of TLS 1.2", () => {
  async function connected(args: readonly string[], options: Partial<OurClientOptions> = {}, shown = certificate) {
    const server = await OpensslServer.start(shown, "-tls1_2", ...args);
    const peer = server.next();
    return { peer, ours: ourClient(server.port, trusting(shown, { versions, ...options })) };
  }

  it("agree upon an application protocol", async () => {
    const { ours, peer } = await connected(["-alpn", "http/1.1,h2"], { alpnProtocols: ["h3", "h2"] });
    expect(await ours.established()).toMatchObject({ version: 0x0303, alpnProtocol: "h2" });
    await expectData(ours, peer);
  });

  it("go on without one where none is asked for", async () => {
    const { ours, peer } = await connected(["-alpn", "http/1.1"]);
    expect((await ours.established()).alpnProtocol).toBeUndefined();
    await expectData(ours, peer);
  });

  it("end where there is none in common", async () => {
    const { ours } = await connected(["-alpn", "http/1.1"], { alpnProtocols: ["h2"] });
    expect(await ours.failure()).toMatchObject({ kind: "alert", alert: Alert.noApplicationProtocol });
  });

  // RFC 6066 §3: a server that doesn't know a name may say so by a warning.
  it("go on when the server warns that it doesn't know the name", async () => {
    const { chain, key } = identityFiles(certificate);
    const known = ["-servername", "known.example", "-cert2", chain, "-key2", key];
    const { ours, peer } = await connected(known);
    await expectData(ours, peer);
    const [warning] = ours.trace.filter(({ type }) => type === "alert");
    expect(warning).toMatchObject({ direction: "received", description: Alert.unrecognizedName });
    expect(await ours.end()).toBeUndefined();
  });

  it("share a certificate that takes several records", async () => {
    expect(longCertificate.chain[0]?.der.length).toBeGreaterThan(2 ** 14);
    const { ours, peer } = await connected([], {}, longCertificate);
    await expectData(ours, peer);
  });

  it("read each other's fragments, of messages and of data", async () => {
    const { ours, peer } = await connected(["-max_send_frag", "512"], { recordSize: 64 }, longCertificate);
    await peer.exchange(ours, largePayload());
    await expectOrderlyEnd(ours, peer, "ours");
  });

  it("tell an end without a close_notify", async () => {
    const { ours, peer } = await connected([]);
    await expectData(ours, peer);
    peer.end();
    expect(await ours.failure()).toMatchObject({ kind: "truncation", code: "truncated" });
  });
});

describePeer("openssl", "our server, and s_client of TLS 1.2", () => {
  async function connected(args: readonly string[], options: Partial<OurServerOptions> = {}, shown = certificate) {
    const server = await ourServer([shown], options);
    const peer = opensslClient(server.port, shown, "-tls1_2", ...args);
    return { peer, ours: await server.accept() };
  }

  it("agree upon an application protocol", async () => {
    const { ours, peer } = await connected(["-alpn", "http/1.1,h2"], { alpnProtocols: ["h3", "h2"] });
    expect(await ours.established()).toMatchObject({ version: 0x0303, alpnProtocol: "h2" });
    await peer.waitForLine(/^ALPN protocol: h2$/);
  });

  it("end where there is none in common", async () => {
    const { ours, peer } = await connected(["-alpn", "http/1.1"], { alpnProtocols: ["h2"] });
    expect(await ours.failure()).toMatchObject({ kind: "peer", alert: Alert.noApplicationProtocol });
    await peer.waitForLine(/no application protocol:.*SSL alert number 120/);
  });

  it("agree upon the certificate for the name that is asked for", async () => {
    const other = identity("RSA", "under P-256", { dnsNames: ["other.example"] });
    const server = await ourServer([certificate, other]);
    const names = ["-servername", "other.example", "-verify_hostname", "other.example"];
    const peer = opensslClient(server.port, other, "-tls1_2", ...names);
    const ours = await server.accept();
    expect(await ours.established()).toMatchObject({ version: 0x0303, serverName: "other.example" });
    await expectData(ours, peer);
    await peer.waitForLine(/Peer signature type: RSA/);
  });

  it("share a certificate that takes several records", async () => {
    const { ours, peer } = await connected([], {}, longCertificate);
    await expectData(ours, peer);
  });

  it("read each other's fragments, of messages and of data", async () => {
    const { ours, peer } = await connected(["-max_send_frag", "512"], { recordSize: 64 }, longCertificate);
    await peer.exchange(ours, largePayload());
    await expectOrderlyEnd(ours, peer, "peer");
  });
});

describePeer("gnutls", "our client, and gnutls-serv of TLS 1.2", () => {
  it("agree upon an application protocol", async () => {
    const only = ["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2", "--alpn", "h2"];
    const server = await GnutlsServer.start(certificate, only);
    const peer = server.next();
    const ours = ourClient(server.port, trusting(certificate, { versions, alpnProtocols: ["http/1.1", "h2"] }));
    expect(await ours.established()).toMatchObject({ version: 0x0303, alpnProtocol: "h2" });
    await expectData(ours, peer);
  });
});

describePeer("gnutls", "our server, and gnutls-cli of TLS 1.2", () => {
  const priority = (rest: string) => ["--priority", `NORMAL:-VERS-ALL:+VERS-TLS1.2${rest}`];

  it("agree upon an application protocol", async () => {
    const server = await ourServer([certificate], { alpnProtocols: ["h2"] });
    gnutlsClient(server.port, certificate, [...priority(""), "--alpn", "http/1.1", "--alpn", "h2"]);
    const ours = await server.accept();
    expect(await ours.established()).toMatchObject({ version: 0x0303, alpnProtocol: "h2" });
  });

  // RFC 8422 §4: nothing is said of groups by a client that has none for ECDHE; RFC 7919 §4: nor by an older one.
  it.each<[string, Tls12CipherSuite, string, string | undefined]>([
    ["RSA", TLS_RSA_WITH_AES_256_GCM_SHA384, ":-GROUP-ALL:-KX-ALL:+RSA", undefined],
    ["DHE", TLS_DHE_RSA_WITH_AES_256_GCM_SHA384, ":-GROUP-ALL:-KX-ALL:+DHE-RSA", "ffdhe2048"],
  ])("come to %s where the client sends no supported_groups", async (_, suite, rest, group) => {
    const rsaCertificate = identity("RSA");
    const older = tls12With({ cipherSuites: [suite], keyExchanges: [dhe, rsa] });
    const server = await ourServer([rsaCertificate], { versions: [tls13, older] });
    const peer = gnutlsClient(server.port, rsaCertificate, priority(rest));
    const ours = await server.accept();
    const info = await ours.established();
    expect(info.cipherSuite.name).toBe(suite.name);
    expect(info.namedGroup?.name).toBe(group);
    await expectData(ours, peer);
    await expectOrderlyEnd(ours, peer, "peer");
  });
});
