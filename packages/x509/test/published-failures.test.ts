/**
 * What others got wrong, as published: for each, that it isn't so here. Where the right place for a test is elsewhere,
 * it is named.
 *
 * - A common name preferred to an alternative name, a NUL in a host name, `*` in any label: `verify.test.ts`,
 *   `host-name.test.ts`
 * - Issuers that certify each other in a circle: `verify.test.ts`, `work.test.ts`
 * - Policies that grow exponentially (CVE-2023-0464): `policies.test.ts`
 */
import { CryptoError, runSync, verifierFor, wait } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { concat, equalBytes } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import {
  derBitString,
  derElement,
  derExplicit,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSmallInteger,
  derUnsignedInteger,
} from "../src/der-writer.ts";
import { encodeExtension } from "../src/extensions/extension.ts";
import {
  Certificate,
  Oid,
  SubjectPublicKeyInfo,
  subjectPublicKeyInfoOf,
  TrustAnchor,
  TrustAnchors,
  X509Error,
} from "../src/index.ts";
import {
  basicConstraints,
  caExtensions,
  countingRandom,
  extendedKeyUsage,
  intermediate,
  intermediateCertificate,
  issue,
  keyUsage,
  leaf,
  leafCertificate,
  leafExtensions,
  party,
  provider,
  root,
  verdict,
} from "./pki.ts";

const providers = [nodeProvider, nobleProvider];

describe("basic constraints ignored (CVE-2026-33896, CVE-2002-0862, CVE-2011-0228)", () => {
  const other = party("Other");

  test.each([
    ["neither basic constraints nor key usage", [extendedKeyUsage(Oid.serverAuth)]],
    ["no basic constraints", [keyUsage("keyCertSign", "cRLSign")]],
    ["basic constraints that say no", [basicConstraints(false), keyUsage("keyCertSign", "cRLSign")]],
  ])("an issuer with %s issues nothing", (_, extensions) => {
    const ca = issue(intermediate, root, { extensions });
    expect(verdict({ intermediates: [ca] })).toBe("not_a_ca");
  });

  test("a leaf issues nothing, in whatever order it comes", () => {
    const forged = issue(other, leaf, { extensions: leafExtensions });
    for (const intermediates of [
      [leafCertificate, intermediateCertificate],
      [intermediateCertificate, leafCertificate],
    ]) {
      expect(verdict({ leaf: forged, intermediates })).toBe("not_a_ca");
    }
  });
});

describe("PKCS#1 v1.5 signatures with an exponent of 3, forged (CVE-2026-33894, CVE-2006-4339)", () => {
  /** A modulus whose factors nobody needs: forging takes no private key. */
  const modulus = countingRandom()(256);
  modulus[0] = 0xff;
  modulus[255] = 0x01;
  const spki = subjectPublicKeyInfoOf({ type: "RSA", modulus, publicExponent: Uint8Array.of(3) });
  const anchors = TrustAnchors.of([
    TrustAnchor.fromParts({
      subject: intermediateCertificate.subject.der,
      subjectPublicKeyInfo: spki.der,
    }),
  ]);
  const identifier = derSequence(derOid(Oid.sha256WithRSAEncryption), derNull());

  /** The leaf's TBSCertificate, for that algorithm. */
  const tbs = (() => {
    const fields = [derExplicit(0, derSmallInteger(2)), derSmallInteger(7), identifier];
    const rest = [leafCertificate.issuer.der, validityOf(leafCertificate), leafCertificate.subject.der];
    const extensions = derExplicit(3, derSequence(...leafExtensions.map(encodeExtension)));
    return derSequence(...fields, ...rest, leafCertificate.subjectPublicKeyInfo.der, extensions);
  })();

  const sha256 = provider.hashes.find(({ name }) => name === "SHA-256");
  if (sha256 === undefined) throw new RangeError("no SHA-256");
  const digest = derOctetString(sha256.digest(tbs));
  const sha256Identifier = (...parameters: readonly Uint8Array[]) => derSequence(derOid(Oid.idSha256), ...parameters);
  const padding = (octets: number) => concat(Uint8Array.of(0, 1), new Uint8Array(octets).fill(0xff), Uint8Array.of(0));
  const digestInfo = derSequence(sha256Identifier(derNull()), digest);

  test.each([
    ["with anything behind the digest", concat(padding(8), digestInfo)],
    ["with little padding", concat(padding(1), digestInfo)],
    ["without padding", concat(padding(0), digestInfo)],
    [
      "with anything in the parameters of the digest",
      // as much as fits, so that the rest of the number is the digest's alone in a lenient reader's eyes
      concat(padding(8), Uint8Array.of(0x30, 0x81, 0xd0, 0x30, 0x81, 0x9e), derOid(Oid.idSha256), derNull()),
    ],
  ])("%s, are refused by both providers", (_, head) => {
    const signature = cubeRootWithHead(head);
    // the forgery is one: cubed, it begins as a signature does
    expect(equalBytes(cubed(signature).subarray(0, head.length), head)).toBe(true);
    const forged = Certificate.fromDer(derSequence(tbs, identifier, derBitString(signature)));
    for (const by of providers) {
      expect(verdict({ provider: by, leaf: forged, intermediates: [], anchors })).toBe("bad_signature");
    }
  });
});

