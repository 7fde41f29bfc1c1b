import { type Tls12CipherSuite, tls12CipherSuites } from "@tlskit/ciphersuites";
import { isLegacyCipherSuite } from "@tlskit/ciphersuites/legacy";
import { ownCertificates, type TlsVersion, tls12, tls13 } from "@tlskit/tls";
import { dhe } from "@tlskit/tls/dhe";
import { tls10, tls10With, tls11, tls11With } from "@tlskit/tls/legacy";
import { rsa } from "@tlskit/tls/rsa";
import { describe, expect, it } from "vitest";
import { clientIdentity, identity, type LeafKey } from "../src/certificates.ts";
import { GnutlsServer, gnutlsClient } from "../src/gnutls.ts";
import { NodeServer, nodeClient } from "../src/node-tls.ts";
import { OpensslServer, opensslClient, opensslName } from "../src/openssl.ts";
import { type OurEnd, OurServer, ourClient } from "../src/ours.ts";
import { largePayload } from "../src/payload.ts";
import type { PeerEnd } from "../src/peer.ts";
import { identityFiles, scratchPath } from "../src/scratch.ts";
import { expectOrderlyEnd } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { sessions, tickets } from "./helpers/sessions.ts";
import { expectData, showing, trusting } from "./helpers/settings.ts";

/** A version, as everybody calls it. */
interface Legacy {
  readonly code: number;
  readonly openssl: string;
  readonly gnutls: string;
  readonly node: "TLSv1.1" | "TLSv1";
}

const versions: readonly (readonly [string, Legacy])[] = [
  ["TLS 1.1", { code: 0x0302, openssl: "-tls1_1", gnutls: "VERS-TLS1.1", node: "TLSv1.1" }],
  ["TLS 1.0", { code: 0x0301, openssl: "-tls1", gnutls: "VERS-TLS1.0", node: "TLSv1" }],
];

/** A suite, and a certificate that goes with it. */
interface Row {
  readonly suite: Tls12CipherSuite;
  readonly leafKey: LeafKey;
}

const leafKeys: Readonly<Record<"ECDSA" | "RSA", readonly LeafKey[]>> = {
  ECDSA: ["P-256", "P-384", "P-521"],
  RSA: ["RSA"],
};

const rows: readonly Row[] = tls12CipherSuites
  .filter((suite) => isLegacyCipherSuite(suite) && ["ECDHE", "DHE", "RSA"].includes(suite.keyExchange))
  .flatMap((suite) => leafKeys[suite.certificateKey ?? "RSA"].map((leafKey) => ({ suite, leafKey })));
const isTripleDes = ({ suite: { protection } }: Row): boolean =>
  protection.type === "CBC" && protection.cipher === "3DES-EDE-CBC";
const title = ({ suite, leafKey }: Row): string => `${suite.name}, ${leafKey}`;

/** Clients and servers have no gaps in their versions: what the peer has alone is chosen. */
function everyWith({ suite }: Row): { readonly versions: readonly TlsVersion[] } {
  const options = { cipherSuites: [suite], keyExchanges: [dhe, rsa] };
  return { versions: [tls13, tls12, tls11With(options), tls10With(options)] };
}

const every = { versions: [tls13, tls12, tls11, tls10] };

async function expectWhole(ours: OurEnd, peer: PeerEnd, code: number, row: Row, ender: "ours" | "peer"): Promise<void> {
  expect(await ours.established()).toMatchObject({ version: code, cipherSuite: { name: row.suite.name } });
  await peer.exchange(ours, largePayload());
  await expectOrderlyEnd(ours, peer, ender);
}

