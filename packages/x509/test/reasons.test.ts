/** What is told of a certificate that is refused, in cases that others were asked about: for whoever has to mend it. */
import { describe, expect, test } from "vitest";
import {
  derBitString,
  derElement,
  derOid,
  derSequence,
  derSmallInteger,
  derUnsignedInteger,
} from "../src/der-writer.ts";
import { encodeGeneralNames, type GeneralName } from "../src/general-name.ts";
import {
  Certificate,
  type Extension,
  modulusBitsIn,
  Oid,
  SubjectPublicKeyInfo,
  TrustAnchors,
  type VerificationInputs,
} from "../src/index.ts";
import {
  basicConstraints,
  caExtensions,
  dnsNames,
  extendedKeyUsage,
  generateKey,
  intermediate,
  intermediateCertificate,
  issue,
  keyUsage,
  leaf,
  leafCertificate,
  leafExtensions,
  party,
  root,
  rootCertificate,
  verify,
} from "./pki.ts";

/** The code and the sentence of the reason. */
function reason(inputs: Partial<VerificationInputs>): string {
  const result = verify(inputs);
  if (result.ok) return "valid";
  expect(result.refusals).toContain(result.reason);
  return `${result.reason.code}: ${result.reason.message}`;
}

/** The leaf with these alternative names. */
function named(...names: readonly GeneralName[]): Certificate {
  const value = encodeGeneralNames(names);
  return issue(leaf, intermediate, {
    extensions: [keyUsage("digitalSignature"), { oid: Oid.subjectAltName, critical: false, value }],
  });
}

const dns = (value: string): GeneralName => ({ type: "dNSName", value });

describe("a host that isn't named", () => {
  test.each<[string, readonly GeneralName[], string, string]>([
    ["another name", [dns("www.example.org")], "example.org", "not for example.org, but for www.example.org"],
    [
      "an address as a dNSName",
      [dns("8.8.8.8")],
      "8.8.8.8",
      'not for 8.8.8.8, but for the dNSName "8.8.8.8" (an address is named by an iPAddress)',
    ],
    [
      "an IPv6 address as a dNSName",
      [dns("::1")],
      "[::1]",
      'not for ::1, but for the dNSName "::1" (an address is named by an iPAddress)',
    ],
    ["another address", [{ type: "iPAddress", value: Uint8Array.of(192, 0, 2, 1) }], "192.0.2.2", "but for 192.0.2.1"],
    ["a wildcard for the domain itself", [dns("*.example.org")], "example.org", "but for *.example.org"],
    ["a wildcard for two labels", [dns("*.example.org")], "a.b.example.org", "but for *.example.org"],
    [
      "a wildcard for everybody",
      [dns("*.org")],
      "example.org",
      'the dNSName "*.org" (a wildcard is the whole first label, with two labels or more behind it)',
    ],
    ["a part of a label", [dns("w*.example.org")], "www.example.org", 'the dNSName "w*.example.org" (a wildcard is'],
    ["a wildcard that isn't first", [dns("www.*.org")], "www.example.org", 'the dNSName "www.*.org" (a wildcard is'],
    ["a URL", [dns("https://example.org/")], "example.org", 'the dNSName "https://example.org/" (no host\'s name)'],
    ["a port", [dns("example.org:443")], "example.org", 'the dNSName "example.org:443" (no host\'s name)'],
    ["a NUL", [dns("example.org\0.evil.test")], "example.org", "(no host's name)"],
    ["a name for mail", [{ type: "rfc822Name", value: "a@example.org" }], "example.org", "no host name or IP address"],
    [
      "letters beyond ASCII",
      [{ type: "unreadable", form: "dNSName", value: Uint8Array.of(0xe9), fault: "" }],
      "xn--9ca.example",
      "a dNSName that can't be read (a name beyond ASCII is written in A-labels, xn--…)",
    ],
    [
      "an address of three octets",
      [{ type: "unreadable", form: "iPAddress", value: Uint8Array.of(1, 2, 3), fault: "" }],
      "1.2.3.4",
      "an iPAddress that can't be read",
    ],
  ])("%s", (_, names, hostname, told) => {
    const message = reason({ leaf: named(...names), hostname });
    expect(message).toMatch(/^name_mismatch: the certificate of CN=Leaf is not for /);
    expect(message).toContain(told);
  });

  test("a common name alone", () => {
    const old = party("example.org");
    const byName = issue(old, intermediate, { extensions: [keyUsage("digitalSignature")] });
    expect(reason({ leaf: byName })).toContain(
      "but for no host name or IP address; its common name doesn't count (RFC 9525 §2)",
    );
    const other = issue(leaf, intermediate, { extensions: [keyUsage("digitalSignature")] });
    expect(reason({ leaf: other })).toMatch(/but for no host name or IP address$/);
  });

  test("many names are told in part, and what drives a terminal is escaped", () => {
    const many = Array.from({ length: 9 }, (_, i) => dns(`a${i}.test`));
    expect(reason({ leaf: named(...many) })).toMatch(/a4\.test, 4 more$/);
    expect(reason({ leaf: named(dns("\u001b[31mred")) })).not.toContain("\u001b");
  });
});

