import { concat } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import { berToDer } from "../src/ber/index.ts";
import { CmsOid } from "../src/cms/oids.ts";
import { derElement, derExplicit, derOid, derSequence, derSmallInteger } from "../src/der-writer.ts";
import { encodeAccessDescriptions } from "../src/extensions/access-descriptions.ts";
import type { Extension } from "../src/extensions/extension.ts";
import {
  type AccessDescription,
  type CaIssuersPolicy,
  type Certificate,
  certificatesToPem,
  checkRevocation,
  createCrlSync,
  defaultCaIssuersLimits,
  fetchCaIssuers,
  type GeneralName,
  Oid,
  TrustAnchors,
  toPem,
  type VerificationInputs,
  type VerificationResult,
} from "../src/index.ts";
import { berOf, streamed } from "./ber/writing.ts";
import {
  anchors,
  caExtensions,
  crlContents,
  intermediate,
  intermediateCertificate,
  issue,
  leaf,
  leafCertificate,
  leafExtensions,
  party,
  root,
  rootCertificate,
  verify,
  verifyLater,
} from "./pki.ts";

/** An extension that names where the issuer's certificate is. */
function caIssuers(...urls: readonly string[]): Extension {
  const descriptions = urls.map((value) => ({
    accessMethod: Oid.caIssuers,
    accessLocation: { type: "uniformResourceIdentifier", value } satisfies GeneralName,
  }));
  return authorityInfoAccess(...descriptions);
}
function authorityInfoAccess(...descriptions: readonly AccessDescription[]): Extension {
  return { oid: Oid.authorityInfoAccess, critical: false, value: encodeAccessDescriptions(descriptions) };
}

const address = "http://ca.test/intermediate.cer";
const incomplete = issue(leaf, intermediate, { extensions: [...leafExtensions, caIssuers(address)] });

/** A web of addresses, and who was asked for what. */
class Web {
  readonly asked: string[] = [];
  readonly #pages: Readonly<Record<string, Uint8Array | string | Error>>;

  constructor(pages: Readonly<Record<string, Uint8Array | string | Error>>) {
    this.#pages = pages;
  }

  readonly fetch: CaIssuersPolicy["fetch"] = ({ url }) => {
    this.asked.push(url);
    const page = this.#pages[url];
    if (page instanceof Error) throw page;
    return typeof page === "string" ? new TextEncoder().encode(page) : page;
  };
}

/** A verification of the leaf that names the address, with nothing at hand. */
function verifyBy(
  fetch: CaIssuersPolicy["fetch"],
  inputs: Partial<VerificationInputs> = {},
  policy: Partial<CaIssuersPolicy> = {},
): VerificationResult {
  const missingIntermediates = fetchCaIssuers({ ...policy, fetch });
  return verify({ leaf: incomplete, intermediates: [], missingIntermediates, ...inputs });
}

const subjects = (result: VerificationResult): readonly string[] =>
  result.ok ? result.chain.certificates.map(({ subject }) => `${subject}`) : [result.reason.message];
const whole = ["CN=Leaf", "CN=Intermediate"];

/** PKCS#7 with these in it (RFC 5652 §5.1). */
function signedData(...certificates: readonly Uint8Array[]): Uint8Array {
  const set = derElement(0x31);
  const data = derSequence(derOid(CmsOid.idData));
  const parts = derSequence(derSmallInteger(1), set, data, derElement(0xa0, ...certificates), set);
  return derSequence(derOid(CmsOid.idSignedData), derExplicit(0, parts));
}

