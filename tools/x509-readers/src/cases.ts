import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  bitString,
  boolean,
  der,
  derWithLongLength,
  explicit,
  integer,
  nothing,
  octetString,
  octets,
  oid,
  sequence,
  set,
  text,
} from "./der.ts";
import type { Case, Input, Measurements, Verdict } from "./input.ts";
import {
  attribute,
  caExtensions,
  certificate,
  crl,
  ecdsaWithSha256,
  entry,
  extension,
  type Fields,
  generalizedTime,
  ids,
  keyIdentifier,
  keyIdentifiers,
  leafExtensions,
  named,
  type Party,
  party,
  signed,
  utcTime,
} from "./pki.ts";

/** A case before anybody was asked. */
export type Question = Omit<Case, "verdicts">;

const root = party(named("Root"));
const ca = party(named("CA"));
const leaf = party(named("Leaf"));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

export const defaults: Measurements["defaults"] = {
  root: base64(certificate(root, root, caExtensions(root, root))),
  ca: base64(certificate(ca, root, caExtensions(ca, root))),
  leaf: base64(certificate(leaf, root, leafExtensions(leaf, root))),
  leafOfCa: base64(certificate(leaf, ca, leafExtensions(leaf, ca))),
};

const ofLeaf = (fields: Fields, named?: false): Input => ({
  kind: "chain",
  leaf: base64(certificate(leaf, root, leafExtensions(leaf, root), fields)),
  ...(named === false ? { named } : {}),
});
const ofCa = (fields: Fields): Input => ({
  kind: "chain",
  ca: base64(certificate(ca, root, caExtensions(ca, root), fields)),
});
/** A chain below a root that isn't as it should be. */
const ofRoot = (fields: Fields, authority: Party = root): Input => ({
  kind: "chain",
  root: base64(certificate(authority, authority, caExtensions(authority, authority), fields)),
  leaf: base64(certificate(leaf, authority, leafExtensions(leaf, authority))),
});
/** A leaf with this extension, instead of its own of the kind. */
const leafWith = (id: string, value: Uint8Array, isCritical = false): Input =>
  ofLeaf({ extensions: [...without(leafExtensions(leaf, root), id), extension(id, value, isCritical)] });
const caWith = (id: string, value: Uint8Array, isCritical = false): Input =>
  ofCa({ extensions: [...without(caExtensions(ca, root), id), extension(id, value, isCritical)] });
const subjectOf = (name: Uint8Array): Input => ofLeaf({ subject: name });
const ofCrl = (fields: Parameters<typeof crl>[1]): Input => ({ kind: "crl", crl: base64(crl(root, fields)) });
const crlWith = (...extensions: readonly Uint8Array[]): Input =>
  ofCrl({ extensions: [extension(ids.crlNumber, integer(1)), ...extensions] });

function without(extensions: readonly Uint8Array[], id: string): readonly Uint8Array[] {
  return extensions.filter((one) => !Buffer.from(one).includes(oid(id)));
}

const san = (...names: readonly Uint8Array[]): Uint8Array => sequence(...names, text(0x82, "example.org"));
const policies = (...qualifiers: readonly Uint8Array[]): Uint8Array =>
  sequence(sequence(oid("1.2.3.4"), ...(qualifiers.length === 0 ? [] : [sequence(...qualifiers)])));
const notice = (tag: number, value: string): Uint8Array =>
  policies(sequence(oid("1.3.6.1.5.5.7.2.2"), sequence(text(tag, value))));
const validity = (notBefore: Uint8Array): Fields => ({ validity: sequence(notBefore, utcTime("491231235959Z")) });

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const rsaKey = rsa.privateKey.export({ format: "der", type: "pkcs1" });
const rsaPublic = rsa.publicKey.export({ format: "der", type: "pkcs1" });
const rsaAlgorithm = sequence(oid("1.2.840.113549.1.1.1"));
const ecKey = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ecPoint = ecKey.publicKey.export({ format: "der", type: "spki" }).subarray(-65);
const scalar = scalarWithZero();
const p256 = oid("1.2.840.10045.3.1.7");
const ed = generateKeyPairSync("ed25519");
const edSeed = ed.privateKey.export({ format: "der", type: "pkcs8" }).subarray(-32);
const edPoint = ed.publicKey.export({ format: "der", type: "spki" }).subarray(-32);

