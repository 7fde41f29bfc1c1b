import { nobleProvider } from "@tlskit/crypto-noble";
import { describe, expect, test } from "vitest";
import { derNull } from "../../src/der-writer.ts";
import type { Extension } from "../../src/extensions/extension.ts";
import {
  type Certificate,
  checkRevocation,
  createOcspErrorResponse,
  noRevAvailExtension,
  type OcspResponse,
  type OcspResponseContents,
  Oid,
  ocspNoCheckExtension,
  type RevocationPolicy,
  type StapledResponse,
} from "../../src/index.ts";
import {
  caExtensions,
  extendedKeyUsage,
  intermediate,
  intermediateCertificate,
  issue,
  keyUsage,
  leafCertificate,
  now,
  type Party,
  party,
  provider,
  root,
  rootCertificate,
  signerOf,
  verdict,
  verifyLater,
} from "../pki.ts";
import {
  crl,
  distributionPoints,
  freshest,
  hour,
  hoursAgo,
  leafWith,
  messageBy,
  point,
  responderAt,
  response,
  revocationOf,
  revokedAnswer,
  statusesBy,
  verdictBy,
} from "./support.ts";

const by = (...ocspResponses: readonly OcspResponse[]): string => verdictBy({ ocspResponses });
const why = (...ocspResponses: readonly OcspResponse[]): string => messageBy({ ocspResponses });
const second = new Date(now.getTime() + 1000);
/** What came along with a certificate. */
const beside = (certificate: Certificate, staple: Uint8Array | "missing"): readonly StapledResponse[] =>
  staple === "missing" ? [] : [{ certificate, response: staple }];