describe("a certificate that is missing is fetched", () => {
  test("from where the leaf says that it is, at once", () => {
    const web = new Web({ [address]: intermediateCertificate.der });
    expect(subjects(verifyBy(web.fetch))).toEqual(whole);
    expect(web.asked).toEqual([address]);
  });

  test("and later", async () => {
    const fetch: CaIssuersPolicy["fetch"] = async () => await Promise.resolve(intermediateCertificate.der);
    const result = await verifyLater({
      leaf: incomplete,
      intermediates: [],
      missingIntermediates: fetchCaIssuers({ fetch }),
    });
    expect(subjects(result)).toEqual(whole);
    expect(() => verifyBy(fetch)).toThrow(expect.objectContaining({ code: "would_wait" }));
  });

  test.each([
    ["PEM", certificatesToPem(intermediateCertificate)],
    [
      "PEM with text around it, and other blocks",
      `Our CA\n${toPem("X509 CRL", Uint8Array.of(48, 0))}${certificatesToPem(intermediateCertificate)}`,
    ],
    ["certs-only PKCS#7", signedData(rootCertificate.der, intermediateCertificate.der)],
    ["PKCS#7 in PEM", toPem("PKCS7", signedData(intermediateCertificate.der))],
    ["PKCS#7 with a certificate in it that can't be read", signedData(derSequence(), intermediateCertificate.der)],
    [
      "PEM with a certificate in it that can't be read",
      toPem("CERTIFICATE", derSequence()) + certificatesToPem(intermediateCertificate),
    ],
  ])("as %s", (_, page) => {
    expect(subjects(verifyBy(new Web({ [address]: page }).fetch))).toEqual(whole);
  });

  test("as PKCS#7 in BER, by what makes DER of it", () => {
    const certificate = intermediateCertificate.der;
    const ber = berOf(signedData(certificate), ({ position }) =>
      position.end - position.offset > certificate.length
        ? streamed
        : { ...streamed, indefinite: false, pieces: undefined },
    );
    const { fetch } = new Web({ [address]: ber });
    expect(subjects(verifyBy(fetch, {}, { toDer: berToDer }))).toEqual(whole);
    expect(verifyBy(fetch)).toMatchObject({ ok: false });
  });

  test("one after the other, up to the anchor", () => {
    const [first, second] = [party("First"), party("Second")];
    const [below, above] = ["http://ca.test/first", "https://ca.test/second"];
    const pages = {
      [below]: issue(first, second, { extensions: [...caExtensions, caIssuers(above)] }).der,
      [above]: issue(second, root, { extensions: caExtensions }).der,
    };
    const web = new Web(pages);
    const end = issue(leaf, first, { extensions: [...leafExtensions, caIssuers(below)] });
    expect(subjects(verifyBy(web.fetch, { leaf: end }))).toEqual(["CN=Leaf", "CN=First", "CN=Second"]);
    expect(web.asked).toEqual([below, above]);
  });

  test("where something is missing: not below what is at hand", () => {
    const [first, second] = [party("First"), party("Second")];
    const [below, above] = ["http://ca.test/first", "http://ca.test/second"];
    const web = new Web({ [above]: issue(second, root, { extensions: caExtensions }).der });
    const end = issue(leaf, first, { extensions: [...leafExtensions, caIssuers(below)] });
    const atHand = issue(first, second, { extensions: [...caExtensions, caIssuers(above)] });
    expect(verifyBy(web.fetch, { leaf: end, intermediates: [atHand] })).toMatchObject({ ok: true });
    expect(web.asked).toEqual([above]);
  });

  test("in place of one at hand that has expired", () => {
    const expired = issue(intermediate, root, { extensions: caExtensions, notAfter: new Date("2026-02-01T00:00:00Z") });
    const web = new Web({ [address]: intermediateCertificate.der });
    expect(subjects(verifyBy(web.fetch, { intermediates: [expired] }))).toEqual(whole);
  });

  test("from the next address, if there is nothing at the first", () => {
    const urls = ["http://a.test/", "http://b.test/", "http://c.test/", "http://d.test/"];
    const end = issue(leaf, intermediate, { extensions: [...leafExtensions, caIssuers(...urls)] });
    const web = new Web({
      "http://b.test/": new Error("refused"),
      "http://c.test/": "<html>",
      "http://d.test/": intermediateCertificate.der,
    });
    expect(verifyBy(web.fetch, { leaf: end })).toMatchObject({ ok: true });
    expect(web.asked).toEqual(urls);
  });
});