/** A key whose scalar begins with a zero octet: one in 256. */
function scalarWithZero(): { readonly octets: Uint8Array; readonly point: Uint8Array } {
  for (;;) {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const value = Buffer.from(privateKey.export({ format: "jwk" }).d ?? "", "base64url");
    if (value[0] === 0)
      return { octets: value, point: publicKey.export({ format: "der", type: "spki" }).subarray(-65) };
  }
}

const sec1 = (octetsOfScalar: Uint8Array, point: Uint8Array, ...curve: readonly Uint8Array[]): Uint8Array =>
  sequence(integer(1), octetString(octetsOfScalar), ...curve, explicit(1, bitString(point)));
const ofKey = (key: Uint8Array, label: "PRIVATE KEY" | "EC PRIVATE KEY"): Input => ({
  kind: "key",
  key: base64(key),
  label,
});

function request(label: string, version: Uint8Array, ...attributes: readonly Uint8Array[]): Input {
  const info = sequence(version, leaf.name, leaf.spki, ...attributes);
  const body = base64(signed(info, ecdsaWithSha256, leaf))
    .replaceAll(/(.{64})/g, "$1\n")
    .trimEnd();
  const pem = `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
  return { kind: "request", request: base64(Buffer.from(pem)) };
}

const empty = party(sequence());
const twoReadings = "two readers could read two things in it";
const restsOnIt = "the verdict rests on it";

/** A rule, an input that breaks it, and our verdict with its reason. */
const row = (group: string, name: string, what: string, ours: Verdict, input: Input, reason?: string): Question => ({
  group,
  name,
  what,
  ours,
  input,
  ...(reason === undefined ? {} : { reason }),
});

const encoding: readonly Question[] = [
  row(
    "encoding",
    "length-in-too-many-octets",
    "a length in more octets than it needs",
    "refused",
    ofLeaf({ subject: derWithLongLength(0x30, set(attribute("Leaf"))) }),
    twoReadings,
  ),
  row(
    "encoding",
    "integer-in-too-many-octets",
    "a serial number with an octet too many",
    "refused",
    ofLeaf({ serial: integer(0, 1) }),
    twoReadings,
  ),
  row(
    "encoding",
    "true-as-ber",
    "TRUE as 01 in basic constraints",
    "refused",
    caWith(ids.basicConstraints, sequence(boolean(1)), true),
    "the verdict rests on it, and some take only FF for TRUE",
  ),
  row(
    "encoding",
    "default-of-critical",
    "critical FALSE, the default, written out",
    "taken",
    ofLeaf({ more: [sequence(oid("1.2.3.4"), boolean(0), octetString(nothing))] }),
  ),
  row(
    "encoding",
    "set-unsorted",
    "a SET OF in another order than DER's",
    "taken",
    subjectOf(sequence(der(0x31, attribute("Leaf"), attribute("A", 0x0c, "2.5.4.10")))),
  ),
  row(
    "encoding",
    "set-empty",
    "a relative name without attributes",
    "refused",
    subjectOf(sequence(set())),
    "a name with it could pass for another",
  ),
  row(
    "encoding",
    "behind-the-signature",
    "something behind the signature",
    "refused",
    ofLeaf({ behindSignature: [nothing] }),
    twoReadings,
  ),
  row(
    "encoding",
    "behind-the-extensions",
    "something behind the extensions",
    "refused",
    ofLeaf({ behindKey: [explicit(3, sequence(...leafExtensions(leaf, root))), nothing], extensions: undefined }),
    twoReadings,
  ),
];

const certificates: readonly Question[] = [
  row(
    "certificates",
    "version-1-written-out",
    "version 1, the default, written out",
    "taken",
    ofRoot({ version: [explicit(0, integer(0))], extensions: undefined }),
  ),
  row(
    "certificates",
    "version-4",
    "a version that there isn't",
    "refused",
    ofLeaf({ version: [explicit(0, integer(3))] }),
    "what it has in it isn't defined",
  ),
  row(
    "certificates",
    "version-1-with-extensions",
    "extensions in version 1",
    "refused",
    ofLeaf({ version: [] }),
    "some obey them and some don't look",
  ),
  row("certificates", "serial-zero", "the serial number zero", "taken", ofLeaf({ serial: integer(0) })),
  row(
    "certificates",
    "serial-negative",
    "a negative serial number",
    "taken",
    ofLeaf({ serial: integer(0x80) }),
    "RFC 5280 §4.1.2.2 asks whoever reads to handle it; CRLs and OCSP name it octet by octet",
  ),
  row(
    "certificates",
    "serial-long",
    "a serial number of 24 octets",
    "taken",
    ofLeaf({ serial: integer(...Array.from({ length: 24 }, () => 0x11)) }),
  ),
  row(
    "certificates",
    "algorithms-differ",
    "another signature algorithm inside than outside",
    "refused",
    ofLeaf({ innerAlgorithm: sequence(oid("1.2.840.10045.4.3.3")) }),
    twoReadings,
  ),
  row(
    "certificates",
    "algorithms-differ-by-null",
    "a NULL inside, and none outside",
    "refused",
    ofLeaf({ innerAlgorithm: sequence(oid("1.2.840.10045.4.3.2"), nothing) }),
    "RFC 5280 §4.1.1.2: the two are the same, octet for octet",
  ),
  row(
    "certificates",
    "issuer-empty",
    "an authority without a name",
    "taken",
    ofRoot({}, empty),
    "the empty name is compared like any other, and the signature is checked",
  ),
  row("certificates", "extensions-empty", "an empty list of extensions", "taken", ofLeaf({ extensions: [] }, false)),
  row(
    "certificates",
    "extension-twice",
    "an extension twice",
    "refused",
    ofLeaf({ more: [extension(ids.keyUsage, octets(0x03, 2, 7, 0x80), true)] }),
    twoReadings,
  ),
  row(
    "certificates",
    "unique-identifier-in-version-1",
    "a unique identifier in version 1",
    "taken",
    ofRoot({ version: [], behindKey: [der(0x81, octets(0, 1))], extensions: undefined }),
    "nobody looks at it",
  ),
  row(
    "certificates",
    "time-without-seconds",
    "a time without seconds",
    "refused",
    ofLeaf(validity(utcTime("2501010000Z"))),
    `${restsOnIt}, and OpenSSL doesn't take it either`,
  ),
  row(
    "certificates",
    "time-with-offset",
    "a time in another zone",
    "refused",
    ofLeaf(validity(utcTime("250101000000+0100"))),
    restsOnIt,
  ),
  row(
    "certificates",
    "time-with-fraction",
    "a time with a fraction of a second",
    "refused",
    ofLeaf(validity(generalizedTime("20250101000000.5Z"))),
    restsOnIt,
  ),
  row(
    "certificates",
    "time-generalized-too-early",
    "a GeneralizedTime before 2050",
    "taken",
    ofLeaf(validity(generalizedTime("20250101000000Z"))),
  ),
  row(
    "certificates",
    "time-that-there-isnt",
    "February 30",
    "refused",
    ofLeaf(validity(utcTime("250230000000Z"))),
    "there is no such time",
  ),
  row(
    "certificates",
    "rsa-without-null",
    "an RSA key without the NULL",
    "taken",
    ofLeaf({ spki: sequence(rsaAlgorithm, bitString(rsaPublic)) }),
  ),
  row(
    "certificates",
    "ecdsa-with-null",
    "an ECDSA signature with a NULL",
    "taken",
    ofLeaf({ algorithm: sequence(oid("1.2.840.10045.4.3.2"), nothing) }),
  ),
];

