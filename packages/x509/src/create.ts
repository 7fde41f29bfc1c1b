import {
  type CryptoProvider,
  type PublicKey,
  type Random,
  run,
  runSync,
  type SignatureAlgorithm,
  type Signer,
  type Steps,
} from "@tlskit/crypto";
import { Certificate } from "./certificate.ts";
import { derExplicit, derSequence, derSmallInteger, derUnsignedInteger } from "./der-writer.ts";
import { x509Error } from "./error.ts";
import { encodeBasicConstraints } from "./extensions/basic-constraints.ts";
import { encodeExtendedKeyUsage } from "./extensions/extended-key-usage.ts";
import { type Extension, encodeExtensions } from "./extensions/extension.ts";
import {
  encodeAuthorityKeyIdentifier,
  encodeSubjectKeyIdentifier,
  keyIdentifierOf,
} from "./extensions/key-identifiers.ts";
import { encodeKeyUsage } from "./extensions/key-usage.ts";
import { encodeGeneralNames, type GeneralName } from "./general-name.ts";
import { hostNameMatches, normalizeHostName } from "./host-name.ts";
import { parseIpAddress } from "./ip-address.ts";
import { maximumSerialNumberOctets } from "./limits.ts";
import { Name, type NameParts } from "./name.ts";
import { Oid } from "./oids.ts";
import { encodeSigned, signTbs } from "./sign-tbs.ts";
import { SubjectPublicKeyInfo } from "./spki.ts";
import { writeTime } from "./time.ts";

/** What a certificate is to say, and who signs it. */
export interface CertificateContents {
  /** Hashes for key identifiers, and checks that the signer is the issuer's. */
  readonly provider: CryptoProvider;
  /** For the serial number. */
  readonly random: Random;
  /** The subject's public key; a private key does as well, of which only the public parts are used. */
  readonly publicKey: SubjectPublicKeyInfo | PublicKey;
  /** Signs: with the issuer's key or, where there is no issuer, with the subject's own. */
  readonly signer: Signer;
  /** The CA's certificate. Without one the certificate is self-signed. */
  readonly issuer?: Certificate;
  /** Both ends belong to it; or so many days from a time on. */
  readonly validity:
    | { readonly notBefore: Date; readonly notAfter: Date }
    | { readonly from: Date; readonly days: number };
  /** Whom it is for. A leaf can do without, a CA or a self-signed certificate can't. */
  readonly subject?: NameParts | Name;
  /** Host names, as A-labels; the left-most label may be `*`. */
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  /** Makes it a CA: `{}`, or with how many CAs may follow below it. */
  readonly ca?: { readonly pathLength?: number };
  /** What a leaf is for: `["serverAuth"]` unless told. A CA is for everything unless told. */
  readonly purposes?: readonly ("serverAuth" | "clientAuth")[];
  /**
   * How it is signed. Unless told, the signer's first algorithm; with an RSA key that isn't for PSS alone, PKCS#1 v1.5
   * with SHA-256 if the signer has it, since much software still refuses PSS in certificates.
   */
  readonly signatureAlgorithm?: SignatureAlgorithm;
  /** Unsigned octets, positive. Unless told, 20 random ones. */
  readonly serialNumber?: Uint8Array;
}

/**
 * Makes and signs a certificate (RFC 5280 §4), as steps, for signers that may answer later;
 * {@link createCertificateSync} and {@link createCertificateAsync} run them.
 *
 * It has basic constraints and key usage, both critical, key identifiers (RFC 7093 §2 (1): of SHA-256), for a leaf
 * the extended key usage, and the names given: critical if there is no subject (RFC 5280 §4.2.1.6).
 * @throws {X509Error} `invalid_argument`, `signer_mismatch`, `unsupported_algorithm`
 */
export function* createCertificate(contents: CertificateContents): Steps<Certificate> {
  const { provider, issuer, signer, ca } = contents;
  const key =
    contents.publicKey instanceof SubjectPublicKeyInfo
      ? contents.publicKey
      : SubjectPublicKeyInfo.of(contents.publicKey);
  const subject = contents.subject instanceof Name ? contents.subject : Name.of(contents.subject ?? {});
  if (subject.isEmpty && (ca !== undefined || issuer === undefined)) {
    throw x509Error(
      "invalid_argument",
      "a CA or self-signed certificate needs a subject (RFC 5280 §4.1.2.4, §4.1.2.6)",
    );
  }
  // RFC 5280 §4.2.1.9: certificates that nobody would accept aren't made
  if (issuer !== undefined && issuer.basicConstraints?.ca !== true) {
    throw x509Error("invalid_argument", `the issuer ${issuer.subject} is not a CA`);
  }
  const issuerKey = issuer?.subjectPublicKeyInfo ?? key;
  const extensions = encodeExtensions(chooseExtensions(contents, subject, key, issuerKey));
  const signed = yield* signTbs(
    { provider, signer, key: issuerKey, signatureAlgorithm: contents.signatureAlgorithm },
    (algorithm) =>
      derSequence(
        derExplicit(0, derSmallInteger(2)),
        derUnsignedInteger(serialNumber(contents)),
        algorithm,
        (issuer?.subject ?? subject).der,
        encodeValidity(contents.validity),
        subject.der,
        key.der,
        derExplicit(3, extensions),
      ),
  );
  return Certificate.fromDer(encodeSigned(signed));
}