describe("nobody is asked", () => {
  const nobody: CaIssuersPolicy["fetch"] = () => {
    throw new RangeError("somebody is asked");
  };

  test("if those at hand lead to an anchor", () => {
    const web = new Web({});
    expect(verifyBy(web.fetch, { intermediates: [intermediateCertificate] })).toMatchObject({ ok: true });
    expect(web.asked).toEqual([]);
  });

  test("if the leaf is refused anyway", () => {
    const web = new Web({});
    expect(verifyBy(web.fetch, { hostname: "other.test" })).toMatchObject({
      ok: false,
      reason: { code: "name_mismatch" },
    });
    expect(verifyBy(web.fetch, { at: new Date("2030-01-01") })).toMatchObject({ reason: { code: "expired" } });
    expect(web.asked).toEqual([]);
  });

  test("if there are no anchors", () => {
    expect(verifyBy(nobody, { anchors: TrustAnchors.of([]) })).toMatchObject({ reason: { code: "no_anchors" } });
  });

  test("if a path was refused for what others say of it", () => {
    const web = new Web({});
    const crl = createCrlSync({
      ...crlContents,
      revoked: [{ serialNumber: incomplete.serialNumber, revocationDate: new Date("2026-02-01T00:00:00Z") }],
    });
    const revocation = checkRevocation({ mode: "when_available", certificates: "leaf", crls: [crl] });
    const result = verifyBy(web.fetch, { intermediates: [intermediateCertificate], revocation });
    expect(result).toMatchObject({ ok: false, reason: { code: "revoked" } });
    expect(web.asked).toEqual([]);
  });

  test("about a root that isn't trusted", () => {
    const stranger = party("Stranger");
    const own = issue(stranger, stranger, { extensions: [...leafExtensions, caIssuers(address)] });
    const web = new Web({});
    expect(verifyBy(web.fetch, { leaf: own })).toMatchObject({ reason: { code: "self_signed_untrusted" } });
    expect(web.asked).toEqual([]);
  });

  test("at addresses of another kind", () => {
    const others = [
      "ldap://ca.test/",
      "file:///etc/passwd",
      "http://a b/",
      `http://${"a".repeat(2100)}`,
      "javascript:1",
    ];
    const descriptions: readonly AccessDescription[] = [
      ...others.map((value) => ({
        accessMethod: Oid.caIssuers,
        accessLocation: { type: "uniformResourceIdentifier", value } as const,
      })),
      { accessMethod: Oid.ocsp, accessLocation: { type: "uniformResourceIdentifier", value: "http://ocsp.test/" } },
      { accessMethod: Oid.caIssuers, accessLocation: { type: "dNSName", value: "ca.test" } },
    ];
    const end = issue(leaf, intermediate, { extensions: [...leafExtensions, authorityInfoAccess(...descriptions)] });
    const web = new Web({});
    expect(verifyBy(web.fetch, { leaf: end })).toMatchObject({ reason: { code: "unknown_issuer" } });
    expect(verifyBy(web.fetch, { leaf: leafCertificate })).toMatchObject({ reason: { code: "unknown_issuer" } });
    expect(web.asked).toEqual([]);
  });
});

describe("nothing is trusted for having been fetched", () => {
  const impostor = { ...intermediate, key: party("Impostor").key };

  test.each<[string, Certificate, string]>([
    [
      "a root of somebody else's",
      issue(intermediate, intermediate, { extensions: caExtensions }),
      "self_signed_untrusted",
    ],
    ["one with another key", issue(impostor, root, { extensions: caExtensions }), "bad_signature"],
    [
      "one that no anchor signed",
      issue(intermediate, { ...root, key: impostor.key }, { extensions: caExtensions }),
      "bad_signature",
    ],
    ["one that isn't a CA", issue(intermediate, root, { extensions: leafExtensions }), "not_a_ca"],
    [
      "one that has expired",
      issue(intermediate, root, { extensions: caExtensions, notAfter: new Date("2026-02-01") }),
      "expired",
    ],
  ])("%s", (_, certificate, code) => {
    const { fetch } = new Web({ [address]: certificate.der });
    expect(verifyBy(fetch)).toMatchObject({ ok: false, reason: { code } });
  });

  test("what an anchor is, is the caller's to say", () => {
    const { fetch } = new Web({ [address]: signedData(rootCertificate.der, intermediateCertificate.der) });
    const other = TrustAnchors.of([issue(party("Other"), party("Other"), { extensions: caExtensions })]);
    expect(verifyBy(fetch, { anchors: other })).toMatchObject({ ok: false });
    expect(verifyBy(fetch, { anchors })).toMatchObject({ ok: true });
  });
});

