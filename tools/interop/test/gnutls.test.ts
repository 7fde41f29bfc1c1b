import { readFileSync } from "node:fs";
import { secp384r1, x25519 } from "@tlskit/ciphersuites";
import { Alert } from "@tlskit/tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { GnutlsServer, gnutlsClient } from "../src/gnutls.ts";
import { type OurClientOptions, OurServer, type OurServerOptions, ourClient } from "../src/ours.ts";
import { scratchPath } from "../src/scratch.ts";
import { expectOrderlyEnd } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { expectData, keyLogLines, showing, trusting } from "./helpers/settings.ts";

const certificate = identity("P-256");
const tls13 = "NORMAL:-VERS-ALL:+VERS-TLS1.3";

describePeer("gnutls", "our client with gnutls-serv", () => {
  async function connected(
    server: readonly string[],
    client: Partial<OurClientOptions> = {},
    environment: Readonly<Record<string, string>> = {},
  ) {
    const gnutls = await GnutlsServer.start(certificate, server, environment);
    const peer = gnutls.next();
    return { peer, ours: ourClient(gnutls.port, trusting(certificate, client)) };
  }

  it("retries with the group that the server asks for", async () => {
    const { ours, peer } = await connected(["--priority", `${tls13}:-GROUP-ALL:+GROUP-SECP384R1`], {
      namedGroups: [x25519, secp384r1],
      keyShareGroups: [x25519],
    });
    expect(await ours.established()).toMatchObject({ helloRetryRequest: true, namedGroup: secp384r1 });
    await expectData(ours, peer);
    await expectOrderlyEnd(ours, peer, "ours");
  });

  it("updates keys, asking for the server's", async () => {
    const { ours, peer } = await connected(["--priority", tls13]);
    await expectData(ours, peer);
    ours.socket.updateKeys(true);
    await expectData(ours, peer);
    expect(ours.messages("received", "KeyUpdate")).toBe(1);
    await expectOrderlyEnd(ours, peer, "ours");
  });

  it("agrees upon an application protocol", async () => {
    const { ours } = await connected(["--priority", tls13, "--alpn", "h2"], { alpnProtocols: ["http/1.1", "h2"] });
    expect(await ours.established()).toMatchObject({ alpnProtocol: "h2" });
  });

  it("answers a request for a certificate with an empty one", async () => {
    const { ours, peer } = await connected(["--priority", tls13]);
    await expectData(ours, peer);
    expect(ours.messages("received", "CertificateRequest")).toBe(1);
    expect(ours.messages("sent", "Certificate")).toBe(1);
  });

  it("hears that the server insists on a certificate", async () => {
    const { ours } = await connected(["--priority", tls13, "--require-client-cert"]);
    expect(await ours.failure()).toMatchObject({ kind: "alert" });
  });

  it("hears that the server has TLS 1.2 at most", async () => {
    const { ours } = await connected(["--priority", "NORMAL:-VERS-TLS1.3"]);
    // GnuTLS looks for a cipher suite in common first.
    expect(await ours.failure()).toMatchObject({ kind: "alert", alert: Alert.handshakeFailure });
  });

  it("logs the same keys", async () => {
    const file = scratchPath("gnutls-server-keys.log");
    const lines: string[] = [];
    const { ours, peer } = await connected(
      ["--priority", tls13],
      { keyLog: (line) => lines.push(line) },
      { SSLKEYLOGFILE: file },
    );
    await expectData(ours, peer);
    const theirs = keyLogLines(readFileSync(file, "latin1"));
    expect(theirs.length).toBeGreaterThanOrEqual(4);
    expect(keyLogLines(lines)).toEqual(expect.arrayContaining([...theirs]));
  });
});

describePeer("gnutls", "our server with gnutls-cli", () => {
  async function connected(
    client: readonly string[],
    server: Partial<OurServerOptions> = {},
    environment: Readonly<Record<string, string>> = {},
    trusted = certificate,
  ) {
    const listening = await OurServer.listen(showing([certificate], server));
    onTestFinished(() => listening.close());
    const peer = gnutlsClient(listening.port, trusted, client, environment);
    return { peer, ours: await listening.accept() };
  }

  it("asks for another group than the client's key shares have", async () => {
    const { ours, peer } = await connected(
      ["--single-key-share", "--priority", `${tls13}:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP384R1`],
      { namedGroups: [secp384r1] },
    );
    expect(await ours.established()).toMatchObject({ helloRetryRequest: true, namedGroup: secp384r1 });
    await expectData(ours, peer);
    await expectOrderlyEnd(ours, peer, "peer");
  });

  it("updates keys, asking for the client's", async () => {
    const { ours, peer } = await connected(["--priority", tls13]);
    await expectData(ours, peer);
    ours.socket.updateKeys(true);
    await expectData(ours, peer);
    expect(ours.messages("received", "KeyUpdate")).toBe(1);
    await expectOrderlyEnd(ours, peer, "peer");
  });

  it("takes the client's updates of its keys", async () => {
    const { ours, peer } = await connected(["--priority", tls13, "--inline-commands"]);
    await expectData(ours, peer);
    peer.send("^rekey^\n");
    await ours.until("a KeyUpdate", () => ours.messages("received", "KeyUpdate") === 1);
    await expectData(ours, peer);
    await expectOrderlyEnd(ours, peer, "peer");
  });

  it("agrees upon an application protocol", async () => {
    const { ours } = await connected(["--priority", tls13, "--alpn", "http/1.1", "--alpn", "h2"], {
      alpnProtocols: ["h2"],
    });
    expect(await ours.established()).toMatchObject({ alpnProtocol: "h2" });
  });

  it("refuses a client that has TLS 1.2 at most", async () => {
    const { ours, peer } = await connected(["--priority", "NORMAL:-VERS-TLS1.3"]);
    expect(await ours.failure()).toMatchObject({ kind: "peer", alert: Alert.protocolVersion });
    await peer.waitForLine(/protocol version/i);
  });

  describe("is told that the client refuses its certificate,", () => {
    it("for it doesn't know the authority", async () => {
      const { ours } = await connected(["--priority", tls13], {}, {}, identity("P-256", "under Ed25519"));
      // gnutls-cli sends no alert for it, or bad_certificate, as its version has it.
      expect(["alert", "truncation"]).toContain((await ours.failure()).kind);
    });
  });

  it("logs the same keys", async () => {
    const file = scratchPath("gnutls-client-keys.log");
    const lines: string[] = [];
    const { ours, peer } = await connected(
      ["--priority", tls13],
      { keyLog: (line) => lines.push(line) },
      { SSLKEYLOGFILE: file },
    );
    await expectData(ours, peer);
    const theirs = keyLogLines(readFileSync(file, "latin1"));
    expect(theirs.length).toBeGreaterThanOrEqual(4);
    expect(keyLogLines(lines)).toEqual(expect.arrayContaining([...theirs]));
  });
});