const names: readonly Question[] = [
  ...(["&", "*", "@", "_"] as const).map((character) =>
    row(
      "names",
      `printable-${character.charCodeAt(0).toString(16)}`,
      `\`${character}\` in a PrintableString`,
      "taken",
      subjectOf(named(`A${character}B`, 0x13)),
    ),
  ),
  row(
    "names",
    "printable-latin-1",
    "accents in a PrintableString",
    "taken",
    subjectOf(named("\u00e9", 0x13)),
    "it has no text, and is compared octet by octet",
  ),
  row(
    "names",
    "ia5-latin-1",
    "accents in an IA5String",
    "taken",
    subjectOf(named("\u00e9", 0x16)),
    "it has no text, and is compared octet by octet",
  ),
  row(
    "names",
    "utf8-malformed",
    "a UTF8String that isn't UTF-8",
    "taken",
    subjectOf(named(octets(0xff))),
    "it has no text, and is compared octet by octet",
  ),
  row(
    "names",
    "bmp-odd",
    "half a character of a BMPString",
    "taken",
    subjectOf(named(octets(0, 0x41, 0), 0x1e)),
    "it has no text, and is compared octet by octet",
  ),
  row(
    "names",
    "san-empty",
    "no alternative name",
    "taken",
    ofLeaf(
      {
        extensions: [
          ...without(leafExtensions(leaf, root), ids.subjectAltName),
          extension(ids.subjectAltName, sequence()),
        ],
      },
      false,
    ),
  ),
  row(
    "names",
    "san-address-of-5-octets",
    "an address of five octets, beside a good name",
    "taken",
    leafWith(ids.subjectAltName, san(text(0x87, octets(1, 2, 3, 4, 5)))),
    "it is nobody's address, and any constraint on its form refuses it",
  ),
  row(
    "names",
    "san-dns-beyond-ascii",
    "a dNSName beyond ASCII, beside a good one",
    "taken",
    leafWith(ids.subjectAltName, san(text(0x82, "\u00e9.example"))),
  ),
  row(
    "names",
    "san-other-name-untagged",
    "an otherName without its tag, beside a good name",
    "taken",
    leafWith(ids.subjectAltName, san(der(0xa0, oid("1.2.3.4"), nothing))),
    "it is nobody's name here, and any constraint on its form refuses it",
  ),
  row(
    "names",
    "san-unknown-form",
    "a name of a form that there isn't",
    "refused",
    leafWith(ids.subjectAltName, san(text(0x89, "a"))),
    "no name constraint could be about it",
  ),
];