describe("a key that isn't supported is told by its kind", () => {
  const ec = (parameters: Uint8Array, key = Uint8Array.of(4, ...new Uint8Array(64))): Uint8Array =>
    derSequence(derSequence(derOid(Oid.idEcPublicKey), parameters), derBitString(key));

  /** The leaf, unsigned as it is, with another key. */
  function withKey(spki: Uint8Array): Certificate {
    const der = Buffer.from(leafCertificate.der).toString("hex");
    const own = Buffer.from(leafCertificate.subjectPublicKeyInfo.der).toString("hex");
    // the certificate is put together anew around it, so that all lengths fit
    const tbs = Buffer.from(leafCertificate.tbs).toString("hex");
    expect(der.includes(tbs) && tbs.includes(own)).toBe(true);
    const content = Buffer.from(tbs.slice(8).replace(own, Buffer.from(spki).toString("hex")), "hex");
    const rest = leafCertificate.der.subarray(4 + leafCertificate.tbs.length);
    return Certificate.fromDer(derSequence(derSequence(new Uint8Array(content)), rest));
  }

  test.each<[string, Uint8Array, string]>([
    ["secp256k1", ec(derOid("1.3.132.0.10")), "a key on the curve secp256k1 (1.3.132.0.10)"],
    [
      "brainpoolP256r1",
      ec(derOid("1.3.36.3.3.2.8.1.1.7")),
      "a key on the curve brainpoolP256r1 (1.3.36.3.3.2.8.1.1.7)",
    ],
    ["another curve", ec(derOid("1.2.3.4")), "a key on the curve 1.2.3.4"],
    [
      "parameters",
      ec(derSequence(derSmallInteger(1))),
      "a key on a curve of its own, given by parameters instead of a name",
    ],
    [
      "compressed",
      ec(derOid(Oid.secp256r1), Uint8Array.of(2, ...new Uint8Array(32))),
      "a key on P-256 in compressed form",
    ],
    [
      "X25519",
      derSequence(derSequence(derOid(Oid.idX25519)), derBitString(new Uint8Array(32))),
      "a key for idX25519 (1.3.101.110)",
    ],
    [
      "DSA",
      derSequence(derSequence(derOid("1.2.840.10040.4.1")), derBitString(derSmallInteger(5))),
      "a key for 1.2.840.10040.4.1",
    ],
  ])("%s", (_, spki, told) => {
    expect(SubjectPublicKeyInfo.fromDer(spki).unsupported).toBe(told);
    const result = verify({ leaf: withKey(spki) });
    expect(!result.ok && result.refusals.map(({ message }) => message)).toContain(
      `the certificate of CN=Leaf has ${told}, which is not supported`,
    );
  });

  test("one that is supported isn't told of", () => {
    expect(leafCertificate.subjectPublicKeyInfo.unsupported).toBeUndefined();
  });

  test("a modulus is measured, of RSA keys and of DSA parameters", () => {
    const sequence = derSequence(derUnsignedInteger(Uint8Array.of(0x01, 0xff)), derSmallInteger(3));
    expect(modulusBitsIn(sequence)).toBe(9);
    expect(modulusBitsIn(derSequence())).toBeUndefined();
    expect(modulusBitsIn(derSmallInteger(5))).toBeUndefined();
  });

  test("a curve is told by its object identifier, known or not, and parameters as they are", () => {
    const curveOf = (parameters: Uint8Array) => SubjectPublicKeyInfo.fromDer(ec(parameters)).namedCurve;
    expect(curveOf(derOid("1.3.132.0.10"))).toBe("1.3.132.0.10");
    expect(curveOf(derSequence(derSmallInteger(1)))).toBeUndefined();
    expect(leafCertificate.subjectPublicKeyInfo.namedCurve).toBe(Oid.secp256r1);
    expect(leafCertificate.subjectPublicKeyInfo.parameters).toEqual(derOid(Oid.secp256r1));
  });
});

