import { hashOf, runSync, type Signer, signerFor, wait } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { describe, expect, test } from "vitest";
import {
  type CertificateContents,
  createCertificate,
  createCertificateAsync,
  createCertificateSync,
  nameOfParts,
  notChecked,
  Oid,
  subjectPublicKeyInfoOf,
  TrustAnchors,
  verifyCertificateSync,
  X509Error,
} from "../../src/index.ts";
import { countingRandom, generateKey, leafCertificate, now, provider } from "../pki.ts";

const caKey = generateKey();
const leafKey = generateKey();
const rsaKey = generateKey("RSA");
const random = countingRandom();
const signer = signerFor(provider, caKey, random);
const common = { provider, random, signer, validity: { from: now, days: 30 } };
const ca = createCertificateSync({ ...common, publicKey: caKey, subject: { commonName: "CA" }, ca: { pathLength: 1 } });
const server: CertificateContents = { ...common, issuer: ca, publicKey: leafKey, dnsNames: ["example.org"] };

describe("defaults", () => {
  const leaf = createCertificateSync(server);

  test("of a leaf", () => {
    expect(leaf.serialNumber).toHaveLength(20);
    expect(leaf.serialNumber[0]).toBeGreaterThan(0x3f);
    expect(leaf.serialNumber[0]).toBeLessThan(0x80);
    expect(leaf.extensions.map(({ oid, critical }) => [oid, critical])).toEqual([
      [Oid.basicConstraints, true],
      [Oid.keyUsage, true],
      [Oid.extKeyUsage, false],
      [Oid.subjectAltName, true],
      [Oid.subjectKeyIdentifier, false],
      [Oid.authorityKeyIdentifier, false],
    ]);
    expect(leaf.subject.isEmpty).toBe(true);
    expect([...(leaf.extendedKeyUsage ?? [])]).toEqual([Oid.serverAuth]);
    expect(leaf.authorityKeyIdentifier?.keyIdentifier).toEqual(ca.subjectKeyIdentifier);
    expect(leaf.validity).toEqual({ notBefore: now, notAfter: new Date("2026-03-31T11:59:59Z") });
    // RFC 7093 §2 (1)
    const digest = hashOf(provider, "SHA-256").digest(leaf.subjectPublicKeyInfo.subjectPublicKey);
    expect(leaf.subjectKeyIdentifier).toEqual(new Uint8Array(digest.subarray(0, 20)));
  });

  test("of a CA", () => {
    expect(ca.basicConstraints).toEqual({ ca: true, pathLength: 1 });
    expect([...(ca.keyUsage ?? [])]).toEqual(["keyCertSign", "cRLSign"]);
    expect(ca.extendedKeyUsage).toBeUndefined();
    expect(ca.selfIssued).toBe(true);
  });

  test("an alternative name beside a subject is not critical", () => {
    const named = createCertificateSync({ ...server, subject: nameOfParts({ commonName: "x" }) });
    expect(named.extension(Oid.subjectAltName)?.critical).toBe(false);
  });

  test("with an RSA key PKCS#1 v1.5, unless it is for PSS alone", () => {
    const rsaSigner = signerFor(provider, rsaKey, random);
    const selfSigned = { ...common, signer: rsaSigner, subject: { commonName: "RSA" } };
    expect(createCertificateSync({ ...selfSigned, publicKey: rsaKey }).signatureAlgorithm.oid).toBe(
      Oid.sha256WithRSAEncryption,
    );
    const pss = subjectPublicKeyInfoOf(rsaKey, { algorithm: "id-RSASSA-PSS" });
    expect(createCertificateSync({ ...selfSigned, publicKey: pss }).signatureAlgorithm.oid).toBe(Oid.idRsassaPss);
    expect(() =>
      createCertificateSync({ ...selfSigned, publicKey: pss, signatureAlgorithm: "RSA-PKCS1/SHA-256" }),
    ).toThrow(X509Error);
    // Which the key can do: for handshakes of TLS 1.1.
    expect(() =>
      createCertificateSync({ ...selfSigned, publicKey: rsaKey, signatureAlgorithm: "RSA-PKCS1/MD5-SHA-1" }),
    ).toThrow(X509Error);
  });

  test("are accepted by the verification, for each name", () => {
    const leafs = { ...server, dnsNames: ["a.example", "*.b.example"], ipAddresses: ["192.0.2.1", "::1"] };
    const certificate = createCertificateSync(leafs);
    const verify = (hostname: string): boolean =>
      verifyCertificateSync({
        provider,
        leaf: certificate,
        intermediates: [],
        anchors: TrustAnchors.of([ca]),
        at: now,
        purpose: "serverAuth",
        hostname,
        revocation: notChecked,
      }).ok;
    expect(verify("a.example") && verify("x.b.example")).toBe(true);
    expect(verify("192.0.2.1") && verify("0:0:0:0:0:0:0:1")).toBe(true);
    expect(verify("192.0.2.2")).toBe(false);
  });
});

test("the same everything makes the same bytes", () => {
  const make = (): Uint8Array => {
    const seeded = countingRandom();
    const own = signerFor(nobleProvider, caKey, seeded);
    return createCertificateSync({
      ...common,
      provider: nobleProvider,
      random: seeded,
      signer: own,
      publicKey: caKey,
      subject: { commonName: "CA" },
    }).der;
  };
  expect(make()).toEqual(make());
});

test("a signer that answers later will do", async () => {
  const late: Signer = {
    algorithms: signer.algorithms,
    sign: (algorithm, message) => Promise.resolve(runSync(wait(signer.sign(algorithm, message)))),
  };
  expect((await createCertificateAsync({ ...server, signer: late })).issuer.equals(ca.subject)).toBe(true);
  expect(() => runSync(createCertificate({ ...server, signer: late }))).toThrow("answers later");
});

describe("what is not made", () => {
  test.each<[string, Partial<CertificateContents>]>([
    ["a certificate by a leaf", { issuer: leafCertificate }],
    ["a CA without a name", { ca: {} }],
    ["a leaf for nobody", { dnsNames: [] }],
    ["for what is no host name", { dnsNames: ["example.org\0"] }],
    ["for everybody", { dnsNames: ["*.org"] }],
    ["for a wildcard in the middle", { dnsNames: ["www.*.org"] }],
    ["for a host name that is an address", { dnsNames: ["192.0.2.1"] }],
    ["for an address that is a host name", { ipAddresses: ["example.org"] }],
    ["for no time", { validity: { from: now, days: 0 } }],
    ["for a time that ends before it begins", { validity: { notBefore: now, notAfter: new Date(0) } }],
    ["for a time that isn't one", { validity: { notBefore: new Date(Number.NaN), notAfter: now } }],
    ["with the serial number zero", { serialNumber: new Uint8Array(4) }],
    ["with a serial number that is too long", { serialNumber: new Uint8Array(21).fill(1) }],
    ["with a path length that isn't one", { ca: { pathLength: -1 }, subject: { commonName: "CA" } }],
    ["with another signer than the issuer", { signer: signerFor(provider, leafKey, random) }],
    ["with a signer of another kind", { signer: signerFor(provider, rsaKey, random) }],
  ])("%s", (_, wrong) => {
    expect(() => createCertificateSync({ ...server, ...wrong })).toThrow(X509Error);
  });
});
