import { type CryptoProvider, runSync, signatureKeysOf, wait } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { describe, expect, test } from "vitest";
import { derElement, derNull, derSequence } from "../src/der-writer.ts";
import { encodeGeneralName } from "../src/general-name.ts";
import {
  type Certificate,
  notChecked,
  Oid,
  TrustAnchor,
  TrustAnchors,
  type VerificationInputs,
  VerifiedChain,
  verifyCertificateAsync,
  verifyCertificateSync,
  X509Error,
} from "../src/index.ts";
import {
  anchors,
  basicConstraints,
  caExtensions,
  dnsNames,
  extendedKeyUsage,
  intermediate,
  intermediateCertificate,
  issue,
  keyUsage,
  leaf,
  leafCertificate,
  leafExtensions,
  now,
  party,
  provider,
  root,
  rootCertificate,
  verdict,
  verify,
} from "./pki.ts";

const only = (...certificates: readonly Certificate[]): TrustAnchors => TrustAnchors.of(certificates);

describe("a chain that is in order", () => {
  test("is verified, with what was checked", () => {
    const result = verify();
    if (!result.ok) throw result.reason;
    expect(result.chain.certificates).toEqual([leafCertificate, intermediateCertificate]);
    expect(result.chain.leaf).toBe(leafCertificate);
    expect(result.chain.anchor.certificate).toBe(rootCertificate);
    expect(result.chain.hostname).toBe("example.org");
    expect(result.chain.purpose).toBe("serverAuth");
    expect(result.chain.at).toEqual(now);
    expect(VerifiedChain.isGenuine(result.chain)).toBe(true);
  });

  test("is found among intermediates in any order, with others among them", () => {
    const second = party("Second");
    const secondCertificate = issue(second, intermediate, { extensions: caExtensions });
    const below = issue(leaf, second);
    const stray = issue(party("Stray"), party("Nobody"), { extensions: caExtensions });
    const intermediates = [stray, secondCertificate, rootCertificate, stray, intermediateCertificate, below];
    expect(verdict({ leaf: below, intermediates })).toBe("ok");
    expect(verdict({ leaf: below, intermediates: intermediates.toReversed() })).toBe("ok");
  });

  test("is verified on each provider alike", () => {
    expect(verdict({ provider: nobleProvider })).toBe("ok");
  });

  test("is found although a wrong CA of the same name comes first", () => {
    const impostor = { ...party("Intermediate") };
    const wrong = issue(impostor, root, { extensions: caExtensions });
    expect(verdict({ intermediates: [wrong, intermediateCertificate] })).toBe("ok");
  });

  test("ends at any anchor, also one that isn't self-signed", () => {
    expect(verdict({ anchors: only(intermediateCertificate), intermediates: [] })).toBe("ok");
  });

  test("ends at an anchor that has expired: its dates don't count", () => {
    const expired = issue(root, root, { extensions: caExtensions, notAfter: new Date("2026-02-01T00:00:00Z") });
    expect(verdict({ anchors: only(expired) })).toBe("ok");
  });

  test("ends at an old anchor of version 1", () => {
    expect(verdict({ anchors: only(issue(root, root, { version: 1 })) })).toBe("ok");
  });
});