describe("the true cause goes before what is wrong with others of the same name", () => {
  const namesake = { ...party("Intermediate"), key: generateKey() };
  const rootNamesake = party("Root");

  test("a chain that is too long, with an authority of the same name that didn't sign it", () => {
    const decoy = issue(namesake, root, { extensions: caExtensions });
    const message = reason({ intermediates: [decoy, intermediateCertificate], limits: { chainLength: 2 } });
    expect(message).toMatch(/^chain_too_long: /);
  });

  test("an issuer that isn't a CA, with a namesake that is", () => {
    const decoy = issue(namesake, root, { extensions: caExtensions });
    const noCa = issue(intermediate, root, { extensions: [basicConstraints(false)] });
    expect(reason({ intermediates: [decoy, noCa] })).toMatch(/^not_a_ca: /);
  });

  test("an anchor of the name alone: a wrong signature is all that there is to tell", () => {
    const anchors = TrustAnchors.of([issue(rootNamesake, rootNamesake, { extensions: caExtensions })]);
    expect(reason({ anchors })).toBe(
      "bad_signature: the signature of the certificate of CN=Intermediate, by CN=Root, is wrong",
    );
  });

  test("a certificate that was tampered with, also where its issuer is cross-signed by nobody who is known", () => {
    const crossSigned = issue(intermediate, party("Unknown"), { extensions: caExtensions });
    const spoiled = issue(leaf, intermediate, { spoilSignature: true });
    expect(reason({ leaf: spoiled, intermediates: [crossSigned, intermediateCertificate] })).toMatch(
      /^bad_signature: /,
    );
  });

  test("key identifiers tell a namesake where there is no other path", () => {
    const identified = (oid: string, value: Uint8Array): Extension => ({ oid, critical: false, value });
    const ours = derElement(0x04, Uint8Array.of(1));
    const theirs = derSequence(derElement(0x80, Uint8Array.of(2)));
    const decoy = issue(namesake, root, { extensions: [...caExtensions, identified(Oid.subjectKeyIdentifier, ours)] });
    const orphan = issue(leaf, intermediate, {
      extensions: [...leafExtensions, identified(Oid.authorityKeyIdentifier, theirs)],
    });
    const longer = issue(intermediate, party("Unknown"), { extensions: caExtensions });
    expect(reason({ leaf: orphan, intermediates: [decoy, longer] })).toMatch(/^bad_signature: /);
    expect(reason({ leaf: orphan, intermediates: [decoy, longer], limits: { chainLength: 2 } })).toMatch(
      /^chain_too_long: /,
    );
  });
});

test("the reason is among the refusals, however many there are", () => {
  const pool = Array.from({ length: 150 }, () =>
    issue({ ...intermediate, key: generateKey() }, root, { extensions: caExtensions }),
  );
  const result = verify({ intermediates: pool, limits: { signatureChecks: 120, refusals: 50 } });
  if (result.ok) throw new RangeError("a refusal");
  expect(result.reason.code).toBe("budget_exhausted");
  expect(result.refusals).toHaveLength(50);
  expect(result.refusals).toContain(result.reason);
});

describe("each other reason says what is wrong, with the value", () => {
  const ca = (...extensions: readonly Extension[]): Certificate => issue(intermediate, root, { extensions });

  test.each<[string, () => Partial<VerificationInputs>, string]>([
    [
      "expired",
      () => ({ leaf: issue(leaf, intermediate, { notAfter: new Date("2026-02-01T00:00:00Z") }) }),
      "expired: the certificate of CN=Leaf expired on 2026-02-01T00:00:00.000Z, the time is 2026-03-01T12:00:00.000Z",
    ],
    [
      "an intermediate that isn't sent",
      () => ({ intermediates: [] }),
      "unknown_issuer: the issuer of CN=Leaf, CN=Intermediate, is not known",
    ],
    [
      "self-signed",
      () => ({ leaf: issue(leaf, leaf), intermediates: [] }),
      "self_signed_untrusted: the certificate of CN=Leaf is self-signed and not a trust anchor",
    ],
    [
      "a root that is sent and not trusted",
      () => ({
        intermediates: [intermediateCertificate, rootCertificate],
        anchors: TrustAnchors.of([leafCertificate]),
      }),
      "self_signed_untrusted: the certificate of CN=Root is self-signed and not a trust anchor",
    ],
    [
      "an intermediate without basic constraints",
      () => ({ intermediates: [ca(keyUsage("keyCertSign"))] }),
      "not_a_ca: the certificate of CN=Intermediate is not a CA and can't issue certificates",
    ],
    [
      "a client's certificate",
      () => ({
        leaf: issue(leaf, intermediate, { extensions: [extendedKeyUsage(Oid.clientAuth), dnsNames("example.org")] }),
      }),
      "extended_key_usage: the certificate of CN=Leaf is not for serverAuth, but for clientAuth (1.3.6.1.5.5.7.3.2)",
    ],
    [
      "a key for encryption alone",
      () => ({
        leaf: issue(leaf, intermediate, { extensions: [keyUsage("keyEncipherment"), dnsNames("example.org")] }),
      }),
      "key_usage: the certificate of CN=Leaf has a key that is not for digitalSignature",
    ],
    [
      "a critical extension",
      () => ({
        leaf: issue(leaf, intermediate, {
          extensions: [...leafExtensions, { oid: "1.2.3.4", critical: true, value: Uint8Array.of(5, 0) }],
        }),
      }),
      "unsupported_critical_extension: the certificate of CN=Leaf has the critical extension 1.2.3.4, which is not supported",
    ],
  ])("%s", (_, inputs, told) => expect(reason(inputs())).toBe(told));
});