/**
 * {@link createCertificate}, at once.
 * @throws {CryptoError} `would_wait` with a signer that answers later
 */
export function createCertificateSync(contents: CertificateContents): Certificate {
  return runSync(createCertificate(contents));
}

/** {@link createCertificate}, with any signer. */
export async function createCertificateAsync(contents: CertificateContents): Promise<Certificate> {
  return await run(createCertificate(contents));
}

/** RFC 5280 §4.1.2.2, and CA/Browser Forum BR §7.1: 64 bits of randomness or more. */
function serialNumber({ serialNumber: given, random }: CertificateContents): Uint8Array {
  if (given !== undefined) {
    const isPositive = given.some((octet) => octet !== 0);
    if (
      !isPositive ||
      given.length > maximumSerialNumberOctets ||
      (given.length === maximumSerialNumberOctets && (given[0] ?? 0) >= 0x80)
    ) {
      throw x509Error(
        "invalid_argument",
        `a serial number is positive and has at most ${maximumSerialNumberOctets} octets`,
      );
    }
    return given;
  }
  const octets = new Uint8Array(random(maximumSerialNumberOctets));
  // positive, and of the full length whatever comes
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return octets;
}

function encodeValidity(validity: CertificateContents["validity"]): Uint8Array {
  if ("notBefore" in validity) {
    if (validity.notAfter < validity.notBefore) throw x509Error("invalid_argument", "notAfter lies before notBefore");
    return derSequence(writeTime(validity.notBefore), writeTime(validity.notAfter));
  }
  if (!(validity.days > 0))
    throw x509Error("invalid_argument", `a certificate is valid for more than ${validity.days} days`);
  // both ends belong to the time (RFC 5280 §4.1.2.5)
  const notAfter = new Date(validity.from.getTime() + validity.days * 86_400_000 - 1000);
  return derSequence(writeTime(validity.from), writeTime(notAfter));
}

function chooseExtensions(
  contents: CertificateContents,
  subject: Name,
  key: SubjectPublicKeyInfo,
  issuerKey: SubjectPublicKeyInfo,
): readonly Extension[] {
  const { provider, issuer, ca } = contents;
  const extensions: Extension[] = [];
  const add = (oid: string, critical: boolean, value: Uint8Array): void => {
    extensions.push({ oid, critical, value });
  };

  const pathLength = ca?.pathLength;
  if (pathLength !== undefined && !(Number.isInteger(pathLength) && pathLength >= 0 && pathLength <= 0x7fffffff)) {
    throw x509Error("invalid_argument", `a path length is a whole number from 0, got ${pathLength}`);
  }
  add(Oid.basicConstraints, true, encodeBasicConstraints({ ca: ca !== undefined, pathLength }));
  add(Oid.keyUsage, true, encodeKeyUsage(ca === undefined ? ["digitalSignature"] : ["keyCertSign", "cRLSign"]));
  const purposes = contents.purposes ?? (ca === undefined ? ["serverAuth" as const] : []);
  if (purposes.length > 0) add(Oid.extKeyUsage, false, encodeExtendedKeyUsage(purposes.map((purpose) => Oid[purpose])));
  const names = identities(contents);
  if (names.length > 0) {
    add(Oid.subjectAltName, subject.isEmpty, encodeGeneralNames(names));
  } else if (subject.isEmpty) {
    throw x509Error("invalid_argument", "a certificate needs a subject, a host name or an IP address");
  }
  add(Oid.subjectKeyIdentifier, false, encodeSubjectKeyIdentifier(keyIdentifierOf(provider, key)));
  // RFC 5280 §4.2.1.1: a self-signed certificate can leave it out
  if (issuer !== undefined) {
    const identifier = issuer.subjectKeyIdentifier ?? keyIdentifierOf(provider, issuerKey);
    add(Oid.authorityKeyIdentifier, false, encodeAuthorityKeyIdentifier(identifier));
  }
  return extensions;
}

function identities({ dnsNames = [], ipAddresses = [] }: CertificateContents): readonly GeneralName[] {
  const hosts = dnsNames.map((name): GeneralName => {
    const wildcard = name.startsWith("*.");
    const normalized = normalizeHostName(wildcard ? `wildcard.${name.slice(2)}` : name);
    // a name that no host could be verified by isn't worth a certificate
    if (normalized === undefined || !hostNameMatches(name.replace(/\.$/, ""), normalized)) {
      throw x509Error("invalid_argument", `not a host name: ${JSON.stringify(name)}`);
    }
    return { type: "dNSName", value: wildcard ? name.toLowerCase().replace(/\.$/, "") : normalized };
  });
  const addresses = ipAddresses.map((text): GeneralName => {
    const value = parseIpAddress(text);
    if (value === undefined) throw x509Error("invalid_argument", `not an IP address: ${JSON.stringify(text)}`);
    return { type: "iPAddress", value };
  });
  return [...hosts, ...addresses];
}