const extensions: readonly Question[] = [
  row(
    "extensions",
    "key-usage-trailing-zeros",
    "a key usage with zeros at its end",
    "taken",
    leafWith(ids.keyUsage, octets(0x03, 2, 0, 0x80), true),
  ),
  row(
    "extensions",
    "key-usage-undefined-bits",
    "a key usage with bits that aren't defined",
    "taken",
    leafWith(ids.keyUsage, octets(0x03, 3, 5, 0x80, 0x60), true),
  ),
  row(
    "extensions",
    "key-usage-unused-bits",
    "a key usage with unused bits that are set",
    "refused",
    leafWith(ids.keyUsage, octets(0x03, 2, 7, 0x81), true),
    twoReadings,
  ),
  row(
    "extensions",
    "key-usage-empty",
    "a key usage without a bit",
    "refused",
    leafWith(ids.keyUsage, octets(0x03, 1, 0), true),
    "some take the key to be for nothing, some for anything",
  ),
  row(
    "extensions",
    "ca-false-written-out",
    "cA FALSE, the default, written out",
    "taken",
    leafWith(ids.basicConstraints, sequence(boolean(0)), true),
  ),
  row(
    "extensions",
    "path-length-negative",
    "a negative path length",
    "refused",
    caWith(ids.basicConstraints, sequence(boolean(0xff), integer(0xff)), true),
    restsOnIt,
  ),
  row(
    "extensions",
    "path-length-huge",
    "a path length beyond 31 bits",
    "refused",
    caWith(ids.basicConstraints, sequence(boolean(0xff), integer(1, 0, 0, 0, 0)), true),
    "whoever cuts it to 32 bits reads another",
  ),
  row(
    "extensions",
    "extended-key-usage-empty",
    "an extended key usage without a purpose",
    "refused",
    leafWith(ids.extKeyUsage, sequence()),
    "it is read, and is for nothing",
  ),
  row(
    "extensions",
    "name-constraints-empty",
    "name constraints that neither permit nor exclude",
    "refused",
    caWith(ids.nameConstraints, sequence(), true),
    "the verdict rests on them, and something was meant",
  ),
  row(
    "extensions",
    "name-constraints-minimum",
    "the minimum zero, the default, written out",
    "taken",
    caWith(ids.nameConstraints, sequence(der(0xa0, sequence(text(0x82, "example.org"), der(0x80, octets(0))))), true),
  ),
  row(
    "extensions",
    "name-constraints-mask",
    "a mask with holes",
    "refused",
    caWith(ids.nameConstraints, sequence(der(0xa1, sequence(text(0x87, octets(10, 0, 0, 0, 255, 0, 255, 0))))), true),
    restsOnIt,
  ),
  row(
    "extensions",
    "policy-twice",
    "a policy twice",
    "refused",
    leafWith(ids.certificatePolicies, sequence(sequence(oid("1.2.3.4")), sequence(oid("1.2.3.4")))),
    "RFC 5280 §4.2.1.4 forbids it, and the verdict rests on policies",
  ),
  row(
    "extensions",
    "policies-empty",
    "no policy",
    "refused",
    leafWith(ids.certificatePolicies, sequence()),
    "the verdict rests on it: it could stand for no policy or for any",
  ),
  row(
    "extensions",
    "policy-qualifiers-empty",
    "no qualifier",
    "taken",
    leafWith(ids.certificatePolicies, sequence(sequence(oid("1.2.3.4"), sequence()))),
  ),
  row(
    "extensions",
    "policy-any-with-qualifier",
    "anyPolicy with a qualifier of another kind",
    "taken",
    leafWith(
      ids.certificatePolicies,
      sequence(sequence(oid("2.5.29.32.0"), sequence(sequence(oid("1.2.3.4"), nothing)))),
    ),
  ),
  row(
    "extensions",
    "policy-notice-accents",
    "a notice with accents in a VisibleString",
    "taken",
    leafWith(ids.certificatePolicies, notice(0x1a, "d\u00e9claration")),
  ),
  row(
    "extensions",
    "policy-notice-printable",
    "a notice in a PrintableString",
    "taken",
    leafWith(ids.certificatePolicies, notice(0x13, "a")),
  ),
  row(
    "extensions",
    "policy-notice-no-sequence",
    "a notice that is no sequence",
    "taken",
    leafWith(ids.certificatePolicies, policies(sequence(oid("1.3.6.1.5.5.7.2.2"), nothing))),
  ),
  row("extensions", "policy-mappings-empty", "no policy mapping", "taken", caWith(ids.policyMappings, sequence())),
  row(
    "extensions",
    "policy-constraints-empty",
    "policy constraints that constrain nothing",
    "refused",
    caWith(ids.policyConstraints, sequence(), true),
    restsOnIt,
  ),
  row(
    "extensions",
    "authority-key-identifier-malformed",
    "an authority key identifier that is none",
    "taken",
    leafWith(ids.authorityKeyIdentifier, nothing),
    "a hint that can't be read is none",
  ),
  row(
    "extensions",
    "subject-key-identifier-malformed",
    "a subject key identifier that is none",
    "taken",
    leafWith(ids.subjectKeyIdentifier, nothing),
    "a hint that can't be read is none",
  ),
  row(
    "extensions",
    "distribution-points-malformed",
    "CRL distribution points that are none",
    "taken",
    leafWith(ids.crlDistributionPoints, nothing),
    "told to who asks for revocation, who then knows nothing",
  ),
  row(
    "extensions",
    "distribution-point-of-reasons",
    "a distribution point of reasons alone",
    "taken",
    leafWith(ids.crlDistributionPoints, sequence(sequence(der(0x81, octets(5, 0x60))))),
  ),
  row(
    "extensions",
    "information-access-malformed",
    "an authority information access that is none",
    "taken",
    leafWith(ids.authorityInfoAccess, nothing),
    "told to who asks for it",
  ),
  row(
    "extensions",
    "sct-list-malformed",
    "a list of timestamps that is none",
    "taken",
    leafWith(ids.sctList, nothing),
    "told to who asks for timestamps, which then don't count",
  ),
  row(
    "extensions",
    "tls-feature-malformed",
    "TLS features that are none",
    "taken",
    leafWith(ids.tlsFeature, nothing),
    "where staples are asked for, it counts as a promise",
  ),
];

