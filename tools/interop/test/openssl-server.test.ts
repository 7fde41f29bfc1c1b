import { readFileSync } from "node:fs";
import { secp384r1, x25519 } from "@tlskit/ciphersuites";
import { Alert } from "@tlskit/tls";
import { certificatesToPem } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { type Identity, identity } from "../src/certificates.ts";
import { OpensslServer } from "../src/openssl.ts";
import { type OurClientOptions, ourClient } from "../src/ours.ts";
import { identityFiles, scratchPath } from "../src/scratch.ts";
import { expectOrderlyEnd } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { expectData, keyLogLines, manyNames, trusting } from "./helpers/settings.ts";

interface Setting {
  readonly certificate?: Identity;
  readonly server?: readonly string[];
  readonly client?: Partial<OurClientOptions>;
  readonly host?: string;
}

/** An `openssl s_server`, and our client, which connects to it. */
async function connected({ certificate = identity("P-256"), server = [], client = {}, host }: Setting) {
  const openssl = await OpensslServer.start(certificate, ...server);
  const peer = openssl.next();
  return { openssl, peer, ours: ourClient(openssl.port, trusting(certificate, client), host) };
}

describePeer("openssl", "our client with openssl s_server", () => {
  it("retries with the group that the server asks for", async () => {
    const { ours, peer } = await connected({
      server: ["-groups", "P-384"],
      client: { namedGroups: [x25519, secp384r1], keyShareGroups: [x25519] },
    });
    expect(await ours.established()).toMatchObject({ helloRetryRequest: true, namedGroup: secp384r1 });
    await expectData(ours, peer);
    await expectOrderlyEnd(ours, peer, "ours");
  });

  it("sends no key share at first if told so by keyShareGroups", async () => {
    const { ours, peer } = await connected({ client: { keyShareGroups: [] } });
    expect(await ours.established()).toMatchObject({ helloRetryRequest: true });
    await expectData(ours, peer);
  });

  describe("keys", () => {
    it("are updated by the server, which doesn't ask for ours", async () => {
      const { ours, peer } = await connected({});
      await expectData(ours, peer);
      peer.send("k\n");
      await ours.until("a KeyUpdate", () => ours.messages("received", "KeyUpdate") === 1);
      await expectData(ours, peer);
      expect(ours.messages("sent", "KeyUpdate")).toBe(0);
      await expectOrderlyEnd(ours, peer, "ours");
    });

    it("are updated by the server, which asks for ours", async () => {
      const { ours, peer } = await connected({});
      await expectData(ours, peer);
      peer.send("K\n");
      await ours.until("a KeyUpdate", () => ours.messages("received", "KeyUpdate") === 1);
      await expectData(ours, peer);
      expect(ours.messages("sent", "KeyUpdate")).toBe(1);
      await expectOrderlyEnd(ours, peer, "ours");
    });

    it("are updated by us, three times, the last time asking for the server's", async () => {
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

  // RFC 9266 §4.2
  it("has the same channel binding", async () => {
    const { ours, peer } = await connected({
      server: ["-keymatexport", "EXPORTER-Channel-Binding", "-keymatexportlen", "32"],
    });
    await expectData(ours, peer);
    const [, hex = ""] = await peer.waitForLine(/Keying material: ([0-9A-F]+)/);
    expect(Buffer.from(ours.socket.channelBinding("tls-exporter")).toString("hex").toUpperCase()).toBe(hex);
  });

  it("passes over extensions of our application's own", async () => {
    const { ours, peer } = await connected({
      client: { extensions: [{ code: 0xff5c, data: new Uint8Array(300).fill(7) }] },
    });
    expect(await ours.established()).toMatchObject({ peerExtensions: [] });
    await expectData(ours, peer);
    await expectOrderlyEnd(ours, peer, "ours");
  });

  it("agrees upon an application protocol", async () => {
    const { ours, peer } = await connected({
      server: ["-alpn", "http/1.1,h2"],
      client: { alpnProtocols: ["h3", "h2"] },
    });
    expect(await ours.established()).toMatchObject({ alpnProtocol: "h2" });
    await expectData(ours, peer);
    expect(peer.output).toMatch(/^ALPN protocols selected: h2$/m);
  });

  it("hears that there is no common application protocol", async () => {
    const { ours } = await connected({ server: ["-alpn", "http/1.1"], client: { alpnProtocols: ["h2"] } });
    expect(await ours.failure()).toMatchObject({ kind: "alert", alert: Alert.noApplicationProtocol });
  });

  it("gets the certificate that is for the name it asks for", async () => {
    const other = identity("RSA", "under P-256", { dnsNames: ["other.example"] });
    const files = identityFiles(other);
    const first = await connected({
      server: ["-servername", "other.example", "-cert2", files.chain, "-key2", files.key],
      host: "other.example",
    });
    expect(await first.ours.established()).toMatchObject({ signatureScheme: { keyType: "rsaEncryption" } });
    await expectData(first.ours, first.peer);
    await expectOrderlyEnd(first.ours, first.peer, "ours");
    const again = first.openssl.next();
    const ours = ourClient(first.openssl.port, trusting(identity("P-256")));
    expect(await ours.established()).toMatchObject({ signatureScheme: { keyType: "P-256" } });
    await expectData(ours, again);
  });

  it("exports the same keying material", async () => {
    const { ours, peer } = await connected({
      server: ["-keymatexport", "EXPORTER-interop", "-keymatexportlen", "80"],
    });
    await expectData(ours, peer);
    const [, hex = ""] = await peer.waitForLine(/Keying material: ([0-9A-F]+)/);
    expect(Buffer.from(ours.socket.exportKeyingMaterial(80, "EXPORTER-interop")).toString("hex")).toBe(
      hex.toLowerCase(),
    );
  });

  it("logs the same keys", async () => {
    const file = scratchPath("keys.log");
    const lines: string[] = [];
    const { ours, peer } = await connected({
      server: ["-keylogfile", file],
      client: { keyLog: (line) => lines.push(line) },
    });
    await expectData(ours, peer);
    expect(keyLogLines(lines)).toHaveLength(5);
    expect(keyLogLines(readFileSync(file, "latin1"))).toEqual(keyLogLines(lines));
  });

  describe("asked for a certificate of its own", () => {
    it("sends an empty one, which is good enough for most", async () => {
      const { ours, peer } = await connected({ server: ["-verify", "1"] });
      await expectData(ours, peer);
      expect(ours.messages("received", "CertificateRequest")).toBe(1);
      expect(ours.messages("sent", "Certificate")).toBe(1);
      await expectOrderlyEnd(ours, peer, "ours");
    });

    it("hears certificate_required from a server that insists", async () => {
      const { ours, peer } = await connected({ server: ["-Verify", "1"] });
      expect(await ours.failure()).toMatchObject({ kind: "alert", alert: Alert.certificateRequired });
      await peer.waitForLine(/peer did not return a certificate/);
    });
  });

  it("drops tickets, which may allow early data", async () => {
    const { ours, peer } = await connected({ server: ["-num_tickets", "3", "-max_early_data", "1000"] });
    await expectData(ours, peer);
    expect(ours.messages("received", "NewSessionTicket")).toBe(3);
    await expectOrderlyEnd(ours, peer, "ours");
  });

  it("hears protocol_version from a server that has TLS 1.2 at most", async () => {
    const { ours, peer } = await connected({ server: ["-tls1_2"] });
    expect(await ours.failure()).toMatchObject({ kind: "alert", alert: Alert.protocolVersion });
    await peer.waitForLine(/unsupported protocol/);
  });

  describe("refuses a certificate, and the server is told,", () => {
    it("of an authority that is unknown", async () => {
      const { ours, peer } = await connected({ client: { anchors: identity("P-256", "under Ed25519").anchors } });
      expect(await ours.failure()).toMatchObject({ kind: "peer", alert: Alert.unknownCa });
      await peer.waitForLine(/alert unknown ca:.*SSL alert number 48/);
    });

    it("that has expired", async () => {
      const { ours, peer } = await connected({ certificate: identity("P-256", "under P-256", { expired: true }) });
      expect(await ours.failure()).toMatchObject({ kind: "peer", alert: Alert.certificateExpired });
      await peer.waitForLine(/alert certificate expired:.*SSL alert number 45/);
    });

    it("that is for another name", async () => {
      const { ours, peer } = await connected({ host: "other.example" });
      expect(await ours.failure()).toMatchObject({ kind: "peer", alert: Alert.badCertificate });
      await peer.waitForLine(/alert bad certificate:.*SSL alert number 42/);
    });

    it("whose intermediate is left out", async () => {
      const whole = identity("P-256", "through an intermediate");
      const { ours, peer } = await connected({
        certificate: { ...whole, chainPem: certificatesToPem(...whole.chain.slice(0, 1)) },
      });
      expect(await ours.failure()).toMatchObject({ kind: "peer", alert: Alert.unknownCa });
      await peer.waitForLine(/alert unknown ca:/);
    });
  });

  describe("middlebox compatibility", () => {
    for (const middleboxCompatibility of [true, false]) {
      for (const server of [[], ["-no_middlebox"]]) {
        it(`${middleboxCompatibility ? "with" : "without"} ours, ${server[0] ?? "with the server's"}`, async () => {
          const { ours, peer } = await connected({
            server: [...server, "-groups", "P-384"],
            client: { middleboxCompatibility, namedGroups: [x25519, secp384r1], keyShareGroups: [x25519] },
          });
          await expectData(ours, peer);
          const sent = ours.trace.filter(({ type }) => type === "changeCipherSpec");
          expect(sent).toHaveLength(middleboxCompatibility ? 1 : 0);
          await expectOrderlyEnd(ours, peer, "ours");
        });
      }
    }
  });

  it("reads a certificate that takes several records", async () => {
    const certificate = identity("RSA", "through an intermediate", { dnsNames: manyNames });
    expect(certificate.chain[0]?.der.length).toBeGreaterThan(2 ** 14);
    const { ours, peer } = await connected({ certificate });
    await expectData(ours, peer);
  });

  it("reads records that are padded", async () => {
    const { ours, peer } = await connected({ server: ["-record_padding", "1024"] });
    await expectData(ours, peer);
    await expectOrderlyEnd(ours, peer, "ours");
  });

  it("reads messages that are fragmented", async () => {
    const { ours, peer } = await connected({
      certificate: identity("RSA", "through an intermediate"),
      server: ["-max_send_frag", "512"],
    });
    await expectData(ours, peer);
    await expectOrderlyEnd(ours, peer, "ours");
  });

  it("ends when the server ends, in order", async () => {
    const { ours } = await connected({ server: ["-www"] });
    ours.send("GET / HTTP/1.0\r\n\r\n");
    expect(await ours.closed).toBeUndefined();
  });

  it("tells an end without a close_notify", async () => {
    const { ours, peer } = await connected({});
    await expectData(ours, peer);
    peer.end();
    expect(await ours.failure()).toMatchObject({ kind: "truncation", code: "truncated" });
  });
});