describe("what other libraries accept and nobody should", () => {
  const other = party("Other");

  test("a leaf issued by another leaf", () => {
    const forged = issue(other, leaf);
    expect(verdict({ leaf: forged, intermediates: [leafCertificate, intermediateCertificate] })).toBe("not_a_ca");
  });

  test("a leaf issued by another leaf that is pinned as an anchor", () => {
    const pinned = issue(leaf, leaf);
    expect(verdict({ leaf: issue(other, leaf), intermediates: [], anchors: only(pinned) })).toBe("not_a_ca");
  });

  test("a CA without basic constraints", () => {
    const ca = issue(intermediate, root, { extensions: [keyUsage("keyCertSign")] });
    expect(verdict({ intermediates: [ca] })).toBe("not_a_ca");
  });

  test("a CA of version 1 among the intermediates", () => {
    expect(verdict({ intermediates: [issue(intermediate, root, { version: 1 })] })).toBe("not_a_ca");
  });

  test("a CA whose key is not for signing certificates", () => {
    const ca = issue(intermediate, root, { extensions: [basicConstraints(true), keyUsage("digitalSignature")] });
    expect(verdict({ intermediates: [ca] })).toBe("key_usage");
  });

  test("a self-signed leaf without anchors", () => {
    expect(verdict({ leaf: issue(leaf, leaf), intermediates: [], anchors: only() })).toBe("no_anchors");
  });

  test("a self-signed leaf with other anchors", () => {
    expect(verdict({ leaf: issue(leaf, leaf), intermediates: [] })).toBe("self_signed_untrusted");
  });

  test("a self-signed leaf of the same name and key as an anchor, but another one", () => {
    expect(verdict({ leaf: issue(leaf, leaf), anchors: only(issue(leaf, leaf)) })).not.toBe("ok");
  });

  test("a CA of an anchor's name with another key", () => {
    const impostor = party("Root");
    const chain = [
      issue(intermediate, impostor, { extensions: caExtensions }),
      issue(impostor, impostor, { extensions: caExtensions }),
    ];
    expect(verdict({ intermediates: chain })).toBe("bad_signature");
  });

  test("a signature that is wrong", () => {
    expect(verdict({ leaf: issue(leaf, intermediate, { spoilSignature: true }) })).toBe("bad_signature");
    const spoilt = issue(intermediate, root, { extensions: caExtensions, spoilSignature: true });
    expect(verdict({ intermediates: [spoilt] })).toBe("bad_signature");
  });

  test("an expired intermediate", () => {
    const expired = issue(intermediate, root, { extensions: caExtensions, notAfter: new Date("2026-02-01T00:00:00Z") });
    expect(verdict({ intermediates: [expired] })).toBe("expired");
  });

  test("a host name with a NUL in it", () => {
    const sneaky = issue(leaf, intermediate, {
      extensions: [...leafExtensions.slice(0, 3), dnsNames("example.org\0.attacker.example")],
    });
    expect(verdict({ leaf: sneaky })).toBe("name_mismatch");
    const result = verify({ leaf: sneaky });
    expect(result.ok ? "" : result.reason.message).toContain("example.org\\x00.attacker.example");
    expect(() => verify({ hostname: "example.org\0" })).toThrow(X509Error);
  });

  test("a common name in place of an alternative name", () => {
    const named = { ...leaf, name: "example.org" };
    expect(verdict({ leaf: issue(named, intermediate, { extensions: leafExtensions.slice(0, 3) }) })).toBe(
      "name_mismatch",
    );
  });

  test("an IP address as a DNS name", () => {
    const written = issue(leaf, intermediate, { extensions: [...leafExtensions.slice(0, 3), dnsNames("192.0.2.1")] });
    expect(verdict({ leaf: written, hostname: "192.0.2.1" })).toBe("name_mismatch");
  });

  test("an unknown critical extension, in the leaf, an intermediate and the anchor", () => {
    const unknown = { oid: "1.3.6.1.4.1.99999.1", critical: true, value: derNull() };
    const code = "unsupported_critical_extension";
    expect(verdict({ leaf: issue(leaf, intermediate, { extensions: [...leafExtensions, unknown] }) })).toBe(code);
    const ca = issue(intermediate, root, { extensions: [...caExtensions, unknown] });
    expect(verdict({ intermediates: [ca] })).toBe(code);
    expect(verdict({ anchors: only(issue(root, root, { extensions: [...caExtensions, unknown] })) })).toBe(code);
    const harmless = issue(leaf, intermediate, { extensions: [...leafExtensions, { ...unknown, critical: false }] });
    expect(verdict({ leaf: harmless })).toBe("ok");
  });

  test("cross-signed CAs in a loop", () => {
    const [a, b, c] = [party("A"), party("B"), party("C")];
    const pairs = [
      [a, b],
      [b, a],
      [b, c],
      [c, b],
      [a, c],
      [c, a],
    ] as const;
    const loop = pairs.map(([subject, issuer]) => issue(subject, issuer, { extensions: caExtensions }));
    expect(verdict({ leaf: issue(leaf, a), intermediates: loop })).toBe("unknown_issuer");
    const way = issue(c, root, { extensions: caExtensions });
    expect(verdict({ leaf: issue(leaf, a), intermediates: [...loop, way] })).toBe("ok");
  });

  test("a certificate that certifies itself among the intermediates", () => {
    const ca = issue(intermediate, intermediate, { extensions: caExtensions });
    expect(verdict({ intermediates: [ca] })).toBe("self_signed_untrusted");
  });
});