const crls: readonly Question[] = [
  row("CRLs", "crl-list-empty", "an empty list of revoked certificates", "taken", ofCrl({ entries: [] })),
  row(
    "CRLs",
    "crl-version-1-written-out",
    "version 1 written out",
    "taken",
    ofCrl({ version: [integer(0)], extensions: undefined }),
    "it is what absence stands for",
  ),
  row(
    "CRLs",
    "crl-version-1-with-extensions",
    "extensions in version 1",
    "refused",
    ofCrl({ version: [] }),
    "some obey them and some don't look",
  ),
  row(
    "CRLs",
    "crl-scope-empty",
    "an issuing distribution point that says nothing",
    "taken",
    crlWith(extension(ids.issuingDistributionPoint, sequence(), true)),
  ),
  row(
    "CRLs",
    "crl-scope-false",
    "FALSE, the default, written out in it",
    "taken",
    crlWith(extension(ids.issuingDistributionPoint, sequence(der(0x81, octets(0))), true)),
  ),
  row(
    "CRLs",
    "crl-scope-two",
    "only leaves and only authorities",
    "refused",
    crlWith(extension(ids.issuingDistributionPoint, sequence(der(0x81, octets(0xff)), der(0x82, octets(0xff))), true)),
    "it is about no certificate",
  ),
  row(
    "CRLs",
    "crl-reason-undefined",
    "a reason that isn't defined",
    "taken",
    ofCrl({ entries: [entry(sequence(extension(ids.reasonCode, der(0x0a, octets(7)))))] }),
    "it revokes like any other",
  ),
  row(
    "CRLs",
    "crl-reason-malformed",
    "a reason that is an INTEGER",
    "taken",
    ofCrl({ entries: [entry(sequence(extension(ids.reasonCode, integer(1))))] }),
    "it revokes like any other",
  ),
  row(
    "CRLs",
    "crl-invalidity-date-utc",
    "an invalidity date that is a UTCTime",
    "taken",
    ofCrl({ entries: [entry(sequence(extension(ids.invalidityDate, utcTime("260101000000Z"))))] }),
  ),
  row(
    "CRLs",
    "crl-entry-extensions-empty",
    "an entry with an empty list of extensions",
    "taken",
    ofCrl({ entries: [entry(sequence())] }),
  ),
  row(
    "CRLs",
    "crl-number-long",
    "a number of 24 octets",
    "taken",
    ofCrl({ extensions: [extension(ids.crlNumber, integer(...Array.from({ length: 24 }, () => 0x11)))] }),
    "it counts for delta CRLs alone",
  ),
  row(
    "CRLs",
    "crl-time-without-seconds",
    "a revocation date without seconds",
    "taken",
    ofCrl({ entries: [sequence(integer(0x7f), utcTime("2601010000Z"))] }),
  ),
];

