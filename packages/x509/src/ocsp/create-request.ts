import {
  type CryptoProvider,
  type HashName,
  type Random,
  run,
  runSync,
  type SignatureAlgorithm,
  type SigningKey,
  type Steps,
  signerFor,
} from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import { derBitString, derExplicit, derSequence } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { encodeExtensions } from "../extensions/extension.ts";
import { encodeGeneralName } from "../general-name.ts";
import { signTbs } from "../sign-tbs.ts";
import { type CertId, type CertIdIssuer, certIdOf, encodeCertId } from "./cert-id.ts";
import { nonceExtension } from "./nonce.ts";
import { OcspRequest } from "./request.ts";
import { encodeOcspCertificates } from "./signature.ts";

/** What a request is to ask. */
export interface OcspRequestContents {
  /** Hashes the issuers' names and keys, and checks a signer. */
  readonly provider: CryptoProvider;
  /** The certificates in question, each with its issuer's. */
  readonly certificates: readonly { readonly certificate: Certificate; readonly issuer: Certificate }[];
  /**
   * What the responder must put into its response, so that it can't be an old one (RFC 9654): 32 random bytes. Many
   * responders make their responses in advance, and have none.
   */
  readonly nonce?: Uint8Array | undefined;
  /** By which issuers are identified: SHA-1 unless told, which all responders know and of which nothing here depends. */
  readonly hash?: HashName | undefined;
  /** Signs the request, for a responder that wants to know who asks. */
  readonly requestor?: OcspRequestor | undefined;
}

/** Who asks. */
export interface OcspRequestor {
  /** For signatures that need it. */
  readonly random: Random;
  readonly signer: SigningKey;
  /** The signer's certificate first, then what may lead to it. */
  readonly certificates: readonly [Certificate, ...Certificate[]];
  readonly signatureAlgorithm?: SignatureAlgorithm | undefined;
}

/**
 * Makes a request (RFC 6960 §4.1), and signs it if it is to be, as steps, for signers that may answer later;
 * {@link createOcspRequestSync} and {@link createOcspRequestAsync} run them.
 * @throws {X509Error} `invalid_argument`, `signer_mismatch`, `unsupported_algorithm`
 */
export function* createOcspRequest(contents: OcspRequestContents): Steps<OcspRequest> {
  const { provider, certificates, nonce, requestor, hash = "SHA-1" } = contents;
  if (certificates.length === 0) throw x509Error("invalid_argument", "a request asks about at least one certificate");
  const certIds = certificates.map(({ certificate, issuer }) =>
    certIdOf(provider, hash, certificate, asIssuer(issuer)),
  );
  if (requestor === undefined) return OcspRequest.fromDer(encodeOcspRequest(certIds, nonce));

  const [signerCertificate] = requestor.certificates;
  // RFC 6960 §4.1.2: whoever signs says who it is
  const name = encodeGeneralName({ type: "directoryName", value: signerCertificate.subject });
  const { signatureAlgorithm } = requestor;
  const signer = signerFor(provider, requestor.signer, requestor.random);
  const signed = yield* signTbs(
    { provider, signer, key: signerCertificate.subjectPublicKeyInfo, signatureAlgorithm },
    () => derSequence(derExplicit(1, name), ...encodeQuestions(certIds, nonce)),
  );
  const signature = derSequence(
    signed.algorithm,
    derBitString(signed.signature),
    ...encodeOcspCertificates(requestor.certificates),
  );
  return OcspRequest.fromDer(derSequence(signed.tbs, derExplicit(0, signature)));
}

/**
 * {@link createOcspRequest}, at once.
 * @throws {CryptoError} `would_wait` with a signer that answers later
 */
export function createOcspRequestSync(contents: OcspRequestContents): OcspRequest {
  return runSync(createOcspRequest(contents));
}

/** {@link createOcspRequest}, with any signer. */
export async function createOcspRequestAsync(contents: OcspRequestContents): Promise<OcspRequest> {
  return await run(createOcspRequest(contents));
}

/** A request that isn't signed. */
export function encodeOcspRequest(certIds: readonly CertId[], nonce: Uint8Array | undefined): Uint8Array {
  return derSequence(derSequence(...encodeQuestions(certIds, nonce)));
}

/** `requestList` and `requestExtensions` */
function encodeQuestions(certIds: readonly CertId[], nonce: Uint8Array | undefined): readonly Uint8Array[] {
  const requests = certIds.map((certId) => derSequence(encodeCertId(certId)));
  return [
    derSequence(...requests),
    ...(nonce === undefined ? [] : [derExplicit(2, encodeExtensions([nonceExtension(nonce)]))]),
  ];
}

/** A CA's certificate, as far as a CertID knows it. */
export function asIssuer({ subject, subjectPublicKeyInfo }: Certificate): CertIdIssuer {
  return { name: subject, subjectPublicKeyInfo };
}
