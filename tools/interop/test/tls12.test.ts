import {
  availableTls12CipherSuites,
  defaultTls12CipherSuites,
  type Tls12CipherSuite,
  tls12CipherSuites,
} from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { tls12, tls12With, tls13 } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { describe, expect, it } from "vitest";
import { type Identity, identity, type LeafKey } from "../src/certificates.ts";
import { GnutlsServer, gnutlsClient } from "../src/gnutls.ts";
import { NodeServer, nodeClient } from "../src/node-tls.ts";
import { OpensslServer, opensslClient, opensslName } from "../src/openssl.ts";
import { type OurEnd, OurServer, ourClient } from "../src/ours.ts";
import { largePayload } from "../src/payload.ts";
import type { PeerEnd } from "../src/peer.ts";
import { expectOrderlyEnd } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { expectData, showing, trusting } from "./helpers/settings.ts";

/** A suite, and a certificate that goes with it. */
interface Row {
  readonly suite: Tls12CipherSuite;
  readonly leafKey: LeafKey;
}

const leafKeys: Readonly<Record<"ECDSA" | "RSA", readonly LeafKey[]>> = {
  ECDSA: ["P-256", "P-384", "P-521", "Ed25519", "Ed448"],
  RSA: ["RSA", "RSA-PSS"],
};

const rows: readonly Row[] = defaultTls12CipherSuites.flatMap((suite) =>
  (leafKeys[suite.certificateKey ?? "RSA"] ?? []).map((leafKey) => ({ suite, leafKey })),
);
const title = ({ suite, leafKey }: Row): string => `${suite.name}, ${leafKey}`;

const oneSuite = ({ suite }: Row) => ({ versions: [tls13, tls12With({ cipherSuites: [suite], cbc })] });

/** With block ciphers, which are by option. */
const cbcRows: readonly Row[] = tls12CipherSuites
  .filter(({ keyExchange, protection }) => keyExchange === "ECDHE" && protection.type === "CBC")
  .map((suite) => ({ suite, leafKey: suite.certificateKey === "RSA" ? "RSA" : "P-256" }));
/** With AES-CCM, which is known and not offered by default. */
const ccmRows: readonly Row[] = availableTls12CipherSuites(nodeProvider, tls12CipherSuites)
  .filter(({ keyExchange, protection }) => keyExchange === "ECDHE" && protection.type === "AEAD")
  .filter((suite) => !defaultTls12CipherSuites.includes(suite))
  .map((suite) => ({ suite, leafKey: "P-256" }));
const isTripleDes = ({ suite: { protection } }: Row): boolean =>
  protection.type === "CBC" && protection.cipher === "3DES-EDE-CBC";

async function expectWhole(ours: OurEnd, peer: PeerEnd, { suite }: Row, ender: "ours" | "peer"): Promise<void> {
  expect(await ours.established()).toMatchObject({ version: 0x0303, cipherSuite: { name: suite.name } });
  await peer.exchange(ours, largePayload());
  await expectOrderlyEnd(ours, peer, ender);
}

// Each peer has TLS 1.2 alone; ours has both, and one suite.
describePeer("openssl", "TLS 1.2 with openssl", () => {
  // Debian's has no 3DES.
  for (const row of [...rows, ...ccmRows, ...cbcRows.filter((each) => !isTripleDes(each))]) {
    it(`s_server serves our client: ${title(row)}`, async () => {
      const certificate = identity(row.leafKey);
      const server = await OpensslServer.start(certificate, "-tls1_2", "-cipher", opensslName(row.suite));
      const peer = server.next();
      const ours = ourClient(server.port, trusting(certificate, oneSuite(row)));
      await expectWhole(ours, peer, row, "ours");
      expect(await peer.report()).toMatchObject({ cipherSuite: opensslName(row.suite) });
      await server.program.stop();
    });

    it(`s_client is served by our server: ${title(row)}`, async () => {
      const certificate = identity(row.leafKey);
      const server = await OurServer.listen(showing([certificate], oneSuite(row)));
      const peer = opensslClient(server.port, certificate, "-tls1_2", "-cipher", opensslName(row.suite));
      await expectWhole(await server.accept(), peer, row, "peer");
      expect(peer.output).toMatch(/Extended master secret: yes/);
      expect(peer.output).toMatch(/Secure Renegotiation IS supported/);
      server.close();
    });
  }

  // RFC 9846 §4.3.3#tls12-meaning, §4.3.3#tls12-curves: what TLS 1.3 doesn't allow
  it.each([
    ["RSA", "RSA+SHA256", "rsa_pkcs1_sha256"],
    ["RSA", "RSA+SHA512", "rsa_pkcs1_sha512"],
    ["RSA", "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha384"],
    ["P-384", "ECDSA+SHA256", "ecdsa_secp256r1_sha256"],
    ["P-256", "ECDSA+SHA384", "ecdsa_secp384r1_sha384"],
  ] as const)("%s signs by %s, in both roles", async (leafKey, sigalgs, name) => {
    const certificate = identity(leafKey);
    const versions = [tls12];
    const s_server = await OpensslServer.start(certificate, "-tls1_2", "-sigalgs", sigalgs);
    const atServer = s_server.next();
    const client = ourClient(s_server.port, trusting(certificate, { versions }));
    await expectData(client, atServer);
    const server = await OurServer.listen(showing([certificate], { versions }));
    const offered = [...new Set([sigalgs, "RSA+SHA256", "ECDSA+SHA256"])].join(":");
    const atClient = opensslClient(server.port, certificate, "-tls1_2", "-sigalgs", offered);
    const ours = await server.accept();
    await expectData(ours, atClient);
    for (const end of [client, ours]) expect((await end.established()).signatureScheme?.name).toBe(name);
    server.close();
    await s_server.program.stop();
  });

  it("our server of both versions gives each client its own", async () => {
    const certificate = identity("P-256");
    const server = await OurServer.listen(showing([certificate], { versions: [tls13, tls12] }));
    for (const [arg, version] of [
      ["-tls1_2", 0x0303],
      ["-tls1_3", 0x0304],
    ] as const) {
      const peer = opensslClient(server.port, certificate, arg);
      const ours = await server.accept();
      expect((await ours.established()).version).toBe(version);
      await expectData(ours, peer);
      await expectOrderlyEnd(ours, peer, "peer");
    }
    server.close();
  });

  it("a renegotiation that the client begins is refused, with a warning", async () => {
    const certificate = identity("P-256");
    const server = await OurServer.listen(showing([certificate], { versions: [tls12] }));
    const peer = opensslClient(server.port, certificate, "-tls1_2");
    const ours = await server.accept();
    await ours.established();
    peer.send("R\n");
    await peer.waitForLine(/no renegotiation/);
    expect(ours.trace.find(({ type }) => type === "alert")).toMatchObject({ direction: "sent", description: 100 });
    server.close();
  });
});

