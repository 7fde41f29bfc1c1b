import { readFileSync, writeFileSync } from "node:fs";
import { secp384r1, x25519 } from "@tlskit/ciphersuites";
import { Alert } from "@tlskit/tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Identity, identity } from "../src/certificates.ts";
import { OpensslServer, opensslClient } from "../src/openssl.ts";
import { OurServer, type OurServerOptions } from "../src/ours.ts";
import { scratchPath } from "../src/scratch.ts";
import { expectOrderlyEnd } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { expectData, keyLogLines, showing } from "./helpers/settings.ts";

interface Setting {
  readonly certificate?: Identity;
  /** Whom the client trusts, if not the authority of the certificate. */
  readonly trusted?: Identity;
  readonly client?: readonly string[];
  readonly server?: Partial<OurServerOptions>;
}

/** A server of ours, and an `openssl s_client`, which connects to it. */
async function connected({ certificate = identity("P-256"), trusted = certificate, client = [], server }: Setting) {
  const listening = await OurServer.listen(showing([certificate], server));
  onTestFinished(() => listening.close());
  const peer = opensslClient(listening.port, trusted, ...client);
  return { peer, ours: await listening.accept() };
}

describePeer("openssl", "our server with openssl s_client", () => {
  it("asks for another group than the client's key share has", async () => {
    const { ours, peer } = await connected({
      client: ["-groups", "X25519:P-384"],
      server: { namedGroups: [secp384r1] },
    });
    expect(await ours.established()).toMatchObject({ helloRetryRequest: true, namedGroup: secp384r1 });
    await expectData(ours, peer);
    await expectOrderlyEnd(ours, peer, "peer");
  });

  it("has no group in common with the client", async () => {
    const { ours, peer } = await connected({ client: ["-groups", "P-256"], server: { namedGroups: [x25519] } });
    expect(await ours.failure()).toMatchObject({ kind: "peer", alert: Alert.handshakeFailure });
    await peer.waitForLine(/alert handshake failure:.*SSL alert number 40/);
  });

  it("reads an extension that the client sends for its application", async () => {
    // It isn't answered: s_client would take an answer in TLS 1.2 alone.
    const { ours, peer } = await connected({
      client: ["-serverinfo", "65372"],
      server: { answerExtensions: () => [] },
    });
    const { peerExtensions } = await ours.established();
    expect(peerExtensions).toContainEqual({ code: 65372, data: new Uint8Array(0) });
    await expectData(ours, peer);
    await expectOrderlyEnd(ours, peer, "peer");
  });

  describe("keys", () => {
    it("are updated by the client, with and without asking for ours", async () => {
      const { ours, peer } = await connected({});
      await expectData(ours, peer);
      for (const [index, command] of ["k\n", "K\n"].entries()) {
        peer.send(command);
        await ours.until("a KeyUpdate", () => ours.messages("received", "KeyUpdate") === index + 1);
        await expectData(ours, peer);
      }
      expect(ours.messages("sent", "KeyUpdate")).toBe(1);
      await expectOrderlyEnd(ours, peer, "peer");
    });

    it("are updated by us, three times, the last time asking for the client's", async () => {
      const { ours, peer } = await connected({});
      await expectData(ours, peer);
      for (const request of [false, false, true]) {
        ours.socket.updateKeys(request);
        await expectData(ours, peer);
      }
      expect(ours.messages("sent", "KeyUpdate")).toBe(3);
      expect(ours.messages("received", "KeyUpdate")).toBe(1);
      await expectOrderlyEnd(ours, peer, "ours");
    });
  });

  it("agrees upon the application protocol that it likes best", async () => {
    const { ours, peer } = await connected({
      client: ["-alpn", "http/1.1,h2"],
      server: { alpnProtocols: ["h3", "h2", "http/1.1"] },
    });
    expect(await ours.established()).toMatchObject({ alpnProtocol: "h2" });
    await peer.waitForLine(/^ALPN protocol: h2$/);
  });

  it("says that there is no common application protocol", async () => {
    const { ours, peer } = await connected({ client: ["-alpn", "http/1.1"], server: { alpnProtocols: ["h2"] } });
    expect(await ours.failure()).toMatchObject({ kind: "peer", alert: Alert.noApplicationProtocol });
    await peer.waitForLine(/no application protocol:.*SSL alert number 120/);
  });

  it("shows the certificate for the name that the client asks for, and the first for other names", async () => {
    const [first, other] = [identity("P-256"), identity("RSA", "under P-256", { dnsNames: ["other.example"] })];
    const listening = await OurServer.listen(showing([first, other]));
    onTestFinished(() => listening.close());
    const asking = ["-servername", "other.example", "-verify_hostname", "other.example"];
    const peer = opensslClient(listening.port, other, ...asking);
    const ours = await listening.accept();
    expect(await ours.established()).toMatchObject({ serverName: "other.example" });
    await expectData(ours, peer);
    await peer.waitForLine(/Peer signature type: RSA-PSS/);
    await peer.waitForLine(/Verify return code: 0/);
    const stranger = opensslClient(listening.port, first, "-servername", "unknown.example");
    const oursToo = await listening.accept();
    await expectData(oursToo, stranger);
    await stranger.waitForLine(/Peer signature type: ECDSA/);
  });

  it("shows a certificate that the client's signature schemes allow", async () => {
    const listening = await OurServer.listen(showing([identity("P-256"), identity("RSA")]));
    onTestFinished(() => listening.close());
    const peer = opensslClient(listening.port, identity("RSA"), "-sigalgs", "rsa_pss_rsae_sha384");
    const ours = await listening.accept();
    expect(await ours.established()).toMatchObject({ signatureScheme: { name: "rsa_pss_rsae_sha384" } });
    await expectData(ours, peer);
  });

  it("exports the same keying material", async () => {
    const { ours, peer } = await connected({ client: ["-keymatexport", "EXPORTER-interop", "-keymatexportlen", "80"] });
    await expectData(ours, peer);
    const [, hex = ""] = await peer.waitForLine(/Keying material: ([0-9A-F]+)/);
    const material = ours.socket.exportKeyingMaterial(80, "EXPORTER-interop");
    expect(Buffer.from(material).toString("hex").toUpperCase()).toBe(hex);
  });

  it("logs the same keys", async () => {
    const file = scratchPath("client-keys.log");
    const lines: string[] = [];
    const { ours, peer } = await connected({
      client: ["-keylogfile", file],
      server: { keyLog: (line) => lines.push(line) },
    });
    await expectData(ours, peer);
    expect(keyLogLines(lines)).toHaveLength(5);
    expect(keyLogLines(readFileSync(file, "latin1"))).toEqual(keyLogLines(lines));
  });

  it("declines a session that the client offers, and skips its early data", async () => {
    // OpenSSL resumes with a ticket of its own server; ours gives none, so one is made there first.
    const ticket = scratchPath("session.pem");
    const openssl = await OpensslServer.start(identity("P-256"), "-max_early_data", "16384");
    const server = openssl.next();
    const first = opensslClient(openssl.port, identity("P-256"), "-sess_out", ticket);
    first.send("until the tickets have come\n");
    await server.waitForLine(/until the tickets have come/);
    first.end();
    await first.closed();

    const early = scratchPath("early-data");
    writeFileSync(early, "early ".repeat(1000));
    const { ours, peer } = await connected({ client: ["-sess_in", ticket, "-early_data", early] });
    await ours.established();
    // A session that is resumed has no certificate.
    expect(ours.messages("sent", "Certificate")).toBe(1);
    await peer.waitForLine(/Early data was rejected/);
    await expectData(ours, peer);
    await expectOrderlyEnd(ours, peer, "peer");
  });

  it("refuses a client that has TLS 1.2 at most", async () => {
    const { ours, peer } = await connected({ client: ["-tls1_2"] });
    expect(await ours.failure()).toMatchObject({ kind: "peer", alert: Alert.protocolVersion });
    await peer.waitForLine(/alert protocol version:.*SSL alert number 70/);
  });

  it("hears that the client doesn't know the authority", async () => {
    const { ours } = await connected({ trusted: identity("P-256", "under Ed25519") });
    expect(await ours.failure()).toMatchObject({ kind: "alert", alert: Alert.unknownCa });
  });

  it("hears that the certificate has expired", async () => {
    const { ours } = await connected({ certificate: identity("P-256", "under P-256", { expired: true }) });
    expect(await ours.failure()).toMatchObject({ kind: "alert", alert: Alert.certificateExpired });
  });

  it("reads records that are padded", async () => {
    const { ours, peer } = await connected({ client: ["-record_padding", "1024"] });
    await expectData(ours, peer);
    await expectOrderlyEnd(ours, peer, "peer");
  });

  it("serves a client without middlebox compatibility", async () => {
    const { ours, peer } = await connected({ client: ["-no_middlebox"] });
    await expectData(ours, peer);
    await expectOrderlyEnd(ours, peer, "peer");
  });
});