describe("limits", () => {
  /** A CA that always has one more above it. */
  const [even, odd] = [party("Even"), party("Odd")];
  const tower = (levels: number): { readonly web: Web; readonly leaf: Certificate } => {
    const url = (level: number): string => `http://ca.test/${level}`;
    const keyless = Array.from({ length: levels }, (_, level) => ({
      ...(level % 2 ? odd : even),
      name: `CA ${level}`,
    }));
    const parties = [...keyless, root];
    const pages = keyless.map((subject, level) => {
      const above = parties[level + 1] ?? root;
      return [
        url(level),
        issue(subject, above, { extensions: [...caExtensions, caIssuers(url(level + 1))] }).der,
      ] as const;
    });
    const first = parties[0] ?? root;
    return {
      web: new Web(Object.fromEntries(pages)),
      leaf: issue(leaf, first, { extensions: [...leafExtensions, caIssuers(url(0))] }),
    };
  };

  test("what is fetched leads to the next fetch so often", () => {
    const { depth } = defaultCaIssuersLimits;
    const low = tower(depth);
    expect(verifyBy(low.web.fetch, { leaf: low.leaf })).toMatchObject({ ok: true });
    const high = tower(depth + 1);
    const result = verifyBy(high.web.fetch, { leaf: high.leaf });
    expect(subjects(result)[0]).toMatch(
      /; nothing is fetched from "http:\/\/ca\.test\/3": 3 certificates were, each on account of another$/,
    );
    expect(high.web.asked).toHaveLength(depth);
    expect(verifyBy(high.web.fetch, { leaf: high.leaf }, { limits: { depth: depth + 1 } })).toMatchObject({ ok: true });
  });

  test("so many fetches", () => {
    const { fetches } = defaultCaIssuersLimits;
    const urls = Array.from({ length: fetches + 1 }, (_, index) => `http://${index}.test/`);
    const naming = (some: readonly string[]): Certificate =>
      issue(leaf, intermediate, { extensions: [...leafExtensions, caIssuers(...some)] });
    const pages = { [urls[fetches] ?? ""]: intermediateCertificate.der };
    const web = new Web(pages);
    const result = verifyBy(web.fetch, { leaf: naming(urls) });
    expect(subjects(result)[0]).toMatch(
      /; nothing was to be had from "http:\/\/4\.test\/"; nothing is fetched from "http:\/\/5\.test\/": enough was$/,
    );
    expect(web.asked).toHaveLength(fetches);
    expect(verifyBy(new Web(pages).fetch, { leaf: naming(urls.slice(1)) })).toMatchObject({ ok: true });
  });

  test("so many bytes of an answer, which the fetch is told", () => {
    const { bytes } = defaultCaIssuersLimits;
    const filled = (count: number): Uint8Array => {
      const pem = new TextEncoder().encode(certificatesToPem(intermediateCertificate));
      return concat(new Uint8Array(count - pem.length).fill(0x0a), pem);
    };
    let told = 0;
    const fetch =
      (count: number): CaIssuersPolicy["fetch"] =>
      ({ maximumBytes }) => {
        told = maximumBytes;
        return filled(count);
      };
    expect(verifyBy(fetch(bytes))).toMatchObject({ ok: true });
    expect(told).toBe(bytes);
    expect(subjects(verifyBy(fetch(bytes + 1)))[0]).toMatch(/; more than 131072 bytes came from "http:/);
  });

  test("so many certificates of an answer", () => {
    const { certificates } = defaultCaIssuersLimits;
    const others = Array.from(
      { length: certificates },
      () => issue(party("Other"), root, { extensions: caExtensions }).der,
    );
    const page = (count: number): Uint8Array => signedData(...others.slice(0, count), intermediateCertificate.der);
    expect(verifyBy(new Web({ [address]: page(certificates - 1) }).fetch)).toMatchObject({ ok: true });
    expect(verifyBy(new Web({ [address]: page(certificates) }).fetch)).toMatchObject({ ok: false });
  });

  test("an address is asked once, whoever names it", () => {
    const again = issue(intermediate, party("Above"), { extensions: [...caExtensions, caIssuers(address)] });
    const web = new Web({ [address]: again.der });
    expect(verifyBy(web.fetch)).toMatchObject({ ok: false });
    expect(web.asked).toEqual([address]);
  });

  test("nothing is fetched once the budget is used up", () => {
    const web = new Web({ [address]: intermediateCertificate.der });
    const limits = { issuerCandidates: 0 };
    const atHand = [issue(intermediate, party("Nobody"), { extensions: caExtensions })];
    expect(verifyBy(web.fetch, { intermediates: atHand, limits })).toMatchObject({
      reason: { code: "budget_exhausted" },
    });
    expect(web.asked).toEqual([]);
  });
});

describe("the reason tells what was tried", () => {
  test.each<[string, Uint8Array | string | Error | undefined, string]>([
    ["nothing there", undefined, 'nothing was to be had from "http://ca.test/intermediate.cer"'],
    ["a failure", new Error("no route"), 'no route: nothing was to be had from "http://ca.test/intermediate.cer"'],
    [
      "a page for people",
      "<html></html>",
      'no certificate that can be read came from "http://ca.test/intermediate.cer"',
    ],
    [
      "rubbish",
      Uint8Array.of(0x30, 0x03, 1),
      'no certificate that can be read came from "http://ca.test/intermediate.cer"',
    ],
  ])("%s", (_, page, message) => {
    const { fetch } = new Web(page === undefined ? {} : { [address]: page });
    const result = verifyBy(fetch);
    expect(subjects(result)).toEqual([`the issuer of CN=Leaf, CN=Intermediate, is not known; ${message}`]);
    expect(result).toMatchObject({ reason: { code: "unknown_issuer" } });
  });
});
