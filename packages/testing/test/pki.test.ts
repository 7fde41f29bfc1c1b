import { runSync } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { notChecked, verifyCertificateSync } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { type BadChainName, badChains, seededRandom, type TestCertificate, throwawayPki } from "../src/index.ts";

const now = Date.UTC(2026, 2, 3);
const keyTypes = ["P-256", "P-384", "P-521", "Ed25519", "Ed448", "rsaEncryption", "id-RSASSA-PSS"] as const;
const pki = throwawayPki(nodeProvider, seededRandom(1), ["host.example", "192.0.2.1"], now, { keyTypes });

function verify({ chain }: TestCertificate, host = "host.example", authority = pki) {
  const [leaf, ...intermediates] = chain;
  if (leaf === undefined) throw new Error("an empty chain");
  return verifyCertificateSync({
    leaf,
    intermediates,
    anchors: authority.anchors,
    at: new Date(now),
    purpose: "serverAuth",
    hostname: host,
    revocation: notChecked,
    provider: nodeProvider,
  });
}

describe("a throw-away PKI", () => {
  for (const type of keyTypes) {
    it(`has a good certificate for ${type}`, () => {
      for (const host of pki.hosts) expect(verify(pki.certificateOf(type), host)).toMatchObject({ ok: true });
      const { chain, key } = pki.certificateOf(type);
      expect(chain[0]?.subjectPublicKeyInfo.der).toEqual(key.subjectPublicKeyInfo.der);
    });
  }

  for (const authorityKeyType of ["P-384", "P-521", "Ed25519", "Ed448", "rsaEncryption"] as const) {
    it(`can be signed by ${authorityKeyType}`, () => {
      const other = throwawayPki(nodeProvider, seededRandom(2), "host.example", now, { authorityKeyType });
      expect(verify(other.certificate, "host.example", other)).toMatchObject({ ok: true });
    });
  }

  it("is the same for the same seed, byte for byte, by noble", () => {
    const make = () =>
      throwawayPki(nobleProvider, seededRandom(5), "localhost", now, { keyTypes: ["P-256", "Ed25519"] });
    const bytes = (made: ReturnType<typeof make>) =>
      made.certificates.flatMap(({ chain }) => chain.map(({ der }) => der.join()));
    expect(bytes(make())).toEqual(bytes(make()));
  });

  it("makes its RSA keys new for each purpose, and they are the published ones", () => {
    const again = throwawayPki(nodeProvider, seededRandom(9), "localhost", now, { keyTypes: ["rsaEncryption"] });
    expect(again.certificate.key.subjectPublicKeyInfo.der).toEqual(
      pki.certificateOf("rsaEncryption").key.subjectPublicKeyInfo.der,
    );
  });
});

describe("a chain that must not be accepted", () => {
  // The keys of an object literal are the names.
  for (const name of Object.keys(badChains) as BadChainName[]) {
    it(name, () => {
      const bad = runSync(pki.bad(name));
      const verdict = verify(bad);
      expect(verdict.ok).toBe(false);
      expect(runSync(pki.bad(name))).toBe(bad);
    });
  }
});
