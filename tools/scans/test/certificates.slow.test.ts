import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createSecureContext } from "node:tls";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { type Identity, identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { GnutlsServer, gnutls } from "@tlskit/interop/gnutls";
import { NodeServer } from "@tlskit/interop/node-tls";
import { OpensslServer, openssl } from "@tlskit/interop/openssl";
import { identityFiles, scratchFile } from "@tlskit/interop/scratch";
import { stapled } from "@tlskit/interop/staples";
import { type CertificateFact, type ScannedTarget, scan } from "@tlskit/scan";
import { nodeTransport } from "@tlskit/scan/node";
import {
  certificatesToPem,
  createCertificateSync,
  encodeSctList,
  generatePrivateKeySync,
  SubjectPublicKeyInfo,
  TrustAnchors,
  toPem,
} from "@tlskit/x509";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** What a scan of one check tells of a server here, which is believed by the roots of these. */
async function scanned(
  port: number,
  identities: readonly Pick<Identity, "anchors">[],
  publicRoots?: TrustAnchors,
): Promise<ScannedTarget> {
  const report = await scan(
    { host: "localhost", address: "127.0.0.1", port },
    {
      transport: nodeTransport(),
      provider,
      anchors: TrustAnchors.of(identities.flatMap(({ anchors }) => anchors.all)),
      publicRoots,
      checks: ["cipherSuites", "signatureSchemes", "certificates"],
    },
  );
  if (report.state !== "scanned") throw new Error(`not scanned: ${report.reason}`);
  return report;
}

/** The certificates, or why there are none. */
function certificatesOf({ facts: { certificates } }: ScannedTarget): readonly CertificateFact[] {
  if (certificates.state !== "found") throw new Error(`no certificates: ${certificates.reason}`);
  return certificates.value;
}

const shown = (facts: readonly CertificateFact[]): readonly string[] =>
  facts.map(({ shownTo, keyType, keyBits, curve }) => `${curve ?? `${keyType} ${keyBits}`} to ${shownTo}`);

const missing = openssl === undefined ? "the command openssl (3.0 or later) is not on this machine" : undefined;

describeUnless(missing, "a server of OpenSSL's with two keys, a staple and timestamps", () => {
  const { identity: own, stapleFile } = stapled();
  const rsa = identity("RSA", "through an intermediate");
  const files = [own, rsa].map(identityFiles);
  /** RFC 6962 §3.3.1, as `openssl` is given extensions: for ClientHello, ServerHello of TLS 1.2 and Certificate. */
  const timestamps = ((): string => {
    const sct = { timestamp: 0n, extensions: new Uint8Array(0), hashAlgorithm: 4, signatureAlgorithm: 3 } as const;
    const list = encodeSctList([1, 2].map((id) => ({ ...sct, logId: random(32).fill(id), signature: random(70) })));
    const head = [0, 0, 0x11, 0xc0, 0, 18, list.length >> 8, list.length & 0xff];
    return scratchFile("timestamps.pem", toPem("SERVERINFOV2 FOR TIMESTAMPS", Uint8Array.of(...head, ...list)));
  })();
  const start = (...args: readonly string[]): Promise<OpensslServer> => {
    const [, second] = files;
    return OpensslServer.start(
      own,
      ...["-dcert", `${second?.chain}`, "-dcert_chain", `${second?.chain}`, "-dkey", `${second?.key}`],
      ...["-status_file", stapleFile(), "-serverinfo", timestamps, "-www", ...args],
    );
  };

  for (const [version, args] of [
    ["TLS 1.3", ["-tls1_3"]],
    ["TLS 1.2", ["-tls1_2"]],
  ] as const) {
    describe(version, () => {
      let facts: readonly CertificateFact[] = [];
      beforeAll(async () => {
        const server = await start(...args);
        facts = certificatesOf(await scanned(server.port, [own, rsa]));
        await server.program.stop();
      });

      test("is asked for both, and shows one to who doesn't name it", () => {
        expect(shown(facts)).toEqual([
          "P-256 to name",
          "RSA 2048 to name",
          expect.stringMatching(/ to no name$/),
          expect.stringMatching(/ to another name$/),
        ]);
        expect(facts.map(({ verdict }) => [verdict.trusted, verdict.nameMatches, verdict.problems])).toEqual(
          facts.map(() => [true, true, []]),
        );
      });

      test("staples what counts for one of them", () => {
        expect(facts.slice(0, 2).map(({ staple }) => staple)).toMatchObject([
          { state: "good" },
          { state: "bad", problem: { code: "another_certificate" } },
        ]);
      });

      test("sends timestamps along", () => {
        expect(facts[0]?.timestamps.inHandshake).toBe(2);
      });
    });
  }
});

describeUnless(missing, "a server of OpenSSL's with keys of yore", () => {
  const { identity: own } = stapled();
  const rootKey = generatePrivateKeySync({ provider, random });
  const common = { provider, random, signer: rootKey, validity: { from: new Date(Date.now() - 86_400_000) } };
  const root = createCertificateSync({ ...common, publicKey: rootKey, subject: { commonName: "Yore" }, ca: {} });
  const files = (keys: {
    readonly publicKey: KeyObject;
    readonly privateKey: KeyObject;
  }): readonly [string, string] => {
    const spki = SubjectPublicKeyInfo.fromDer(keys.publicKey.export({ type: "spki", format: "der" }));
    const leaf = createCertificateSync({ ...common, issuer: root, publicKey: spki, dnsNames: ["localhost"] });
    const key = keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    return [scratchFile("leaf.pem", certificatesToPem(leaf)), scratchFile("key.pem", key)];
  };
  const [dsa, dsaKey] = files(generateKeyPairSync("dsa", { modulusLength: 1024, divisorLength: 160 }));
  const [rsa, rsaKey] = files(generateKeyPairSync("rsa", { modulusLength: 1024 }));

  test("shows those of DSA and of short RSA in TLS 1.2", async () => {
    const server = await OpensslServer.start(
      own,
      ...["-cert", dsa, "-cert_chain", dsa, "-key", dsaKey, "-dcert", rsa, "-dcert_chain", rsa, "-dkey", rsaKey],
      ...["-cipher", "ALL:@SECLEVEL=0", "-tls1_2", "-www"],
    );
    const report = await scanned(server.port, [{ anchors: TrustAnchors.of([root]) }]);
    await server.program.stop();
    expect(shown(certificatesOf(report).filter(({ shownTo }) => shownTo === "name"))).toEqual([
      "RSA 1024 to name",
      "DSA 1024 to name",
    ]);
    expect(report.findings.map(({ rule }) => rule.id)).toContain("certificate-key-weak");
  });
});

describeUnless(gnutls === undefined ? "gnutls-serv is not on this machine" : undefined, "a server of GnuTLS's", () => {
  test("shows each of its certificates", async () => {
    const identities = (["P-384", "RSA-PSS", "Ed25519"] as const).map((key) => identity(key));
    const [first, ...others] = identities;
    if (first === undefined) throw new RangeError("three keys");
    const args = others.map(identityFiles).flatMap(({ chain, key }) => ["--x509certfile", chain, "--x509keyfile", key]);
    const server = await GnutlsServer.start(first, args);
    const facts = certificatesOf(await scanned(server.port, identities));
    await server.program.stop();
    expect(shown(facts.filter(({ shownTo }) => shownTo === "name"))).toEqual([
      "P-384 to name",
      "RSA-PSS 2048 to name",
      "Ed25519 255 to name",
    ]);
    expect(facts.every(({ verdict }) => verdict.trusted)).toBe(true);
  });
});

describe("a server of Node's that goes by the name", () => {
  const named = identity("P-384");
  const other = identity("P-256", "under P-256", { dnsNames: ["other.example"] });
  let server: NodeServer;
  let report: ScannedTarget;
  beforeAll(async () => {
    server = await NodeServer.start(other, {
      SNICallback: (name, callback) =>
        name === "localhost"
          ? callback(null, createSecureContext({ cert: named.chainPem, key: named.keyPem }))
          : callback(null, name === "nobody.invalid" ? undefined : createSecureContext()),
    });
    server.server.on("tlsClientError", () => {});
    report = await scanned(server.port, [named]);
  });
  afterAll(() => server.close());

  test("shows its certificate to who names it, and the default to others", () => {
    expect(shown(certificatesOf(report))).toEqual(["P-384 to name", "P-256 to no name", "P-256 to another name"]);
    expect(certificatesOf(report).map(({ verdict }) => verdict.nameMatches)).toEqual([true, false, false]);
  });

  test("is told to have another default, and nothing else about certificates but that nobody tells of revocation", () => {
    expect(report.findings.map(({ rule }) => rule.id).filter((id) => /^(certificate|chain|staple)-/.test(id))).toEqual([
      "certificate-without-revocation",
      "certificate-default-differs",
    ]);
  });

  test("is held to the rules of browsers if its root is one of theirs", async () => {
    const { findings, notJudged } = await scanned(server.port, [named], named.anchors);
    const ids = findings.map(({ rule }) => rule.id);
    expect(ids).toContain("certificate-timestamps-missing");
    expect(report.findings.map(({ rule }) => rule.id)).not.toContain("certificate-timestamps-missing");
    expect(notJudged).not.toContain("certificate-timestamps-missing");
  });
});