describe("Ed25519 signatures that others can change (CVE-2026-33895)", () => {
  const ca = party("Edwards CA", "Ed25519");
  const anchors = TrustAnchors.of([issue(ca, ca, { extensions: caExtensions })]);
  const good = issue(leaf, ca);
  /** The order of the group (RFC 8032 §5.1). */
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;

  test.each(providers)("are refused by $name", (by) => {
    expect(verdict({ provider: by, leaf: good, intermediates: [], anchors })).toBe("ok");
    const signature = new Uint8Array(good.signature);
    const s = littleEndian(signature.subarray(32));
    for (let k = 1n; s + k * order < 2n ** 256n; k += 1n) {
      signature.set(fromInteger(s + k * order, 32).toReversed(), 32);
      const changed = withSignature(good, signature);
      expect(verdict({ provider: by, leaf: changed, intermediates: [], anchors })).toBe("bad_signature");
    }
  });
});

describe("numbers that have no inverse, which others seek forever (CVE-2026-33891)", () => {
  const one = derSmallInteger(1);
  const zero = derSmallInteger(0);
  const n = derUnsignedInteger(Buffer.from("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "hex"));

  test.each(providers)("are refused at once by $name", (by) => {
    for (const [r, s] of [
      [zero, zero],
      [one, zero],
      [zero, one],
      [one, n],
      [n, one],
    ] as const) {
      const changed = withSignature(leafCertificate, derSequence(r, s));
      expect(verdict({ provider: by, leaf: changed })).toBe("bad_signature");
    }
    const [keys] = by.signatures.filter(({ type }) => type === "RSA");
    const p = Uint8Array.of(0xff, ...new Uint8Array(126), 1);
    const degenerate = { prime1: p, prime2: p, exponent1: p, exponent2: p, coefficient: Uint8Array.of(0) };
    const modulus = new Uint8Array(256).fill(0xff);
    const key = { type: "RSA", modulus, publicExponent: Uint8Array.of(1, 0, 1), privateExponent: p } as const;
    expect(() => {
      const signer = keys?.signer({ ...key, ...degenerate }, countingRandom());
      if (signer === undefined) throw new RangeError("no RSA");
      runSync(
        (function* () {
          return yield* wait(signer.sign("RSA-PSS/SHA-256", Uint8Array.of(1)));
        })(),
      );
    }).toThrow(CryptoError);
  });
});

describe("a structure that two readers understand differently (CVE-2025-12816)", () => {
  const fields = (): Uint8Array[] => {
    const signed = leafCertificate;
    return [
      derExplicit(0, derSmallInteger(2)),
      derSmallInteger(7),
      signed.signatureAlgorithm.der,
      signed.issuer.der,
      validityOf(signed),
      signed.subject.der,
      signed.subjectPublicKeyInfo.der,
      derExplicit(3, derSequence(...leafExtensions.map(encodeExtension))),
    ];
  };
  const read = (...parts: readonly Uint8Array[]) =>
    Certificate.fromDer(derSequence(derSequence(...parts), leafCertificate.signatureAlgorithm.der, derBitString(p0)));
  const p0 = Uint8Array.of(0);
  const uniqueId = (tag: number) => Uint8Array.of(tag, 2, 0, 1);

  test("is refused wherever an optional field stands twice, out of order, or unknown", () => {
    const whole = fields();
    const [extensions = p0] = whole.slice(-1);
    const front = whole.slice(0, -1);
    expect(read(...whole)).toBeInstanceOf(Certificate);
    expect(read(...front, uniqueId(0x81), uniqueId(0x82), extensions)).toBeInstanceOf(Certificate);
    for (const wrong of [
      [...whole, extensions],
      [...whole, uniqueId(0x81)],
      [...front, uniqueId(0x82), uniqueId(0x81), extensions],
      [...front, uniqueId(0x81), uniqueId(0x81), extensions],
      [...front, derExplicit(4, derNull()), extensions],
      [...front, derElement(0x83, ...leafExtensions.map(encodeExtension))],
      [whole[0] ?? p0, ...whole],
      [...whole.slice(1), whole[0] ?? p0],
      ...whole.map((_, index) => [...whole.slice(0, index), derNull(), ...whole.slice(index)]),
    ]) {
      expect(() => read(...wrong)).toThrow(X509Error);
    }
  });
});

describe("structures nested without end (CVE-2025-66031)", () => {
  /** Sequences within sequences, made without recursion. */
  const nested = (depth: number): Uint8Array => {
    const reversed: number[] = [];
    for (let i = 0; i < depth; i += 1) {
      const length = reversed.length;
      if (length < 0x80) reversed.push(length, 0x30);
      else if (length < 0x100) reversed.push(length, 0x81, 0x30);
      else reversed.push(length & 0xff, length >> 8, 0x82, 0x30);
    }
    return Uint8Array.from(reversed.reverse());
  };

  test("are never entered, wherever anything may stand", () => {
    const deep = nested(15_000);
    const unknown = { oid: "1.2.3.4", critical: false, value: deep };
    expect(verdict({ leaf: issue(leaf, intermediate, { extensions: [...leafExtensions, unknown] }) })).toBe("ok");
    const withDeep = (oid: string): Certificate =>
      issue(leaf, intermediate, { extensions: [basicConstraints(false), { oid, critical: false, value: deep }] });
    for (const oid of [Oid.subjectAltName, Oid.nameConstraints, Oid.certificatePolicies]) {
      expect(() => withDeep(oid)).toThrow(X509Error);
    }
    expect(() => withDeep(Oid.cRLDistributionPoints).cRLDistributionPoints).toThrow(X509Error);
    expect(() => Certificate.fromDer(deep)).toThrow(X509Error);
    expect(() => SubjectPublicKeyInfo.fromDer(deep)).toThrow(X509Error);
  });
});

describe("object identifiers cut to 32 bits (CVE-2025-66030)", () => {
  test("aren't: 2.5.29.(2^32 + 19) isn't basicConstraints", () => {
    const { value } = basicConstraints(true);
    for (const arc of [2n ** 32n, 2n ** 31n, 2n ** 64n]) {
      const disguised = { oid: `2.5.29.${arc + 19n}`, critical: false, value };
      const ca = issue(intermediate, root, { extensions: [disguised, keyUsage("keyCertSign")] });
      expect(ca.basicConstraints).toBeUndefined();
      expect(verdict({ intermediates: [ca] })).toBe("not_a_ca");
      const critical = issue(leaf, intermediate, {
        extensions: [...leafExtensions, { ...disguised, critical: true }],
      });
      expect(verdict({ leaf: critical })).toBe("unsupported_critical_extension");
    }
  });
});

test("a curve of one's own, with an anchor's point on it (CVE-2020-0601)", () => {
  const { publicKey } = intermediateCertificate.subjectPublicKeyInfo;
  if (publicKey?.type !== "P-256") throw new RangeError("an elliptic curve key is expected");
  const explicit = derSequence(derSmallInteger(1), derSequence(derOid("1.2.840.10045.1.1"), derSmallInteger(23)));
  const spki = SubjectPublicKeyInfo.fromDer(
    derSequence(derSequence(derOid(Oid.idEcPublicKey), explicit), derBitString(publicKey.point)),
  );
  expect(spki.publicKey).toBeUndefined();
  const { der: subject } = intermediateCertificate.subject;
  const anchors = TrustAnchors.of([TrustAnchor.fromParts({ subject, subjectPublicKeyInfo: spki.der })]);
  expect(verdict({ anchors, intermediates: [] })).toBe("unsupported_algorithm");
  expect(() => verifierFor(provider, { ...publicKey, point: publicKey.point.subarray(1) })).toThrow(CryptoError);
});

function validityOf(certificate: Certificate): Uint8Array {
  // the fifth field
  const at = Buffer.from(certificate.der).indexOf(certificate.issuer.der) + certificate.issuer.der.length;
  return certificate.der.subarray(at, at + 32);
}

/** The certificate with another signature. */
function withSignature(certificate: Certificate, signature: Uint8Array): Certificate {
  return Certificate.fromDer(derSequence(certificate.tbs, certificate.signatureAlgorithm.der, derBitString(signature)));
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function littleEndian(bytes: Uint8Array): bigint {
  return toInteger(bytes.toReversed());
}

function fromInteger(value: bigint, length: number): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(2 * length, "0"), "hex"));
}

function cubed(signature: Uint8Array): Uint8Array {
  return fromInteger(toInteger(signature) ** 3n, 256);
}

/** The smallest number whose cube, in 256 octets, begins with these. */
function cubeRootWithHead(head: Uint8Array): Uint8Array {
  const target = toInteger(concat(head, new Uint8Array(256 - head.length)));
  let low = 0n;
  let high = 2n ** 700n;
  while (low < high) {
    const middle = (low + high) / 2n;
    if (middle ** 3n < target) low = middle + 1n;
    else high = middle;
  }
  return fromInteger(low, 256);
}