/** A file of GnuTLS's, whose MAC is with no password at all. */
function pkcs12WithNullPassword(): Input {
  const folder = mkdtempSync(join(tmpdir(), "x509-readers-"));
  try {
    const path = (name: string): string => join(folder, name);
    writeFileSync(path("key.pem"), leaf.privateKey.export({ format: "pem", type: "pkcs8" }));
    writeFileSync(path("leaf.der"), Buffer.from(defaults.leaf, "base64"));
    execFileSync("openssl", ["x509", "-inform", "DER", "-in", path("leaf.der"), "-out", path("leaf.pem")]);
    const inputs = ["--load-privkey", path("key.pem"), "--load-certificate", path("leaf.pem"), "--p12-name", "a"];
    const ways = ["--null-password", "--pkcs-cipher", "aes-256", "--outder", "--outfile", path("file.p12")];
    execFileSync("certtool", ["--to-p12", ...inputs, ...ways], { stdio: "ignore" });
    return { kind: "pkcs12", pkcs12: readFileSync(path("file.p12")).toString("base64") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const keysAndFiles: readonly Question[] = [
  row(
    "keys and files",
    "ec-scalar-short",
    "a scalar without its leading zero, in PKCS#8",
    "taken",
    ofKey(pkcs8(sec1(scalar.octets.subarray(1), scalar.point)), "PRIVATE KEY"),
  ),
  row(
    "keys and files",
    "ec-scalar-short-sec1",
    "the same in SEC 1",
    "taken",
    ofKey(sec1(scalar.octets.subarray(1), scalar.point, explicit(0, p256)), "EC PRIVATE KEY"),
  ),
  row(
    "keys and files",
    "ec-scalar-padded",
    "a scalar with a zero in front, in PKCS#8",
    "taken",
    ofKey(pkcs8(sec1(octets(0, ...scalar.octets), scalar.point)), "PRIVATE KEY"),
  ),
  row(
    "keys and files",
    "ec-without-curve",
    "SEC 1 without a curve",
    "taken",
    ofKey(sec1(scalar.octets, scalar.point), "EC PRIVATE KEY"),
    "the public key tells it",
  ),
  row(
    "keys and files",
    "rsa-key-without-null",
    "an RSA key without the NULL",
    "taken",
    ofKey(sequence(integer(0), rsaAlgorithm, octetString(rsaKey)), "PRIVATE KEY"),
  ),
  row(
    "keys and files",
    "ed25519-with-null",
    "an Ed25519 key with a NULL",
    "taken",
    ofKey(sequence(integer(0), sequence(oid("1.3.101.112"), nothing), octetString(octetString(edSeed))), "PRIVATE KEY"),
    "the NULL says nothing",
  ),
  row(
    "keys and files",
    "ed25519-public-explicit",
    "a public key tagged explicitly, as ring had it",
    "taken",
    ofKey(edKey(1, explicit(1, bitString(edPoint))), "PRIVATE KEY"),
    "ring before 0.17 wrote it so, and the key has one meaning",
  ),
  row(
    "keys and files",
    "ed25519-public-in-version-1",
    "a public key in version 1",
    "taken",
    ofKey(edKey(0, der(0x81, octets(0, ...edPoint))), "PRIVATE KEY"),
    "it is held against the private key",
  ),
  row(
    "keys and files",
    "ec-point-of-another-key",
    "another's public key",
    "refused",
    ofKey(pkcs8(sec1(scalar.octets, ecPoint)), "PRIVATE KEY"),
    "whoever signed with it would give the key away",
  ),
  row(
    "keys and files",
    "request-new-label",
    "a request as `NEW CERTIFICATE REQUEST`",
    "taken",
    request("NEW CERTIFICATE REQUEST", integer(0), explicit(0)),
  ),
  row(
    "keys and files",
    "request-without-attributes",
    "a request without the empty set of attributes",
    "taken",
    request("CERTIFICATE REQUEST", integer(0)),
    "some writers leave it out, and nothing hangs on it",
  ),
  row(
    "keys and files",
    "pkcs12-null-password",
    "a PKCS#12 file with no password at all, for the empty one",
    "taken",
    pkcs12WithNullPassword(),
  ),
  row(
    "keys and files",
    "request-version-2",
    "a request of another version",
    "refused",
    request("CERTIFICATE REQUEST", integer(1), explicit(0)),
    "what it has in it isn't defined",
  ),
];

function pkcs8(inner: Uint8Array): Uint8Array {
  return sequence(integer(0), sequence(oid("1.2.840.10045.2.1"), p256), octetString(inner));
}

function edKey(version: number, publicKey: Uint8Array): Uint8Array {
  return sequence(integer(version), sequence(oid("1.3.101.112")), octetString(octetString(edSeed)), publicKey);
}

/** MUSTs of RFC 5280 for issuers, at which path validation (§6.1, §6.3.3) doesn't look. */
const duties: readonly Question[] = [
  row(
    "issuers' duties",
    "basic-constraints-not-critical",
    "an authority's basic constraints that aren't critical (§4.2.1.9)",
    "taken",
    caWith(ids.basicConstraints, sequence(boolean(0xff))),
  ),
  row(
    "issuers' duties",
    "ca-without-key-usage",
    "an authority without a key usage (§4.2.1.3)",
    "taken",
    ofCa({ extensions: without(caExtensions(ca, root), ids.keyUsage) }),
  ),
  row(
    "issuers' duties",
    "key-cert-sign-in-a-leaf",
    "keyCertSign in a certificate that is no authority's (§4.2.1.9)",
    "taken",
    leafWith(ids.keyUsage, octets(0x03, 2, 2, 0x84), true),
  ),
  row(
    "issuers' duties",
    "path-length-in-a-leaf",
    "a path length in a certificate that is no authority's (§4.2.1.9)",
    "taken",
    leafWith(ids.basicConstraints, sequence(integer(0)), true),
  ),
  row(
    "issuers' duties",
    "name-constraints-in-a-leaf",
    "name constraints in a leaf (§4.2.1.10)",
    "taken",
    leafWith(ids.nameConstraints, sequence(der(0xa0, sequence(text(0x82, "example.org")))), true),
  ),
  row(
    "issuers' duties",
    "name-constraints-not-critical",
    "name constraints that aren't critical (§4.2.1.10)",
    "taken",
    caWith(ids.nameConstraints, sequence(der(0xa0, sequence(text(0x82, "example.org"))))),
  ),
  row(
    "issuers' duties",
    "policy-constraints-not-critical",
    "policy constraints that aren't critical (§4.2.1.11)",
    "taken",
    caWith(ids.policyConstraints, sequence(der(0x81, octets(0)))),
  ),
  row(
    "issuers' duties",
    "no-authority-key-identifier",
    "no authority key identifier (§4.2.1.1)",
    "taken",
    ofLeaf({ extensions: without(leafExtensions(leaf, root), ids.authorityKeyIdentifier) }),
  ),
  row(
    "issuers' duties",
    "no-subject-key-identifier",
    "an authority without a subject key identifier (§4.2.1.2)",
    "taken",
    ofCa({ extensions: without(caExtensions(ca, root), ids.subjectKeyIdentifier) }),
  ),
  row(
    "issuers' duties",
    "key-identifiers-critical",
    "key identifiers that are critical (§4.2.1.1, §4.2.1.2)",
    "refused",
    ofLeaf({ extensions: [...leafExtensions(leaf, root).slice(0, 3), ...keyIdentifiers(leaf, root).map(asCritical)] }),
    "they are hints here, and whoever made them critical wanted more",
  ),
  row(
    "issuers' duties",
    "subject-empty-san-not-critical",
    "an alternative name that isn't critical, and no subject (§4.2.1.6)",
    "taken",
    subjectOf(sequence()),
  ),
  row(
    "issuers' duties",
    "crl-without-number",
    "a CRL without a number (§5.2.3)",
    "taken",
    ofCrl({ extensions: [extension(ids.authorityKeyIdentifier, sequence(der(0x80, keyIdentifier(root.spki))))] }),
  ),
  row(
    "issuers' duties",
    "crl-number-critical",
    "a CRL's number that is critical (§5.2.3)",
    "taken",
    ofCrl({ extensions: [extension(ids.crlNumber, integer(1), true)] }),
    "it is understood here",
  ),
  row(
    "issuers' duties",
    "crl-without-key-identifier",
    "a CRL without an authority key identifier (§5.2.1)",
    "taken",
    ofCrl({ extensions: [extension(ids.crlNumber, integer(1))] }),
  ),
];

function asCritical(one: Uint8Array): Uint8Array {
  // a key identifier's extension: SEQUENCE, OBJECT IDENTIFIER of five octets, OCTET STRING
  return sequence(one.subarray(2, 7), boolean(0xff), one.subarray(7));
}

/** All, in the order in which the page has them. */
export const questions: readonly Question[] = [
  ...encoding,
  ...certificates,
  ...names,
  ...extensions,
  ...crls,
  ...keysAndFiles,
  ...duties,
];
