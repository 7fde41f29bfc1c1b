import { nobleProvider } from "@tlskit/crypto-noble";
import { describe, expect, test } from "vitest";
import { derNull } from "../../src/der-writer.ts";
import {
  type Certificate,
  type CertificateRevocationList,
  checkRevocation,
  nameOfParts,
  notChecked,
  Oid,
  withRelativeName,
} from "../../src/index.ts";
import { defaultRevocationLimits } from "../../src/revocation/policy.ts";
import {
  caExtensions,
  generateKey,
  intermediate,
  intermediateCertificate,
  issue,
  keyUsage,
  leafCertificate,
  now,
  type Party,
  party,
  root,
  rootCertificate,
  signerOf,
  verdict,
  verifyLater,
} from "../pki.ts";
import {
  crl,
  directory,
  distributionPoints,
  hour,
  hoursAgo,
  leafWith,
  messageBy,
  nameOf,
  oddCrl,
  point,
  response,
  revocationOf,
  rootCrl,
  spoiled,
  statusesBy,
  url,
  verdictBy,
} from "./support.ts";

const good = crl();
const revoking = crl({ revoked: [revocationOf(leafCertificate, { reason: "keyCompromise" })] });

describe("a mode", () => {
  test("that requires to know refuses a certificate of which nothing is known, and the other doesn't", () => {
    expect(verdictBy({})).toBe("revocation_unknown");
    expect(verdictBy({ mode: "when_available" })).toBe("ok");
  });

  test("that is none is refused, and so are certificates that aren't named as they can be", () => {
    // what JavaScript lets through
    const refused = expect.objectContaining({ code: "invalid_argument" });
    expect(() => verdictBy({ mode: "When_Available" as "when_available" })).toThrow(refused);
    expect(() => verdictBy({ certificates: "Leaf" as "leaf" })).toThrow(refused);
    expect(() => verdictBy({ crls: "crl.pem" as unknown as [] })).toThrow(refused);
  });

  test("of either kind accepts one that is good and refuses one that was revoked", () => {
    for (const mode of ["required", "when_available"] as const) {
      expect(verdictBy({ mode, crls: [good] })).toBe("ok");
      expect(verdictBy({ mode, crls: [revoking] })).toBe("revoked");
      expect(messageBy({ mode, crls: [revoking] })).toMatch(
        /was revoked at 2026-02-27T12:00:00.000Z \(keyCompromise\)/,
      );
    }
  });

  test("asks about the leaf alone or about all but the anchor", () => {
    const intermediateRevoked = rootCrl({ revoked: [revocationOf(intermediateCertificate)] });
    expect(verdictBy({ certificates: "leaf", crls: [good] })).toBe("ok");
    expect(verdictBy({ certificates: "chain", crls: [good] })).toBe("revocation_unknown");
    expect(verdictBy({ certificates: "chain", crls: [good, rootCrl()] })).toBe("ok");
    expect(verdictBy({ certificates: "chain", crls: [good, intermediateRevoked] })).toBe("revoked");
    expect(verdictBy({ certificates: "leaf", crls: [good, intermediateRevoked] })).toBe("ok");
  });

  test("tells of each certificate what is known of it, and by what", () => {
    const [ofLeaf, ofIntermediate] = statusesBy({ crls: [good] });
    expect(ofLeaf).toEqual({
      status: "good",
      evidence: { source: "crl", crls: [{ complete: good, delta: undefined }] },
    });
    expect(ofIntermediate).toEqual({ status: "unknown", tried: [] });
    expect(statusesBy({ certificates: "leaf", crls: [good] })[1]?.status).toBe("not_checked");
  });

  test("comes to the same by each provider, and by one that answers later", async () => {
    const by = (crls: readonly CertificateRevocationList[]) =>
      checkRevocation({ mode: "required", certificates: "chain", crls: [...crls, rootCrl()] });
    expect(verdict({ provider: nobleProvider, revocation: by([good]) })).toBe("ok");
    expect(verdict({ provider: nobleProvider, revocation: by([revoking]) })).toBe("revoked");
    expect((await verifyLater({ revocation: by([good]) })).ok).toBe(true);
    const refused = await verifyLater({ revocation: by([revoking]) });
    expect(refused.ok ? "ok" : refused.reason.code).toBe("revoked");
  });

  test("lets distribution points be critical", () => {
    const leaf = leafWith({ ...distributionPoints(point({ urls: ["http://example.org/1.crl"] })), critical: true });
    expect(verdictBy({ crls: [good] }, { leaf })).toBe("ok");
    expect(verdict({ leaf, revocation: notChecked })).toBe("unsupported_critical_extension");
  });
});