describe("a response", () => {
  test("tells of a certificate that it is good or was revoked, or that the responder doesn't know", () => {
    expect(by(response())).toBe("ok");
    expect(by(response(revokedAnswer))).toBe("revoked");
    expect(why(response(revokedAnswer))).toMatch(/was revoked at 2026-02-27T12:00:00.000Z \(keyCompromise\)/);
    expect(by(response({ certStatus: { status: "unknown" } }))).toBe("revocation_unknown");
    expect(why(response({ certStatus: { status: "unknown" } }))).toMatch(/the responder doesn't know the certificate/);
  });

  test("is the evidence of what is known", () => {
    const good = response();
    expect(statusesBy({ ocspResponses: [good] })[0]).toEqual({
      status: "good",
      evidence: { source: "ocsp", stapled: false, response: good, single: good.basic?.responses[0] },
    });
  });

  test("comes to the same by each provider, and by one that answers later", async () => {
    const revocation = checkRevocation({ mode: "required", certificates: "leaf", ocspResponses: [response()] });
    expect(verdict({ provider: nobleProvider, revocation })).toBe("ok");
    expect((await verifyLater({ revocation })).ok).toBe(true);
  });

  test.each(["SHA-1", "SHA-256", "SHA-384", "SHA-512"] as const)("identifies the issuer by %s", (hash) => {
    expect(by(response({ about: { certificate: leafCertificate, issuer: intermediateCertificate, hash } }))).toBe("ok");
  });

  test("is about a certificate by its issuer's name, its issuer's key and its serial number", () => {
    const named = issue({ name: "Intermediate", key: root.key }, root, { extensions: caExtensions });
    const keyed = issue({ name: "Other", key: intermediate.key }, root, { extensions: caExtensions });
    const about = (issuer: Certificate, certificate = leafCertificate) => response({ about: { certificate, issuer } });
    expect(by(about(intermediateCertificate))).toBe("ok");
    expect(by(about(named))).toBe("revocation_unknown");
    expect(by(about(keyed))).toBe("revocation_unknown");
    expect(by(about(intermediateCertificate, intermediateCertificate))).toBe("revocation_unknown");
  });

  test("by a hash that isn't known, or that the provider hasn't got, is about nobody", () => {
    const about = response().basic?.responses[0]?.certId;
    if (about === undefined) throw new RangeError("no answer");
    expect(by(response({ about }))).toBe("ok");
    expect(by(response({ about: { ...about, hashAlgorithm: "1.2.3.4" } }))).toBe("revocation_unknown");
    const without = { ...provider, hashes: provider.hashes.filter(({ name }) => name !== "SHA-1") };
    expect(verdictBy({ ocspResponses: [response()] }, { provider: without })).toBe("revocation_unknown");
    const bySha256 = response({
      about: { certificate: leafCertificate, issuer: intermediateCertificate, hash: "SHA-256" },
    });
    expect(verdictBy({ ocspResponses: [bySha256] }, { provider: without })).toBe("ok");
  });

  test("with several answers counts as the worst of them", () => {
    const about = { certificate: leafCertificate, issuer: intermediateCertificate };
    const answers = (...statuses: readonly ("good" | "revoked" | "unknown")[]): OcspResponse =>
      response(
        {},
        {
          answers: statuses.map((status) => ({
            about,
            certStatus: status === "revoked" ? { status, revocationTime: hoursAgo(48), reason: undefined } : { status },
            thisUpdate: hoursAgo(2),
            nextUpdate: hoursAgo(-1),
          })),
        },
      );
    expect(by(answers("good", "good"))).toBe("ok");
    expect(by(answers("good", "unknown"))).toBe("revocation_unknown");
    expect(by(answers("good", "revoked"))).toBe("revoked");
    expect(by(answers("unknown", "revoked"))).toBe("revoked");
  });

  test("that is none says nothing", () => {
    expect(why(createOcspErrorResponse("tryLater"))).toMatch(/says tryLater/);
  });
});

describe("a response doesn't count", () => {
  const refused = (found: OcspResponse): string => {
    expect(by(found)).toBe("revocation_unknown");
    return why(found);
  };

  test("from the future, or out of date", () => {
    expect(by(response({ thisUpdate: now }, { producedAt: now }))).toBe("ok");
    expect(refused(response({ thisUpdate: second }, { producedAt: second }))).toMatch(/is yet to come/);
    expect(refused(response({}, { producedAt: second }))).toMatch(/is yet to come/);
    expect(by(response({ nextUpdate: now }))).toBe("ok");
    expect(refused(response({ nextUpdate: new Date(now.getTime() - 1000) }))).toMatch(/was to be replaced by/);
  });

  test("if it was signed before it was known", () => {
    expect(by(response({ thisUpdate: hoursAgo(1) }))).toBe("ok");
    expect(refused(response({ thisUpdate: hoursAgo(0.5) }))).toMatch(/was signed before it was known/);
  });

  test("at an age that is more than it may have, or without an end", () => {
    const old = [response()];
    expect(verdictBy({ ocspResponses: old, maximumAge: 2 * hour })).toBe("ok");
    expect(verdictBy({ ocspResponses: old, maximumAge: 2 * hour - 1 })).toBe("revocation_unknown");
    expect(refused(response({ nextUpdate: undefined }))).toMatch(/doesn't say when it will be replaced/);
    expect(verdictBy({ ocspResponses: [response({ nextUpdate: undefined })], maximumAge: 2 * hour })).toBe("ok");
  });
});

describe("a responder", () => {
  const responder = party("Responder");
  const purposes = extendedKeyUsage(Oid.ocspSigning);

  function delegated(
    extensions: readonly Extension[] = [purposes],
    by: { readonly issuer?: Party; readonly wishes?: Parameters<typeof issue>[2] } = {},
  ): Partial<OcspResponseContents> {
    const certificate = issue(responder, by.issuer ?? intermediate, { extensions, ...by.wishes });
    // made with one that the package takes, and sent along with the one in question
    const fit = issue(responder, intermediate, { extensions: [purposes] });
    return { responder: fit, signer: signerOf(responder), certificates: [certificate] };
  }

  test("is the CA that issued the certificate, by key or by name", () => {
    expect(by(response({}, { responderId: "byKey" }))).toBe("ok");
    expect(by(response({}, { responderId: "byName" }))).toBe("ok");
  });

  test("isn't any other CA, also not one above", () => {
    const contents = { responder: rootCertificate, signer: signerOf(root), certificates: [rootCertificate] };
    expect(by(response({}, contents))).toBe("revocation_unknown");
    expect(why(response({}, contents))).toMatch(/whom another CA certified/);
    expect(by(response({}, { ...contents, certificates: [] }))).toBe("revocation_unknown");
  });

  test("can be certified for it by that CA", () => {
    expect(by(response({}, delegated()))).toBe("ok");
    expect(by(response({}, { ...delegated(), responderId: "byName" }))).toBe("ok");
    expect(by(response({}, delegated([purposes, keyUsage("digitalSignature")])))).toBe("ok");
    expect(by(response(revokedAnswer, delegated()))).toBe("revoked");
  });

  test.each<readonly [string, Partial<OcspResponseContents>, RegExp]>([
    ["by nobody", { ...delegated(), certificates: [] }, /by nobody who may answer/],
    ["without the purpose", delegated([extendedKeyUsage(Oid.serverAuth)]), /not certified for OCSPSigning/],
    ["for any purpose", delegated([extendedKeyUsage(Oid.anyExtendedKeyUsage)]), /not certified for OCSPSigning/],
    [
      "with a key that isn't for signatures",
      delegated([purposes, keyUsage("keyAgreement")]),
      /not for digitalSignature/,
    ],
    ["by another CA", delegated([purposes], { issuer: root }), /whom another CA certified/],
    [
      "by another key of the CA's name",
      delegated([purposes], { issuer: party("Intermediate") }),
      /whom the CA did not certify/,
    ],
    ["and expired", delegated([purposes], { wishes: { notAfter: hoursAgo(1) } }), /expired/],
    ["and not yet valid", delegated([purposes], { wishes: { notBefore: hoursAgo(-1) } }), /is not valid before/],
    [
      "with a critical extension that isn't understood",
      delegated([purposes, { oid: "1.2.3.4", critical: true, value: derNull() }]),
      /critical extension/,
    ],
  ])("that is certified %s may not answer", (_, contents, reason) => {
    expect(by(response({}, contents))).toBe("revocation_unknown");
    expect(why(response({}, contents))).toMatch(reason);
  });

  test("whose signature is wrong isn't believed", () => {
    const certificate = issue({ name: "Responder", key: party("Other").key }, intermediate, { extensions: [purposes] });
    const contents = { ...delegated(), responderId: "byName", certificates: [certificate] } as const;
    expect(why(response({}, contents))).toMatch(/has a wrong signature/);
    const good = new Uint8Array(response().der);
    good[good.length - 1] = (good.at(-1) ?? 0) ^ 1;
    expect(verdictBy({ stapled: beside(leafCertificate, good) })).toBe("bad_staple");
  });

  test("that was revoked isn't believed, unless its certificate says that nobody asks", () => {
    const noCheck = ocspNoCheckExtension();
    const revokedBy = (contents: Partial<OcspResponseContents>): string => {
      const [certificate] = contents.certificates ?? [];
      if (certificate === undefined) throw new RangeError("no certificate");
      // the leaf is known by the response alone
      const crls = [
        crl({
          revoked: [revocationOf(certificate)],
          issuingDistributionPoint: { onlySomeReasons: new Set(["superseded"]) },
        }),
      ];
      return verdictBy({ ocspResponses: [response({}, contents)], crls });
    };
    expect(revokedBy(delegated())).toBe("revocation_unknown");
    expect(revokedBy(delegated([purposes, noCheck]))).toBe("ok");
  });

  test("is one of those that are tried", () => {
    const same = (count: number) =>
      Array.from({ length: count }, () => issue(responder, root, { extensions: [purposes] }));
    const good = issue(responder, intermediate, { extensions: [purposes] });
    const contents = (count: number) => ({ ...delegated(), certificates: [...same(count), good] });
    const limits = { signers: 3 };
    expect(verdictBy({ ocspResponses: [response({}, contents(2))], limits })).toBe("ok");
    expect(verdictBy({ ocspResponses: [response({}, contents(3))], limits })).toBe("revocation_unknown");
  });
});

describe("several sources", () => {
  test("of which one says that it was revoked refuse", () => {
    const revoking = crl({ revoked: [revocationOf(leafCertificate)] });
    expect(verdictBy({ ocspResponses: [response()], crls: [revoking] })).toBe("revoked");
    expect(verdictBy({ ocspResponses: [response(revokedAnswer)], crls: [crl()] })).toBe("revoked");
    expect(by(response(), response(revokedAnswer))).toBe("revoked");
    const staple = beside(leafCertificate, response().der);
    expect(verdictBy({ ocspResponses: [response(revokedAnswer)], stapled: staple })).toBe("revoked");
  });

  test("of which one doesn't count leave it to the others", () => {
    expect(by(createOcspErrorResponse("internalError"), response({ nextUpdate: hoursAgo(1) }), response())).toBe("ok");
    expect(verdictBy({ ocspResponses: [response({ certStatus: { status: "unknown" } })], crls: [crl()] })).toBe("ok");
  });

  test("are as many as are looked at", () => {
    const bad = (count: number) => Array.from({ length: count }, () => createOcspErrorResponse("tryLater"));
    const limits = { ocspResponses: 3 };
    expect(verdictBy({ ocspResponses: [...bad(2), response()], limits })).toBe("ok");
    expect(verdictBy({ ocspResponses: [...bad(3), response()], limits })).toBe("revocation_unknown");
  });
});

describe("a promise to staple (RFC 7633)", () => {
  const feature = (critical: boolean, ...numbers: readonly number[]): Extension => ({
    oid: Oid.tlsFeature,
    critical,
    value: Uint8Array.of(0x30, numbers.length * 3, ...numbers.flatMap((number) => [2, 1, number])),
  });
  const promising = issue(party("Leaf"), intermediate, {
    extensions: [...leafCertificate.extensions, feature(false, 5)],
  });
  const stapleOf = (certificate: Certificate, answer = {}): Uint8Array =>
    response({ about: { certificate, issuer: intermediateCertificate }, ...answer }).der;
  const stapled = (staple: Uint8Array | "missing" | undefined, leaf = promising): string =>
    verdictBy({ mode: "when_available", stapled: staple && beside(leaf, staple) }, { leaf });

  test("is kept by a good response that comes along", () => {
    expect(stapled(stapleOf(promising))).toBe("ok");
    // whose signature is checked once: two are those of the path
    const limits = { signatureChecks: 3 };
    const staple = beside(promising, stapleOf(promising));
    expect(verdictBy({ stapled: staple }, { leaf: promising, limits })).toBe("ok");
  });

  test("is broken if none comes, whatever else is known", () => {
    expect(stapled("missing")).toBe("missing_staple");
    expect(verdictBy({ crls: [crl()], stapled: [] }, { leaf: promising })).toBe("missing_staple");
    expect(verdictBy({ stapled: [] }, { leaf: promising })).toBe("missing_staple");
    expect(messageBy({ stapled: [] }, { leaf: promising })).toMatch(
      /promises that an OCSP response comes along, and none came/,
    );
  });

  test("isn't kept by a response that comes along with another certificate", () => {
    const staple = beside(intermediateCertificate, stapleOf(promising));
    expect(verdictBy({ mode: "when_available", stapled: staple }, { leaf: promising })).toBe("missing_staple");
  });

  test("isn't held against who wasn't in a position to keep it", () => {
    expect(stapled(undefined)).toBe("ok");
    expect(stapled("missing", leafCertificate)).toBe("ok");
    const other = issue(party("Leaf"), intermediate, {
      extensions: [...leafCertificate.extensions, feature(false, 17)],
    });
    expect(stapled("missing", other)).toBe("ok");
  });

  test("of a CA holds for what it issued", () => {
    const ca = issue(intermediate, root, { extensions: [...caExtensions, feature(false, 5)] });
    const by = (staple: Uint8Array | "missing"): string =>
      verdictBy({ mode: "when_available", stapled: beside(leafCertificate, staple) }, { intermediates: [ca] });
    expect(by("missing")).toBe("missing_staple");
    expect(by(stapleOf(leafCertificate))).toBe("ok");
  });

  test("may be critical where it is held to", () => {
    const critical = issue(party("Leaf"), intermediate, {
      extensions: [...leafCertificate.extensions, feature(true, 5)],
    });
    expect(stapled(stapleOf(critical), critical)).toBe("ok");
    expect(stapled(undefined, critical)).toBe("unsupported_critical_extension");
  });
});

describe("a response that comes along (RFC 6066 §8)", () => {
  const by = (staple: Uint8Array, policy: Partial<RevocationPolicy> = {}): string =>
    verdictBy({ mode: "when_available", stapled: beside(leafCertificate, staple), ...policy });
  const why = (staple: Uint8Array): string => messageBy({ stapled: beside(leafCertificate, staple), crls: [crl()] });

  test("tells as one at hand does, and that it came along is told", () => {
    expect(by(response().der, { mode: "required" })).toBe("ok");
    expect(by(response(revokedAnswer).der)).toBe("revoked");
    expect(statusesBy({ stapled: beside(leafCertificate, response().der) })[0]).toMatchObject({
      status: "good",
      evidence: { source: "ocsp", stapled: true },
    });
    expect(verdictBy({ stapled: [] })).toBe("revocation_unknown");
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["can't be read", new Uint8Array(3), /it can't be read/],
    [
      "is about another certificate",
      response({ about: { certificate: intermediateCertificate, issuer: rootCertificate } }).der,
      /it is about other certificates/,
    ],
    ["is stale", response({ nextUpdate: hoursAgo(1) }).der, /was to be replaced by/],
    ["doesn't know", response({ certStatus: { status: "unknown" } }).der, /doesn't know the certificate/],
    ["says that there is no answer", createOcspErrorResponse("tryLater").der, /a response says tryLater/],
  ])("and %s is refused, whatever the mode, and whatever else is known", (_, staple, reason) => {
    expect(by(staple)).toBe("bad_staple");
    expect(by(staple, { mode: "required", crls: [crl()] })).toBe("bad_staple");
    expect(why(staple)).toMatch(reason);
  });

  test("counts for a CA too, if the chain is asked about", () => {
    const about = { certificate: intermediateCertificate, issuer: rootCertificate };
    const byRoot = { responder: rootCertificate, signer: signerOf(root) };
    const chain = (staple: Uint8Array, certificates: "leaf" | "chain"): string =>
      verdictBy({ mode: "when_available", certificates, stapled: beside(intermediateCertificate, staple) });
    const revoked = response({ about, ...revokedAnswer }, byRoot).der;
    expect(chain(response({ about }, byRoot).der, "chain")).toBe("ok");
    expect(chain(revoked, "chain")).toBe("revoked");
    expect(chain(new Uint8Array(3), "chain")).toBe("bad_staple");
    expect(chain(revoked, "leaf")).toBe("ok");
  });

  test("with a certificate that isn't needed means nothing", () => {
    expect(verdictBy({ mode: "when_available", stapled: beside(rootCertificate, new Uint8Array(3)) })).toBe("ok");
  });
});

describe("a certificate that nobody tells of (RFC 9608)", () => {
  const noRevAvail = noRevAvailExtension();
  const short = issue(party("Leaf"), intermediate, { extensions: [...leafCertificate.extensions, noRevAvail] });

  test("is accepted without, and refused if somebody does tell that it was revoked", () => {
    expect(verdictBy({}, { leaf: short })).toBe("ok");
    expect(statusesBy({}, { leaf: short })[0]?.status).toBe("not_checked");
    expect(verdictBy({ crls: [crl({ revoked: [revocationOf(short)] })] }, { leaf: short })).toBe("revoked");
  });

  test("is no CA, and names nobody who would tell", () => {
    const points = distributionPoints(point({ urls: ["http://a.example/"] }));
    const fresh = freshest(point({ urls: ["http://a.example/"] }));
    for (const naming of [points, fresh, responderAt("http://a.example/")]) {
      expect(verdictBy({}, { leaf: leafWith(noRevAvail, naming) })).toBe("revocation_unknown");
    }
    const ca = issue(intermediate, root, { extensions: [...caExtensions, noRevAvail] });
    expect(verdictBy({ certificates: "chain", crls: [crl()] }, { intermediates: [ca] })).toBe("revocation_unknown");
  });
});
