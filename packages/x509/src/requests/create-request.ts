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
import { type CertifiedKey, publicKeyInfo } from "../creation/keys.ts";
import { alternativeNamesOf, type SubjectNames, subjectOf } from "../creation/names.ts";
import { contextConstructed } from "../der-tag.ts";
import { derElement, derOid, derSequence, derSetOf, derSmallInteger } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { type Extension, encodeExtensions } from "../extensions/extension.ts";
import { encodeGeneralNames } from "../general-name.ts";
import { describeOid, Oid } from "../oids.ts";
import { toPem } from "../pem.ts";
import { encodeSigned, signTbs } from "../sign-tbs.ts";
import { CertificateRequest, readRequest } from "./certificate-request.ts";

/** What a request is to ask for, and who signs it. */
export interface RequestContents extends SubjectNames {
  readonly provider: CryptoProvider;
  /** For signatures that need it. */
  readonly random: Random;
  /** The subject's private key, or whatever signs with it. */
  readonly signer: SigningKey;
  /** The subject's public key; a private key does as well, and the signer if it is one. */
  readonly publicKey: CertifiedKey;
  /** More extensions to ask for, of `keyUsageExtension` and the like, or raw ones. The names have their own fields. */
  readonly extensions?: readonly Extension[];
  readonly signatureAlgorithm?: SignatureAlgorithm;
}

/**
 * Makes and signs a request for a certificate (PKCS#10, RFC 2986), as steps; {@link createCertificateRequestSync} and
 * {@link createCertificateRequestAsync} run them.
 * @throws {X509Error} `invalid_argument`, `signer_mismatch`, `unsupported_algorithm`
 */
export function* createCertificateRequest(contents: RequestContents): Steps<CertificateRequest> {
  const { provider, random, signatureAlgorithm } = contents;
  const key = publicKeyInfo(contents.publicKey);
  const subject = subjectOf(contents);
  const extensions = requestedExtensions(contents, subject.isEmpty);
  const attributes =
    extensions.length === 0 ? [] : [derSequence(derOid(Oid.extensionRequest), derSetOf(encodeExtensions(extensions)))];
  const info = derSequence(derSmallInteger(0), subject.der, key.der, derElement(contextConstructed(0), ...attributes));
  const signing = { provider, signer: signerFor(provider, contents.signer, random), key, signatureAlgorithm };
  const signed = yield* signTbs(signing, () => info);
  return CertificateRequest.ofVerified(readRequest(encodeSigned(signed)));
}

/**
 * {@link createCertificateRequest}, at once.
 * @throws {CryptoError} `would_wait` with a signer that answers later
 */
export function createCertificateRequestSync(contents: RequestContents): CertificateRequest {
  return runSync(createCertificateRequest(contents));
}

/** {@link createCertificateRequest}, with any signer. */
export async function createCertificateRequestAsync(contents: RequestContents): Promise<CertificateRequest> {
  return await run(createCertificateRequest(contents));
}

/** A request as a PEM text. */
export function certificateRequestToPem({ der }: CertificateRequest): string {
  return toPem("CERTIFICATE REQUEST", der);
}

function requestedExtensions(contents: RequestContents, isNameless: boolean): readonly Extension[] {
  const names = alternativeNamesOf(contents);
  const { extensions: given = [] } = contents;
  if (names.length === 0 && isNameless) throw x509Error("invalid_argument", "a request needs a subject or other names");
  const own: readonly Extension[] =
    names.length === 0 ? [] : [{ oid: Oid.subjectAltName, critical: isNameless, value: encodeGeneralNames(names) }];
  const kinds = [...own, ...given].map(({ oid }) => oid);
  const twice = kinds.find((oid, index) => kinds.indexOf(oid) !== index);
  if (twice !== undefined) throw x509Error("invalid_argument", `the extension ${describeOid(twice)} is given twice`);
  return [...own, ...given];
}