describe("a CRL doesn't count", () => {
  const unknownBy = (found: CertificateRevocationList): string => {
    expect(verdictBy({ crls: [found] })).toBe("revocation_unknown");
    return messageBy({ crls: [found] });
  };

  test("with a wrong signature", () => {
    expect(unknownBy(spoiled(good))).toMatch(/has a wrong signature/);
  });

  test("of another issuer", () => {
    unknownBy(rootCrl());
  });

  test("by a key that is not for cRLSign", () => {
    const issuer = issue(intermediate, root, { extensions: [...caExtensions.slice(0, 1), keyUsage("keyCertSign")] });
    const inputs = { intermediates: [issuer] };
    expect(verdictBy({ crls: [good] }, inputs)).toBe("revocation_unknown");
    expect(messageBy({ crls: [good] }, inputs)).toMatch(/is by a key that is not for cRLSign/);
  });

  test("with a critical extension that isn't understood", () => {
    const extension = { oid: "1.2.3.4", critical: true, value: derNull() };
    expect(unknownBy(oddCrl({ nextUpdate: hoursAgo(-1), extensions: [extension] }))).toMatch(
      /critical extension 1\.2\.3\.4/,
    );
    expect(
      verdictBy({ crls: [oddCrl({ nextUpdate: hoursAgo(-1), extensions: [{ ...extension, critical: false }] })] }),
    ).toBe("ok");
  });

  test("before its thisUpdate, and after its nextUpdate", () => {
    expect(verdictBy({ crls: [crl({ thisUpdate: now })] })).toBe("ok");
    expect(unknownBy(crl({ thisUpdate: new Date(now.getTime() + 1000) }))).toMatch(/is not valid before/);
    expect(verdictBy({ crls: [crl({ nextUpdate: now })] })).toBe("ok");
    expect(unknownBy(crl({ nextUpdate: new Date(now.getTime() - 1000) }))).toMatch(/was to be replaced by/);
  });

  test("at an age that is more than it may have", () => {
    const crls = [crl({ thisUpdate: hoursAgo(24) })];
    expect(verdictBy({ crls, maximumAge: 24 * hour })).toBe("ok");
    expect(verdictBy({ crls, maximumAge: 24 * hour - 1 })).toBe("revocation_unknown");
  });

  test("without a nextUpdate, unless a maximum age is given", () => {
    expect(unknownBy(oddCrl({}))).toMatch(/doesn't say when it will be replaced/);
    expect(verdictBy({ crls: [oddCrl({})], maximumAge: 24 * hour })).toBe("ok");
  });
});

test("of several CRLs of one scope the newest counts, in any order", () => {
  const older = { thisUpdate: hoursAgo(30) };
  const newer = { thisUpdate: hoursAgo(2) };
  const revoked = [revocationOf(leafCertificate, { reason: "certificateHold" })];
  const held = [crl({ ...older, revoked }), crl(newer)];
  const free = [crl(older), crl({ ...newer, revoked })];
  for (const crls of [held, held.toReversed()]) expect(verdictBy({ crls })).toBe("ok");
  for (const crls of [free, free.toReversed()]) expect(verdictBy({ crls })).toBe("revoked");
});

describe("the scope of a CRL", () => {
  const about = (onlyContains: "userCerts" | "cACerts" | "attributeCerts") =>
    crl({ issuingDistributionPoint: { onlyContains } });

  test("is users, CAs or attribute certificates", () => {
    expect(verdictBy({ crls: [about("userCerts")] })).toBe("ok");
    expect(verdictBy({ crls: [about("cACerts")] })).toBe("revocation_unknown");
    expect(verdictBy({ crls: [about("attributeCerts")] })).toBe("revocation_unknown");
    const ofIntermediate = (onlyContains: "userCerts" | "cACerts") =>
      statusesBy({ crls: [rootCrl({ issuingDistributionPoint: { onlyContains } })] })[1]?.status;
    expect(ofIntermediate("cACerts")).toBe("good");
    expect(ofIntermediate("userCerts")).toBe("unknown");
  });

  test("is a distribution point, which the certificate has to name", () => {
    const one = crl({ issuingDistributionPoint: { distributionPoint: url("http://a.example/", "http://b.example/") } });
    const by = (...urls: readonly string[]): string =>
      verdictBy(
        { crls: [one] },
        { leaf: leafWith(distributionPoints(...urls.map((each) => point({ urls: [each] })))) },
      );
    expect(by("http://b.example/")).toBe("ok");
    expect(by("http://c.example/", "http://a.example/")).toBe("ok");
    expect(by("http://c.example/")).toBe("revocation_unknown");
    expect(by("http://B.example/")).toBe("revocation_unknown");
    expect(verdictBy({ crls: [one] })).toBe("revocation_unknown");
  });

  test("can be all that the issuer issued, under its own name", () => {
    const distributionPoint = { type: "fullName", names: directory(nameOf(intermediate)) } as const;
    expect(verdictBy({ crls: [crl({ issuingDistributionPoint: { distributionPoint } })] })).toBe("ok");
  });

  test("can be named relative to the CRL's issuer", () => {
    const relativeName = {
      der: nameOfParts({ commonName: "CRL1" }).der.subarray(2),
      attributes: [],
    };
    const distributionPoint = { type: "nameRelativeToCRLIssuer", relativeName } as const;
    const crls = [crl({ issuingDistributionPoint: { distributionPoint } })];
    const full = { type: "fullName", names: directory(withRelativeName(nameOf(intermediate), relativeName)) } as const;
    for (const named of [distributionPoint, full]) {
      const points = distributionPoints({ distributionPoint: named, reasons: undefined, cRLIssuer: undefined });
      expect(verdictBy({ crls }, { leaf: leafWith(points) })).toBe("ok");
    }
    const other = { type: "fullName", names: directory(withRelativeName(nameOf(root), relativeName)) } as const;
    const points = distributionPoints({ distributionPoint: other, reasons: undefined, cRLIssuer: undefined });
    expect(verdictBy({ crls }, { leaf: leafWith(points) })).toBe("revocation_unknown");
  });

  test("is told of if it is the reason", () => {
    expect(messageBy({ crls: [about("cACerts")] })).toMatch(/the CRL of CN=Intermediate is about CAs alone/);
  });
});

describe("CRLs for some reasons", () => {
  const some = ["keyCompromise", "cACompromise"] as const;
  const others = [
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "privilegeWithdrawn",
    "aACompromise",
  ] as const;
  const forReasons = (
    reasons: readonly (typeof some | typeof others)[number][],
    revoked: readonly Certificate[] = [],
  ) =>
    crl({
      issuingDistributionPoint: { onlySomeReasons: new Set(reasons) },
      revoked: revoked.map((certificate) => revocationOf(certificate)),
    });

  test("tell enough together, and not alone", () => {
    const [one, other] = [forReasons(some), forReasons(others)];
    expect(verdictBy({ crls: [one] })).toBe("revocation_unknown");
    expect(messageBy({ crls: [one] })).toMatch(/for some reasons only: keyCompromise, cACompromise/);
    expect(verdictBy({ crls: [one, one] })).toBe("revocation_unknown");
    expect(verdictBy({ crls: [one, other] })).toBe("ok");
    expect(statusesBy({ crls: [one, other] })[0]).toMatchObject({
      evidence: { crls: [{ complete: one }, { complete: other }] },
    });
  });

  test("count once, however many distribution points lead to them", () => {
    const [one, other] = [forReasons(some), forReasons(others)];
    const urls = ["http://a.example/"];
    const twice = leafWith(distributionPoints(point({ urls }), point({ urls })));
    const [status] = statusesBy({ crls: [one, other] }, { leaf: twice });
    if (status?.status !== "good" || status.evidence.source !== "crl") throw new RangeError("not known by CRLs");
    expect(status.evidence.crls.map(({ complete }) => complete)).toEqual([one, other]);
  });

  test("revoke each for itself", () => {
    expect(verdictBy({ crls: [forReasons(some), forReasons(others, [leafCertificate])] })).toBe("revoked");
    expect(verdictBy({ crls: [forReasons(others, [leafCertificate])] })).toBe("revoked");
  });

  test("count for those that the distribution point is for", () => {
    const urls = ["http://a.example/"];
    const distributionPoint = url(...urls);
    const whole = crl({ issuingDistributionPoint: { distributionPoint } });
    const by = (...points: readonly Parameters<typeof point>[0][]): string =>
      verdictBy({ crls: [whole] }, { leaf: leafWith(distributionPoints(...points.map(point))) });
    expect(by({ urls, reasons: some })).toBe("revocation_unknown");
    expect(by({ urls, reasons: some }, { urls, reasons: others })).toBe("ok");
    expect(by({ urls })).toBe("ok");
    const partial = crl({ issuingDistributionPoint: { distributionPoint, onlySomeReasons: new Set(others) } });
    const leaf = leafWith(distributionPoints(point({ urls, reasons: some }), point({ urls, reasons: others })));
    expect(verdictBy({ crls: [partial] }, { leaf })).toBe("revocation_unknown");
  });
});

describe("a delta CRL", () => {
  const base = crl({ cRLNumber: 5, revoked: [revocationOf(leafCertificate, { reason: "certificateHold" })] });
  const delta = (contents: Parameters<typeof crl>[0] = {}) =>
    crl({ cRLNumber: 8, baseCRLNumber: 5, thisUpdate: hoursAgo(1), ...contents });
  const removing = { revoked: [revocationOf(leafCertificate, { reason: "removeFromCRL" })] } as const;
  const adding = { revoked: [revocationOf(leafCertificate)] } as const;

  test("adds to a complete one", () => {
    expect(verdictBy({ crls: [good, delta()] })).toBe("ok");
    expect(verdictBy({ crls: [good, delta(adding)] })).toBe("revoked");
    const found = delta();
    expect(statusesBy({ crls: [good, found] })[0]).toMatchObject({
      evidence: { crls: [{ complete: good, delta: found }] },
    });
  });

  test("takes off a complete one", () => {
    expect(verdictBy({ crls: [base] })).toBe("revoked");
    expect(verdictBy({ crls: [base, delta()] })).toBe("revoked");
    expect(verdictBy({ crls: [base, delta(removing)] })).toBe("ok");
  });

  test("tells nothing alone", () => {
    expect(verdictBy({ crls: [delta()] })).toBe("revocation_unknown");
    expect(verdictBy({ mode: "when_available", crls: [delta(adding)] })).toBe("ok");
  });

  test("of which there are several counts if it is the newest", () => {
    const crls = [
      delta({ ...adding, cRLNumber: 6 }),
      good,
      delta({ cRLNumber: 8 }),
      delta({ ...adding, cRLNumber: 7 }),
    ];
    expect(verdictBy({ crls })).toBe("ok");
    expect(verdictBy({ crls: crls.toReversed() })).toBe("ok");
  });

  test.each<readonly [string, CertificateRevocationList]>([
    ["a gap before it", delta({ ...adding, baseCRLNumber: 6 })],
    ["a smaller number than the complete one", delta({ ...adding, cRLNumber: 5, baseCRLNumber: 4 })],
    ["another scope", delta({ ...adding, issuingDistributionPoint: { onlyContains: "userCerts" } })],
    ["a wrong signature", spoiled(delta(adding))],
    ["a thisUpdate that is yet to come", delta({ ...adding, thisUpdate: hoursAgo(-1) })],
    ["a nextUpdate that has passed", delta({ ...adding, nextUpdate: new Date(now.getTime() - 1000) })],
    [
      "another key",
      delta({ ...adding, issuer: issue(intermediate, root, { extensions: [...caExtensions, otherKey()] }) }),
    ],
  ])("with %s changes nothing", (_, found) => {
    expect(verdictBy({ crls: [found, good] })).toBe("ok");
    const last = { nextUpdate: new Date(now.getTime() - 1000), cRLNumber: 5 };
    expect(verdictBy({ crls: [found, crl(last)] })).toBe("revocation_unknown");
  });

  function otherKey() {
    return { oid: Oid.subjectKeyIdentifier, critical: false, value: Uint8Array.of(4, 1, 7) };
  }

  test("that is current makes up for a complete one that is out of date", () => {
    const old = crl({ nextUpdate: new Date(now.getTime() - 1000) });
    expect(verdictBy({ crls: [old] })).toBe("revocation_unknown");
    expect(verdictBy({ crls: [old, delta()] })).toBe("ok");
    expect(verdictBy({ crls: [old, delta(adding)] })).toBe("revoked");
    expect(verdictBy({ crls: [old, spoiled(delta())] })).toBe("revocation_unknown");
    const future = crl({ thisUpdate: hoursAgo(-1) });
    expect(verdictBy({ crls: [future, delta()] })).toBe("revocation_unknown");
  });
});

describe("an indirect CRL", () => {
  const other: Party = party("CRL issuer");
  const otherCertificate = issue(other, root, { extensions: [keyUsage("cRLSign")] });
  const indirect = (contents: Parameters<typeof crl>[0] = {}) =>
    crl({
      issuer: otherCertificate,
      signer: signerOf(other),
      issuingDistributionPoint: { indirectCRL: true },
      ...contents,
    });
  const leaf = leafWith(distributionPoints(point({ cRLIssuer: nameOf(other) })));
  const inputs = { leaf, intermediates: [intermediateCertificate, otherCertificate] };
  const withRoot = (found: CertificateRevocationList) => [found, rootCrl()];

  test("counts for a certificate whose distribution point names its issuer", () => {
    expect(verdictBy({ crls: withRoot(indirect()) }, inputs)).toBe("ok");
    expect(verdictBy({ crls: withRoot(indirect()) }, { ...inputs, leaf: leafCertificate })).toBe("revocation_unknown");
  });

  test("revokes by issuer and serial number", () => {
    const revoked = [revocationOf(leaf, { issuer: nameOf(intermediate) })];
    expect(verdictBy({ crls: withRoot(indirect({ revoked })) }, inputs)).toBe("revoked");
    expect(verdictBy({ crls: withRoot(indirect({ revoked: [revocationOf(leaf)] })) }, inputs)).toBe("ok");
  });

  test("may name a distribution point, which then is one of its issuer's names if the certificate names no other", () => {
    const named = (party: Party) =>
      indirect({
        issuingDistributionPoint: {
          indirectCRL: true,
          distributionPoint: { type: "fullName", names: directory(nameOf(party)) },
        },
      });
    expect(verdictBy({ crls: withRoot(named(other)) }, inputs)).toBe("ok");
    expect(verdictBy({ crls: withRoot(named(intermediate)) }, inputs)).toBe("revocation_unknown");
  });

  test("has to say that it is one", () => {
    const found = indirect({ issuingDistributionPoint: undefined });
    expect(verdictBy({ crls: withRoot(found) }, inputs)).toBe("revocation_unknown");
    expect(messageBy({ crls: withRoot(found) }, inputs)).toMatch(/is not an indirect one/);
  });
});

describe("the signer of a CRL", () => {
  /** The intermediate's name with a key of its own, for CRLs alone. */
  const crlKey: Party = { name: intermediate.name, key: generateKey() };
  const crlExtensions = [keyUsage("cRLSign")];
  const crlCertificate = issue(crlKey, root, { extensions: crlExtensions });
  const separate = crl({ issuer: crlCertificate, signer: signerOf(crlKey) });
  const inputs = { intermediates: [intermediateCertificate, crlCertificate] };

  test("can have another key than the issuer, and is itself asked about", () => {
    expect(verdictBy({ crls: [separate, rootCrl()] }, inputs)).toBe("ok");
    expect(verdictBy({ crls: [separate, rootCrl()] })).toBe("revocation_unknown");
    expect(messageBy({ crls: [separate] }, inputs)).toMatch(/of whom nothing is known/);
    expect(statusesBy({ crls: [separate] }, inputs)[0]?.status).toBe("good");
  });

  test("that was revoked isn't believed, in either mode", () => {
    const crls = [separate, rootCrl({ revoked: [revocationOf(crlCertificate)] })];
    expect(verdictBy({ crls }, inputs)).toBe("revocation_unknown");
    expect(messageBy({ crls }, inputs)).toMatch(/who was revoked/);
    expect(statusesBy({ crls }, inputs)[0]?.status).toBe("unknown");
  });

  test.each<readonly [string, Certificate]>([
    ["no path to the same anchor", issue(crlKey, party("Nobody"), { extensions: crlExtensions })],
    ["a certificate that has expired", issue(crlKey, root, { extensions: crlExtensions, notAfter: hoursAgo(1) })],
    [
      "a certificate that somebody else signed",
      issue(crlKey, root, { extensions: crlExtensions, spoilSignature: true }),
    ],
    ["a key that is not for cRLSign", issue(crlKey, root, { extensions: [keyUsage("digitalSignature")] })],
  ])("with %s isn't believed", (_, certificate) => {
    const intermediates = [intermediateCertificate, certificate];
    expect(verdictBy({ crls: [separate, rootCrl()] }, { intermediates })).toBe("revocation_unknown");
  });

  test("may be whom its own CRL is about", () => {
    const self = party("Self");
    const points = distributionPoints(point({ cRLIssuer: nameOf(self) }));
    const selfCertificate = issue(self, intermediate, { extensions: [keyUsage("cRLSign"), points] });
    const inputsOfSelf = { leaf: leafWith(points), intermediates: [intermediateCertificate, selfCertificate] };
    const own = (revoked: readonly Certificate[] = []) =>
      crl({
        issuer: selfCertificate,
        signer: signerOf(self),
        issuingDistributionPoint: { indirectCRL: true },
        revoked: revoked.map((certificate) => revocationOf(certificate, { issuer: nameOf(intermediate) })),
      });
    expect(verdictBy({ crls: [own()] }, inputsOfSelf)).toBe("ok");
    expect(verdictBy({ crls: [own([selfCertificate])] }, inputsOfSelf)).toBe("revocation_unknown");
  });
});

describe("signers of CRLs that are about each other", () => {
  const [one, other] = [party("One"), party("Other")];
  const by = (signer: Party) => distributionPoints(point({ cRLIssuer: nameOf(signer) }));
  const oneCertificate = issue(one, root, { extensions: [keyUsage("cRLSign"), by(other)] });
  const otherCertificate = issue(other, root, { extensions: [keyUsage("cRLSign"), by(one)] });
  const indirect = (signer: Party, issuer: Certificate, revoked: readonly Certificate[] = []) =>
    crl({
      issuer,
      signer: signerOf(signer),
      issuingDistributionPoint: { indirectCRL: true },
      revoked: revoked.map((certificate) => revocationOf(certificate, { issuer: nameOf(root) })),
    });
  const inputs = {
    leaf: leafWith(by(one)),
    intermediates: [intermediateCertificate, oneCertificate, otherCertificate],
  };

  test("are believed as long as neither says that the other was revoked", () => {
    const ofOne = indirect(one, oneCertificate);
    expect(verdictBy({ crls: [ofOne, indirect(other, otherCertificate)] }, inputs)).toBe("ok");
    const revoking = indirect(other, otherCertificate, [oneCertificate]);
    expect(verdictBy({ crls: [ofOne, revoking] }, inputs)).toBe("revocation_unknown");
  });
});

describe("a signer below another CA", () => {
  const [ca, signer] = [party("Another CA"), party("Signer")];
  const caCertificate = issue(ca, root, { extensions: caExtensions });
  const signerCertificate = issue(signer, ca, { extensions: [keyUsage("cRLSign")] });
  const crls = [
    crl({ issuer: signerCertificate, signer: signerOf(signer), issuingDistributionPoint: { indirectCRL: true } }),
    crl({ issuer: caCertificate, signer: signerOf(ca) }),
  ];
  const ocspResponses = [
    response(
      { about: { certificate: intermediateCertificate, issuer: rootCertificate } },
      { responder: rootCertificate, signer: signerOf(root) },
    ),
  ];
  const inputs = {
    leaf: leafWith(distributionPoints(point({ cRLIssuer: nameOf(signer) }))),
    intermediates: [intermediateCertificate, caCertificate, signerCertificate],
  };

  test("needs a CA of which something is known where whole chains are asked about, not where leaves are", () => {
    expect(verdictBy({ certificates: "leaf", crls, ocspResponses }, inputs)).toBe("ok");
    expect(verdictBy({ certificates: "chain", crls, ocspResponses }, inputs)).toBe("revocation_unknown");
    expect(verdictBy({ certificates: "chain", crls: [...crls, rootCrl()], ocspResponses }, inputs)).toBe("ok");
  });
});

describe("limits", () => {
  const bad = (count: number) => Array.from({ length: count }, () => spoiled(crl()));

  test("of CRLs looked at for one certificate", () => {
    const limits = { crls: 3 };
    expect(verdictBy({ crls: [...bad(2), good], limits })).toBe("ok");
    expect(verdictBy({ crls: [...bad(3), good], limits })).toBe("revocation_unknown");
    expect(messageBy({ crls: [...bad(3), good], limits })).toMatch(/at most 3 CRLs are looked at/);
  });

  test("don't count CRLs that are about others", () => {
    const shard = (index: number) =>
      crl({ issuingDistributionPoint: { distributionPoint: url(`http://${index}.example/`) } });
    const shards = Array.from({ length: 5 }, (_, index) => shard(index));
    const leaf = leafWith(distributionPoints(point({ urls: ["http://4.example/"] })));
    expect(verdictBy({ crls: shards, limits: { crls: 1 } }, { leaf })).toBe("ok");
  });

  test("of distribution points looked at", () => {
    const limits = { distributionPoints: 2 };
    const crls = [crl({ issuingDistributionPoint: { distributionPoint: url("http://last.example/") } })];
    const leaf = (count: number): Certificate =>
      leafWith(
        distributionPoints(
          ...Array.from({ length: count }, (_, index) => point({ urls: [`http://${index}.example/`] })),
          point({ urls: ["http://last.example/"] }),
        ),
      );
    expect(verdictBy({ crls, limits }, { leaf: leaf(1) })).toBe("ok");
    expect(verdictBy({ crls, limits }, { leaf: leaf(2) })).toBe("revocation_unknown");
  });

  test("of certificates tried as a signer", () => {
    const key: Party = { name: intermediate.name, key: generateKey() };
    const strangers = (count: number) =>
      Array.from({ length: count }, () =>
        issue({ name: intermediate.name, key: generateKey() }, root, { extensions: [keyUsage("cRLSign")] }),
      );
    const certificate = issue(key, root, { extensions: [keyUsage("cRLSign")] });
    const crls = [crl({ issuer: certificate, signer: signerOf(key) }), rootCrl()];
    const by = (count: number): string =>
      verdictBy(
        { crls, limits: { signers: 3 } },
        { intermediates: [intermediateCertificate, ...strangers(count), certificate] },
      );
    expect(by(1)).toBe("ok");
    expect(by(2)).toBe("revocation_unknown");
  });

  test("of certificates tried let the one come first that the CRL's key identifier fits", () => {
    const signer = party("CRL issuer");
    const keyIdentifier = (octet: number) => ({
      oid: Oid.subjectKeyIdentifier,
      critical: false,
      value: Uint8Array.of(4, 1, octet),
    });
    const right = issue(signer, root, { extensions: [keyUsage("cRLSign"), keyIdentifier(1)] });
    const wrong = issue(party("CRL issuer"), root, { extensions: [keyUsage("cRLSign"), keyIdentifier(2)] });
    const unsaid = issue(party("CRL issuer"), root, { extensions: [keyUsage("cRLSign")] });
    const crls = [
      crl({ issuer: right, signer: signerOf(signer), issuingDistributionPoint: { indirectCRL: true } }),
      rootCrl(),
    ];
    const leaf = leafWith(distributionPoints(point({ cRLIssuer: nameOf(signer) })));
    const intermediates = [intermediateCertificate, wrong, unsaid, right];
    expect(verdictBy({ crls, limits: { signers: 1 } }, { leaf, intermediates })).toBe("ok");
  });

  test("of signers behind signers", () => {
    const last = "http://last.example/";
    /** A leaf whose CRL is by a signer whose CRL is by a signer, and so on; the last one's is by the root. */
    const behind = (count: number): string => {
      const signers = Array.from({ length: count }, (_, index) => party(`Signer ${index}`));
      const pointsOf = (index: number) => {
        const signer = signers[index];
        return distributionPoints(
          signer === undefined ? point({ urls: [last] }) : point({ cRLIssuer: nameOf(signer) }),
        );
      };
      const certificates = signers.map((signer, index) =>
        issue(signer, root, { extensions: [keyUsage("cRLSign"), pointsOf(index + 1)] }),
      );
      const crls = signers.map((signer, index) =>
        crl({
          issuer: certificates[index] ?? rootCertificate,
          signer: signerOf(signer),
          issuingDistributionPoint: { indirectCRL: true },
        }),
      );
      return verdictBy(
        { crls: [...crls, rootCrl({ issuingDistributionPoint: { distributionPoint: url(last) } })] },
        { leaf: leafWith(pointsOf(0)), intermediates: [intermediateCertificate, ...certificates] },
      );
    };
    expect(behind(defaultRevocationLimits.signerDepth)).toBe("ok");
    expect(behind(defaultRevocationLimits.signerDepth + 1)).toBe("revocation_unknown");
  });

  test("of signatures are those of the verification", () => {
    const revocation = checkRevocation({ mode: "required", certificates: "leaf", crls: [...bad(10), good] });
    expect(verdict({ revocation, limits: { signatureChecks: 13 } })).toBe("ok");
    expect(verdict({ revocation, limits: { signatureChecks: 12 } })).toBe("budget_exhausted");
    // the same CRL by several distribution points is checked once
    const urls = ["http://a.example/", "http://b.example/", "http://c.example/"];
    const leaf = leafWith(distributionPoints(...urls.map((each) => point({ urls: [each] }))));
    const crls = [spoiled(crl({ issuingDistributionPoint: { distributionPoint: url(...urls) } }))];
    expect(verdictBy({ crls }, { leaf, limits: { signatureChecks: 3 } })).toBe("revocation_unknown");
  });
});

test("an anchor signs CRLs of what it issued, if it may", () => {
  const status = (contents: Parameters<typeof crl>[0] = {}) => statusesBy({ crls: [rootCrl(contents)] })[1]?.status;
  expect(status()).toBe("good");
  expect(rootCertificate.keyUsage?.has("cRLSign")).toBe(true);
});