describe("path length, purposes, dates, keys", () => {
  const second = party("Second");

  test("a path longer than a CA allows", () => {
    const short = issue(intermediate, root, { extensions: [basicConstraints(true, 0), keyUsage("keyCertSign")] });
    const below = issue(second, intermediate, { extensions: caExtensions });
    expect(verdict({ intermediates: [short] })).toBe("ok");
    expect(verdict({ leaf: issue(leaf, second), intermediates: [below, short] })).toBe("path_length_exceeded");
  });

  test("a path longer than the anchor allows", () => {
    const short = issue(root, root, { extensions: [basicConstraints(true, 0), keyUsage("keyCertSign")] });
    expect(verdict({ anchors: only(short) })).toBe("path_length_exceeded");
  });

  test("self-issued CAs don't count towards a path's length", () => {
    const short = issue(intermediate, root, { extensions: [basicConstraints(true, 0), keyUsage("keyCertSign")] });
    const renewed = party("Intermediate");
    const selfIssued = issue(renewed, intermediate, { extensions: caExtensions });
    expect(verdict({ leaf: issue(leaf, renewed), intermediates: [selfIssued, short] })).toBe("ok");
  });

  test("purposes of leaf, CA and anchor", () => {
    const client = [...leafExtensions.slice(0, 2), extendedKeyUsage(Oid.clientAuth), dnsNames("example.org")];
    const clientLeaf = issue(leaf, intermediate, { extensions: client });
    expect(verdict({ leaf: clientLeaf })).toBe("extended_key_usage");
    expect(verdict({ leaf: clientLeaf, purpose: "clientAuth" })).toBe("ok");
    expect(verdict({ leaf: clientLeaf, purpose: "any" })).toBe("ok");
    const mailOnly = [...caExtensions, extendedKeyUsage(Oid.emailProtection)];
    expect(verdict({ intermediates: [issue(intermediate, root, { extensions: mailOnly })] })).toBe(
      "extended_key_usage",
    );
    expect(verdict({ anchors: only(issue(root, root, { extensions: mailOnly })) })).toBe("extended_key_usage");
    const anything = [...caExtensions, extendedKeyUsage(Oid.anyExtendedKeyUsage)];
    expect(verdict({ intermediates: [issue(intermediate, root, { extensions: anything })] })).toBe("ok");
  });

  test("a leaf whose key may not sign", () => {
    const enciphering = [basicConstraints(false), keyUsage("keyEncipherment"), dnsNames("example.org")];
    const certificate = issue(leaf, intermediate, { extensions: enciphering });
    expect(verdict({ leaf: certificate })).toBe("key_usage");
    expect(verdict({ leaf: certificate, leafKeyUsage: "keyEncipherment" })).toBe("ok");
    expect(verdict({ leaf: certificate, leafKeyUsage: notChecked })).toBe("ok");
    expect(verdict({ leaf: certificate, purpose: "any" })).toBe("ok");
  });

  test.each([
    ["2025-12-31T23:59:59.999Z", "not_yet_valid"],
    ["2026-01-01T00:00:00.000Z", "ok"],
    ["2026-12-31T23:59:59.000Z", "ok"],
    ["2026-12-31T23:59:59.999Z", "ok"],
    ["2027-01-01T00:00:00.000Z", "expired"],
  ])("at %s it is %s", (at, expected) => {
    expect(verdict({ at: new Date(at) })).toBe(expected);
  });

  test("a short RSA key is refused unless the caller insists", () => {
    const generated = signatureKeysOf(provider, "RSA").generate((length) => new Uint8Array(length), 1024);
    if ("then" in generated) throw new RangeError("a provider that answers at once is expected");
    const weak = issue({ name: "Weak", key: generated }, intermediate);
    expect(verdict({ leaf: weak })).toBe("weak_key");
    expect(verdict({ leaf: weak, dangerousMinimumRsaBits: 1024 })).toBe("ok");
  });
});