describe.each(versions)("%s", (_, version) => {
  const { code } = version;

  describePeer("openssl", "with openssl", () => {
    const args = ({ suite }: Row) => [version.openssl, "-cipher", `${opensslName(suite)}@SECLEVEL=0`];

    // Debian's has no 3DES.
    for (const row of rows.filter((each) => !isTripleDes(each))) {
      for (const more of [[], ["-no_etm"]]) {
        it(`s_server serves our client: ${title(row)} ${more}`, async () => {
          const certificate = identity(row.leafKey);
          const server = await OpensslServer.start(certificate, ...args(row), ...more);
          const peer = server.next();
          const ours = ourClient(server.port, trusting(certificate, everyWith(row)));
          await expectWhole(ours, peer, code, row, "ours");
          await server.program.stop();
        });

        it(`s_client is served by our server: ${title(row)} ${more}`, async () => {
          const certificate = identity(row.leafKey);
          const server = await OurServer.listen(showing([certificate], everyWith(row)));
          const peer = opensslClient(server.port, certificate, ...args(row), ...more);
          await expectWhole(await server.accept(), peer, code, row, "peer");
          server.close();
        });
      }
    }
  });

  describePeer("openssl", "sessions with openssl", () => {
    const certificate = identity("P-256");
    const only = [version.openssl, "-cipher", "ALL@SECLEVEL=0"];
    const resumedTwice = [false, true, true].map((resumed) => ({ version: code, resumed }));

    // RFC 5077, RFC 4346 §7.4.1.2
    it.each([[], ["-no_ticket"]])("are resumed by our client: %s", async (...args) => {
      const server = await OpensslServer.start(certificate, ...only, ...args);
      const store = sessions();
      const infos = [];
      for (const _ of resumedTwice) {
        const peer = server.next();
        const ours = ourClient(server.port, trusting(certificate, { ...every, sessions: store }));
        infos.push(await ours.established());
        await expectData(ours, peer);
        await ours.end();
        await peer.closed();
      }
      expect(infos).toMatchObject(resumedTwice);
      await server.program.stop();
    });

    it("are resumed by s_client with our server", async () => {
      const server = await OurServer.listen(showing([certificate], { ...tickets(), ...every }));
      const infos = [];
      let ticket: string | undefined;
      for (const _ of resumedTwice) {
        const next = scratchPath("session.pem");
        const known = ticket === undefined ? [] : ["-sess_in", ticket];
        const peer = opensslClient(server.port, certificate, ...only, "-sess_out", next, ...known);
        const ours = await server.accept();
        infos.push(await ours.established());
        await expectData(ours, peer);
        await expectOrderlyEnd(ours, peer, "peer");
        // Of a handshake that resumes OpenSSL writes no session, whatever ticket came in it.
        ticket ??= next;
      }
      expect(infos).toMatchObject(resumedTwice);
      server.close();
    });

    it("aren't resumed in another version", async () => {
      const server = await OurServer.listen(showing([certificate], { ...tickets(), ...every }));
      const ticket = scratchPath("session.pem");
      const first = opensslClient(server.port, certificate, ...only, "-sess_out", ticket);
      const ours = await server.accept();
      await expectData(ours, first);
      await expectOrderlyEnd(ours, first, "peer");
      const other = ["-tls1_2", "-cipher", "ALL@SECLEVEL=0"];
      // s_client doesn't offer it even: that is as good.
      const second = opensslClient(server.port, certificate, ...other, "-sess_in", ticket);
      expect(await (await server.accept()).established()).toMatchObject({ version: 0x0303, resumed: false });
      await second.program.stop();
      server.close();
    });
  });

  describePeer("openssl", "clients' certificates with openssl", () => {
    const only = [version.openssl, "-cipher", "ALL@SECLEVEL=0"];

    it.each(["P-256", "RSA"] as const)("are shown to s_server, and by s_client: %s", async (leafKey) => {
      const certificate = identity("P-256");
      const shown = clientIdentity("client", leafKey);
      const { chain, key, root } = identityFiles(shown);
      const server = await OpensslServer.start(
        certificate,
        ...only,
        "-CAfile",
        root,
        "-Verify",
        "2",
        "-verify_return_error",
      );
      const atServer = server.next();
      const client = ourClient(
        server.port,
        trusting(certificate, { ...every, certificates: ownCertificates([shown]) }),
      );
      await expectData(client, atServer);
      const serving = await OurServer.listen(
        showing([certificate], { ...every, clientCertificates: { demand: "required", anchors: shown.anchors } }),
      );
      const atClient = opensslClient(serving.port, certificate, ...only, "-cert", chain, "-key", key);
      const ours = await serving.accept();
      await expectData(ours, atClient);
      const name = leafKey === "RSA" ? "rsa_pkcs1_md5_sha1" : "ecdsa_sha1";
      for (const end of [client, ours]) {
        expect(await end.established()).toMatchObject({ version: code, clientSignatureScheme: { name } });
      }
      serving.close();
      await server.program.stop();
    });
  });

  describePeer("gnutls", "with GnuTLS", () => {
    const priority = `NONE:+${version.gnutls}:+CTYPE-X509:+ECDHE-RSA:+ECDHE-ECDSA:+DHE-RSA:+RSA:+SIGN-ALL:+GROUP-ALL:+COMP-NULL:+AES-128-CBC:+AES-256-CBC:+3DES-CBC:+SHA1`;

    for (const row of rows) {
      for (const without of ["", ":%NO_ETM"]) {
        const args = ["--priority", `${priority}${without}`];
        it(`gnutls-serv serves our client: ${title(row)}${without}`, async () => {
          const certificate = identity(row.leafKey);
          const server = await GnutlsServer.start(certificate, args);
          const peer = server.next();
          const ours = ourClient(server.port, trusting(certificate, everyWith(row)));
          await expectWhole(ours, peer, code, row, "ours");
          await server.program.stop();
        });

        it(`gnutls-cli is served by our server: ${title(row)}${without}`, async () => {
          const certificate = identity(row.leafKey);
          const server = await OurServer.listen(showing([certificate], everyWith(row)));
          const peer = gnutlsClient(server.port, certificate, args);
          await expectWhole(await server.accept(), peer, code, row, "peer");
          expect(/\bEtM\b/.test(peer.output)).toBe(without === "");
          server.close();
        });
      }
    }

    // RFC 7627 §5.2
    it("without an extended main secret, at a client and at a server", async () => {
      const without = ["--priority", `${priority}:%NO_SESSION_HASH`];
      const certificate = identity("P-256");
      const server = await OurServer.listen(showing([certificate], every));
      const atServer = gnutlsClient(server.port, certificate, without);
      const serving = await server.accept();
      await expectData(serving, atServer);
      const gnutls = await GnutlsServer.start(certificate, without);
      const served = ourClient(gnutls.port, trusting(certificate, every));
      await expectData(served, gnutls.next());
      for (const ours of [serving, served]) {
        expect((await ours.established()).version).toBe(code);
        expect(() => ours.socket.channelBinding("tls-unique")).toThrow(
          expect.objectContaining({ code: "no_channel_binding" }),
        );
      }
      server.close();
      await gnutls.program.stop();
    });
  });

  describe("with Node's tls", () => {
    const only = { minVersion: version.node, maxVersion: version.node, ciphers: "DEFAULT@SECLEVEL=0" } as const;

    it.each(["P-256", "RSA"] as const)("its server serves our client: %s", async (leafKey) => {
      const certificate = identity(leafKey);
      const server = await NodeServer.start(certificate, only);
      const ours = ourClient(server.port, trusting(certificate, every));
      const peer = await server.accept();
      expect((await ours.established()).version).toBe(code);
      await peer.exchange(ours, largePayload());
      await expectOrderlyEnd(ours, peer, "ours");
      server.close();
    });

    it.each(["P-256", "RSA"] as const)("its client is served by our server: %s", async (leafKey) => {
      const certificate = identity(leafKey);
      const server = await OurServer.listen(showing([certificate], every));
      const peer = nodeClient(server.port, certificate, only);
      const ours = await server.accept();
      expect((await ours.established()).version).toBe(code);
      await peer.exchange(ours, largePayload());
      await expectOrderlyEnd(ours, peer, "peer");
      server.close();
    });
  });
});
