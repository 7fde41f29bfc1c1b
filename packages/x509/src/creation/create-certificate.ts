import {
  type CryptoProvider,
  type Random,
  run,
  runSync,
  type SignatureAlgorithm,
  type SigningKey,
  type Steps,
  signerFor,
} from "@tlskit/crypto";
import { Certificate } from "../certificate.ts";
import { derExplicit, derSequence, derSmallInteger, derUnsignedInteger } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { type Extension, encodeExtensions } from "../extensions/extension.ts";
import type { Name } from "../name.ts";
import { encodeSigned, signTbs } from "../sign-tbs.ts";
import type { SubjectPublicKeyInfo } from "../spki.ts";
import { type CertifiedPurpose, chooseExtensions } from "./default-extensions.ts";
import { type CertifiedKey, publicKeyInfo } from "./keys.ts";
import { alternativeNamesOf, type SubjectNames, subjectOf } from "./names.ts";
import { serialNumber } from "./serial-number.ts";
import { encodeValidity, type ValidityChoice } from "./validity.ts";

/** What a certificate is to say, and who signs it. */
export interface CertificateContents extends SubjectNames {
  /** Hashes for key identifiers, and checks that the signer is the issuer's. */
  readonly provider: CryptoProvider;
  /** For the serial number, and for signatures that need it. */
  readonly random: Random;
  /** The subject's. Of a {@link CertificateRequest} nothing else gets into the certificate: it asks, the issuer says. */
  readonly publicKey: CertifiedKey;
  /** Signs: with the issuer's key or, where there is no issuer, with the subject's own. */
  readonly signer: SigningKey;
  /** The CA's certificate. Without one the certificate is self-signed. */
  readonly issuer?: Certificate;
  readonly validity: ValidityChoice;
  /** Makes it a CA: `{}`, or with how many CAs may follow below it. */
  readonly ca?: { readonly pathLength?: number };
  /** What a leaf is for: `["serverAuth"]` unless told. A CA is for everything unless told. */
  readonly purposes?: readonly CertifiedPurpose[];
  /**
   * More extensions, of `keyUsageExtension`, `nameConstraintsExtension` and the like, or raw ones. One of a kind that
   * would be made anyway takes that one's place; basic constraints and alternative names have their own fields.
   */
  readonly extensions?: readonly Extension[];
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
  const { provider, random, issuer, ca, signatureAlgorithm } = contents;
  const key = publicKeyInfo(contents.publicKey);
  const subject = subjectOf(contents);
  checkRole(contents, subject, key);
  const extensions = chooseExtensions({
    provider,
    subject,
    names: alternativeNamesOf(contents),
    key,
    issuer,
    ca,
    purposes: contents.purposes,
    given: contents.extensions ?? [],
  });
  const issuerKey = issuer?.subjectPublicKeyInfo ?? key;
  const signing = {
    provider,
    signer: signerFor(provider, contents.signer, random),
    key: issuerKey,
    signatureAlgorithm,
  };
  const signed = yield* signTbs(signing, (algorithm) =>
    derSequence(
      derExplicit(0, derSmallInteger(2)),
      derUnsignedInteger(serialNumber(contents.serialNumber, random)),
      algorithm,
      (issuer?.subject ?? subject).der,
      encodeValidity(contents.validity, contents),
      subject.der,
      key.der,
      derExplicit(3, encodeExtensions(extensions)),
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

/** Certificates that nobody would accept aren't made. */
function checkRole({ issuer, ca }: CertificateContents, subject: Name, key: SubjectPublicKeyInfo): void {
  if (subject.isEmpty && (ca !== undefined || issuer === undefined)) {
    throw x509Error(
      "invalid_argument",
      "a CA or self-signed certificate needs a subject (RFC 5280 §4.1.2.4, §4.1.2.6)",
    );
  }
  if (ca !== undefined && key.publicKey === undefined) {
    throw x509Error("invalid_argument", "a CA needs a key that signs");
  }
  if (issuer === undefined) return;
  const { basicConstraints, keyUsage } = issuer;
  // RFC 5280 §4.2.1.9, §4.2.1.3
  if (basicConstraints?.ca !== true) throw x509Error("invalid_argument", `the issuer ${issuer.subject} is not a CA`);
  if (keyUsage !== undefined && !keyUsage.has("keyCertSign")) {
    throw x509Error("invalid_argument", `the issuer ${issuer.subject} may not sign certificates`);
  }
  if (ca !== undefined && basicConstraints.pathLength === 0) {
    throw x509Error("invalid_argument", `no CA may follow below the issuer ${issuer.subject}`);
  }
}