describe("what has to be asked for", () => {
  const nameless = leafExtensions.slice(0, 3);
  const named = { ...leaf, name: "example.org" };
  const fallBack = { dangerousCommonNameFallback: true };

  test("a common name for a host name, where there is no other", () => {
    const certificate = issue(named, intermediate, { extensions: nameless });
    expect(verdict({ leaf: certificate })).toBe("name_mismatch");
    expect(verdict({ leaf: certificate, ...fallBack })).toBe("ok");
    expect(verdict({ leaf: certificate, ...fallBack, hostname: "other.example" })).toBe("name_mismatch");
    const other = issue(named, intermediate, { extensions: [...nameless, dnsNames("other.example")] });
    expect(verdict({ leaf: other, ...fallBack })).toBe("name_mismatch");
    const address = issue({ ...leaf, name: "192.0.2.1" }, intermediate, { extensions: nameless });
    expect(verdict({ leaf: address, ...fallBack, hostname: "192.0.2.1" })).toBe("name_mismatch");
  });

  test("and that common name is held to name constraints", () => {
    const anchor = (base: string) => {
      const subtree = derSequence(encodeGeneralName({ type: "dNSName", value: base }));
      return TrustAnchor.fromCertificate(rootCertificate, { nameConstraints: derSequence(derElement(0xa0, subtree)) });
    };
    const certificate = issue(named, intermediate, { extensions: nameless });
    const inputs = { leaf: certificate, ...fallBack };
    expect(verdict({ ...inputs, anchors: TrustAnchors.of([anchor("example.org")]) })).toBe("ok");
    expect(verdict({ ...inputs, anchors: TrustAnchors.of([anchor("example.com")]) })).toBe("name_not_permitted");
  });

  test("a critical extension that the caller itself acts upon", () => {
    const oid = "1.3.6.1.4.1.99999.1";
    const extensions = [...leafExtensions, { oid, critical: true, value: derNull() }];
    const certificate = issue(leaf, intermediate, { extensions });
    expect(verdict({ leaf: certificate })).toBe("unsupported_critical_extension");
    expect(verdict({ leaf: certificate, handledExtensions: [oid] })).toBe("ok");
    expect(verdict({ leaf: certificate, handledExtensions: ["1.2.3"] })).toBe("unsupported_critical_extension");
  });

  test("fewer signature algorithms than can be verified", () => {
    expect(verdict({ signatureAlgorithms: ["ECDSA/P-256/SHA-256"] })).toBe("ok");
    expect(verdict({ signatureAlgorithms: ["ECDSA/P-384/SHA-384", "Ed25519"] })).toBe("unsupported_algorithm");
    expect(verdict({ signatureAlgorithms: [] })).toBe("unsupported_algorithm");
  });

  test("a purpose without a name of its own", () => {
    const oid = "1.3.6.1.5.5.7.3.17";
    const extensions = [basicConstraints(false), extendedKeyUsage(oid), dnsNames("example.org")];
    const certificate = issue(leaf, intermediate, { extensions });
    expect(verdict({ leaf: certificate, purpose: { oid } })).toBe("ok");
    expect(verdict({ leaf: certificate, purpose: { oid: "1.2.3" } })).toBe("extended_key_usage");
    expect(verdict({ leaf: certificate, purpose: "codeSigning" })).toBe("extended_key_usage");
  });
});

describe("a self-signed certificate that is itself an anchor", () => {
  const pinned = issue(leaf, leaf);
  const pinnedOnly = { leaf: pinned, intermediates: [], anchors: only(pinned) };

  test("is accepted, and held to its name, purpose and dates", () => {
    const result = verify(pinnedOnly);
    expect(result.ok && result.chain.certificates).toEqual([pinned]);
    expect(verdict({ ...pinnedOnly, hostname: "other.example" })).toBe("name_mismatch");
    expect(verdict({ ...pinnedOnly, purpose: "clientAuth" })).toBe("extended_key_usage");
    expect(verdict({ ...pinnedOnly, at: new Date("2027-01-01T00:00:00Z") })).toBe("expired");
  });

  test("a leaf that a CA issued isn't one", () => {
    expect(verdict({ intermediates: [], anchors: only(leafCertificate) })).toBe("unknown_issuer");
  });
});