const gnutlsPriority = "NORMAL:-VERS-ALL:+VERS-TLS1.2";
const gnutlsVersion = ["--priority", gnutlsPriority];

describePeer("gnutls", "TLS 1.2 with GnuTLS", () => {
  for (const row of rows) {
    it(`gnutls-serv serves our client: ${title(row)}`, async () => {
      const certificate = identity(row.leafKey);
      const server = await GnutlsServer.start(certificate, gnutlsVersion);
      const peer = server.next();
      const ours = ourClient(server.port, trusting(certificate, oneSuite(row)));
      await expectWhole(ours, peer, row, "ours");
      await server.program.stop();
    });

    it(`gnutls-cli is served by our server: ${title(row)}`, async () => {
      const certificate = identity(row.leafKey);
      const server = await OurServer.listen(showing([certificate], oneSuite(row)));
      const peer = gnutlsClient(server.port, certificate, gnutlsVersion);
      await expectWhole(await server.accept(), peer, row, "peer");
      server.close();
    });
  }

  // RFC 7366
  for (const row of cbcRows) {
    for (const [how, without] of [
      ["encrypt-then-MAC", ""],
      ["MAC-then-encrypt", ":%NO_ETM"],
    ] as const) {
      const args = [
        "--priority",
        `NONE:+VERS-TLS1.2:+CTYPE-X509:+ECDHE-RSA:+ECDHE-ECDSA:+SIGN-ALL:+GROUP-ALL:+COMP-NULL:+AES-128-CBC:+AES-256-CBC:+3DES-CBC:+SHA1:+SHA256:+SHA384${without}`,
      ];

      it(`gnutls-serv serves our client: ${title(row)}, ${how}`, async () => {
        const certificate = identity(row.leafKey);
        const server = await GnutlsServer.start(certificate, args);
        const peer = server.next();
        const ours = ourClient(server.port, trusting(certificate, oneSuite(row)));
        await expectWhole(ours, peer, row, "ours");
        await server.program.stop();
      });

      it(`gnutls-cli is served by our server: ${title(row)}, ${how}`, async () => {
        const certificate = identity(row.leafKey);
        const server = await OurServer.listen(showing([certificate], oneSuite(row)));
        const peer = gnutlsClient(server.port, certificate, args);
        await expectWhole(await server.accept(), peer, row, "peer");
        expect(/\bEtM\b/.test(peer.output)).toBe(without === "");
        server.close();
      });
    }
  }

  // RFC 7627 §5.2
  it("without an extended main secret, at a client and at a server", async () => {
    const without = ["--priority", `${gnutlsPriority}:%NO_SESSION_HASH`];
    const certificate = identity("P-256");
    const server = await OurServer.listen(showing([certificate], { versions: [tls12] }));
    const atServer = gnutlsClient(server.port, certificate, without);
    const serving = await server.accept();
    await expectData(serving, atServer);
    const gnutls = await GnutlsServer.start(certificate, without);
    const served = ourClient(gnutls.port, trusting(certificate, { versions: [tls12] }));
    await expectData(served, gnutls.next());
    for (const ours of [serving, served]) {
      expect(() => ours.socket.channelBinding("tls-exporter")).toThrow(
        expect.objectContaining({ code: "no_channel_binding" }),
      );
    }
    server.close();
  });
});

describe("TLS 1.2 with Node's tls", () => {
  const only = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;
  const nodeRows = rows.filter(({ leafKey }) => leafKey === "P-256" || leafKey === "RSA");

  for (const row of nodeRows) {
    it(`its server serves our client: ${title(row)}`, async () => {
      const certificate: Identity = identity(row.leafKey);
      const server = await NodeServer.start(certificate, only);
      const ours = ourClient(server.port, trusting(certificate, oneSuite(row)));
      const peer = await server.accept();
      await expectWhole(ours, peer, row, "ours");
      server.close();
    });

    it(`its client is served by our server: ${title(row)}`, async () => {
      const certificate = identity(row.leafKey);
      const server = await OurServer.listen(showing([certificate], oneSuite(row)));
      const peer = nodeClient(server.port, certificate, only);
      await expectWhole(await server.accept(), peer, row, "peer");
      server.close();
    });
  }
});
