import { readFileSync } from "node:fs";
import { runSync, signatureKeysOf, signerFor, wait } from "@tlskit/crypto";
import { nobleProvider as provider } from "@tlskit/crypto-noble";
import { describeVectors } from "@tlskit/vectors";
import { encodeBase64 } from "@tlskit/wire";
import {
  Certificate,
  certificatesFromPem,
  createCertificateSync,
  nameConstraintsExtension,
  notChecked,
  subjectPublicKeyInfoOf,
  TrustAnchors,
  verifyCertificateSync,
  X509Error,
} from "@tlskit/x509";
import { describe, expect, test } from "vitest";
import { roots } from "../src/data.ts";
import { mozillaRoots, mozillaRootsDate } from "../src/index.ts";
import { anchorOf, type RootRecord } from "../src/root-record.ts";

describe("the roots", () => {
  test("are readable, each with a key of a kind that is supported", () => {
    const anchors = mozillaRoots();
    expect(anchors.size).toBe(roots.length);
    expect(anchors.size).toBeGreaterThan(100);
    for (const { name, subjectPublicKeyInfo, validity } of anchors.all) {
      expect(subjectPublicKeyInfo.publicKey, name.toString()).toBeDefined();
      expect(validity?.notBefore.getTime(), name.toString()).toBeLessThan(Date.parse(mozillaRootsDate));
    }
  });

  test("are made once", () => {
    expect(mozillaRoots()).toBe(mozillaRoots());
  });

  test("have the restrictions that Mozilla has", () => {
    const restricted = mozillaRoots().all.filter((root) => root.distrustLeafIssuedAfter ?? root.nameConstraints);
    expect(
      restricted.map(({ name, distrustLeafIssuedAfter, nameConstraints }) => [
        /CN=([^,]*)/.exec(name.toString())?.[1],
        distrustLeafIssuedAfter?.toISOString() ?? nameConstraints,
      ]),
    ).toEqual([
      ["Izenpe.com", "2026-04-15T23:59:59.000Z"],
      [
        "TUBITAK Kamu SM SSL Kok Sertifikasi - Surum 1",
        { permittedSubtrees: [{ type: "dNSName", value: "tr" }], excludedSubtrees: [] },
      ],
    ]);
  });
});

describe("real chains", () => {
  const inputs = { provider, purpose: "serverAuth", revocation: notChecked } as const;

  test("a server of TUBITAK's, whose names are those that Mozilla permits it, is verified; for others it wouldn't be", () => {
    const chain = certificatesFromPem(readFileSync(new URL("tubitak.pem", import.meta.url))).certificates;
    const [leaf, ...intermediates] = chain;
    if (leaf === undefined) throw new RangeError("a leaf");
    const hostname = "testssl.kamusm.gov.tr";
    const question = { ...inputs, leaf, intermediates, hostname, at: new Date("2017-06-01") };
    const result = verifyCertificateSync({ ...question, anchors: mozillaRoots() });
    expect(result.ok && result.chain.anchor.name.toString()).toMatch(/^CN=TUBITAK Kamu SM SSL Kok/);

    const record = roots.find(({ nameConstraints }) => nameConstraints !== undefined);
    if (record === undefined) throw new RangeError("a root with constraints");
    const anchors = TrustAnchors.of([anchorOf({ ...record, nameConstraints: permitting("fr") })]);
    expect(verifyCertificateSync({ ...question, anchors })).toMatchObject({ reason: { code: "name_not_permitted" } });
  });

  interface Case {
    readonly name: string;
    readonly certificate: string;
    readonly issuer: string;
  }
  describeVectors<{ readonly cases: readonly Case[] }>(
    "one of Let's Encrypt's",
    "ct/certificates.json",
    ({ cases }) => {
      test("is verified", () => {
        const found = cases.find(({ name }) => name.startsWith("lencr.org"));
        const [leaf, issuer] = [found?.certificate, found?.issuer].map((base64) => {
          return Certificate.fromDer(Buffer.from(base64 ?? "", "base64"));
        });
        if (leaf === undefined || issuer === undefined) throw new RangeError("a leaf and its issuer");
        const at = leaf.validity.notBefore;
        const question = { ...inputs, leaf, intermediates: [issuer], hostname: "lencr.org", at };
        const result = verifyCertificateSync({ ...question, anchors: mozillaRoots() });
        expect(result.ok && result.chain.anchor.name.toString()).toMatch(/^CN=ISRG Root X1,/);
      });
    },
  );
});