describe("reasons", () => {
  test("name the certificate, the rule and the values, for every path", () => {
    const expired = issue(intermediate, root, { extensions: caExtensions, notAfter: new Date("2026-02-01T00:00:00Z") });
    const noCa = issue(intermediate, root, { extensions: leafExtensions });
    const result = verify({ intermediates: [noCa, expired], hostname: "other.example" });
    if (result.ok) throw new RangeError("accepted");
    expect(result.refusals.map(({ code, specification }) => [code, specification])).toEqual(
      [
        ["name_mismatch", "RFC 9525 §6"],
        ["extended_key_usage", "RFC 5280 §4.2.1.12"],
        ["not_a_ca", "RFC 5280 §6.1.4 (k)"],
        ["key_usage", "RFC 5280 §6.1.4 (n)"],
        ["expired", "RFC 5280 §6.1.3 (a)(2)"],
      ].filter(([code]) => code !== "extended_key_usage"),
    );
    expect(result.reason.certificate).toBe(expired);
    expect(result.reason.path).toEqual([leafCertificate, expired]);
    expect(result.reason.message).toBe(
      "the certificate of CN=Intermediate expired on 2026-02-01T00:00:00.000Z, the time is 2026-03-01T12:00:00.000Z",
    );
  });

  test("a host that can't be one, and a time that isn't one, are the caller's mistakes", () => {
    expect(() => verify({ hostname: "192.0.2" })).toThrow(X509Error);
    expect(() => verify({ hostname: "(not checked)" })).toThrow(X509Error);
    expect(() => verify({ at: new Date(Number.NaN) })).toThrow(X509Error);
  });
});

test("what JavaScript lets one leave out or misspell is no check left out", () => {
  // the types forbid each of these
  const wrong: readonly object[] = [
    { purpose: undefined },
    { purpose: "server" },
    { purpose: "toString" },
    { purpose: { oid: "serverAuth" } },
    { hostname: undefined },
    { hostname: null },
    { hostname: Symbol("not checked") },
    { revocation: undefined },
    { revocation: "not_checked" },
    { revocation: false },
    { policies: { userInitialPolicySet: ["anyPolicy"] } },
    { handledExtensions: ["nameConstraints"] },
  ];
  for (const inputs of wrong) {
    expect(() => verify(inputs), JSON.stringify(inputs)).toThrow(X509Error);
  }
});

describe("a verified chain", () => {
  test("can't be made by anyone else", () => {
    const parts = {
      certificates: [leafCertificate],
      anchor: TrustAnchor.fromCertificate(rootCertificate),
      hostname: notChecked,
      revocation: notChecked,
      timestamps: notChecked,
      policies: [],
      purpose: "any",
      at: now,
    } as const;
    expect(() => new VerifiedChain(Symbol("verified"), parts)).toThrow(X509Error);
    expect(VerifiedChain.isGenuine({ ...parts, leaf: leafCertificate })).toBe(false);
    expect(VerifiedChain.isGenuine(Object.create(VerifiedChain.prototype))).toBe(false);
  });
});

test("a provider that answers later comes to the same verdict, and the synchronous form says that it can't", async () => {
  const late: CryptoProvider = {
    ...provider,
    signatures: provider.signatures.map((keys) => ({
      ...keys,
      algorithms: keys.algorithms,
      verifier: (key) => {
        const verifier = keys.verifier(key);
        return {
          algorithms: verifier.algorithms,
          verify: (...inputs) => Promise.resolve(runSync(wait(verifier.verify(...inputs)))),
        };
      },
    })),
  };
  const inputs: VerificationInputs = {
    provider: late,
    leaf: leafCertificate,
    intermediates: [intermediateCertificate],
    anchors,
    at: now,
    purpose: "serverAuth",
    hostname: notChecked,
    revocation: notChecked,
  };
  expect((await verifyCertificateAsync(inputs)).ok).toBe(true);
  expect(() => verifyCertificateSync(inputs)).toThrow("answers later");
});