/** A root like those of the data, whose key is at hand, and a leaf that an intermediate below it issued. */
describe("a verdict honours what a root's record says", () => {
  let counter = 0;
  const random = (length: number): Uint8Array =>
    Uint8Array.from({ length }, () => (counter = (counter * 31 + 7) & 0xff));
  const generate = () => runSync(wait(signatureKeysOf(provider, "P-256").generate(random)));
  const [rootKey, caKey, leafKey] = [generate(), generate(), generate()];
  const validity = { notBefore: new Date("2026-05-01T00:00:00Z"), notAfter: new Date("2026-08-01T00:00:00Z") };
  const basics = { provider, random, validity };
  const byRoot = { ...basics, signer: signerFor(provider, rootKey, random) };
  const root = createCertificateSync({ ...byRoot, publicKey: rootKey, subject: { commonName: "Root" }, ca: {} });
  const subject = { commonName: "Intermediate" };
  const ca = createCertificateSync({ ...byRoot, publicKey: caKey, issuer: root, subject, ca: {} });
  const signer = signerFor(provider, caKey, random);
  const leaf = createCertificateSync({
    ...basics,
    signer,
    publicKey: leafKey,
    issuer: ca,
    dnsNames: ["example.com.tr"],
  });

  const record: RootRecord = {
    subject: encodeBase64(root.subject.der),
    key: encodeBase64(subjectPublicKeyInfoOf(rootKey).der),
    validity: [seconds("2020-01-01T00:00:00Z"), seconds("2030-01-01T00:00:00Z")],
  };

  test.each<[string, Partial<RootRecord>, string]>([
    ["no restriction", {}, "ok"],
    ["a root that has expired", { validity: [seconds("2006-01-01"), seconds("2026-06-01")] }, "expired"],
    ["a root of the future", { validity: [seconds("2027-01-01"), seconds("2036-01-01")] }, "not_yet_valid"],
    ["no CA below it", { pathLength: 0 }, "path_length_exceeded"],
    ["one CA below it", { pathLength: 1 }, "ok"],
    ["distrust just after the leaf was issued", { distrustLeafIssuedAfter: seconds("2026-05-01") }, "ok"],
    ["distrust before", { distrustLeafIssuedAfter: seconds("2026-04-15T23:59:59Z") }, "distrusted_anchor"],
    ["names that are the leaf's", { nameConstraints: permitting("tr") }, "ok"],
    ["names that aren't", { nameConstraints: permitting("fr") }, "name_not_permitted"],
  ])("%s", (_, restrictions, expected) => {
    const result = verifyCertificateSync({
      provider,
      leaf,
      intermediates: [ca],
      anchors: TrustAnchors.of([anchorOf({ ...record, ...restrictions })]),
      at: new Date("2026-07-01T00:00:00Z"),
      purpose: "serverAuth",
      hostname: "example.com.tr",
      revocation: notChecked,
    });
    expect(result.ok ? "ok" : result.reason.code).toBe(expected);
  });

  test("data that was damaged is an error", () => {
    expect(() => anchorOf({ ...record, subject: `${record.subject}=` })).toThrow(X509Error);
  });
});

function permitting(value: string): string {
  return encodeBase64(nameConstraintsExtension({ permitted: [{ type: "dNSName", value }] }).value);
}

function seconds(date: string): number {
  return Date.parse(date) / 1000;
}
