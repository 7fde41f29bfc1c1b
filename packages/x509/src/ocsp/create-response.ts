import {
  type CryptoProvider,
  type HashName,
  hashOf,
  type Random,
  run,
  runSync,
  type SignatureAlgorithm,
  type SigningKey,
  type Steps,
  signerFor,
} from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import { contextConstructed, contextPrimitive } from "../der-tag.ts";
import {
  derBitString,
  derElement,
  derEnumerated,
  derExplicit,
  derOctetString,
  derOid,
  derSequence,
} from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { type Extension, encodeExtensions } from "../extensions/extension.ts";
import { Oid } from "../oids.ts";
import { encodeRevocationReason } from "../revocation/reason.ts";
import { signTbs } from "../sign-tbs.ts";
import { writeGeneralizedTime } from "../time.ts";
import { encodeSctList, type SignedCertificateTimestamp } from "../transparency/sct.ts";
import { type CertId, certIdOf, encodeCertId } from "./cert-id.ts";
import { asIssuer } from "./create-request.ts";
import { nonceExtension } from "./nonce.ts";
import { type OcspCertificateStatus, OcspResponse, type OcspResponseStatus, ocspResponseStatuses } from "./response.ts";
import { encodeOcspCertificates } from "./signature.ts";

/** What a response is to say of one certificate. */
export interface OcspAnswer {
  /** The CertID of a request, or a certificate and its issuer's. */
  readonly about:
    | CertId
    | { readonly certificate: Certificate; readonly issuer: Certificate; readonly hash?: HashName };
  readonly certStatus: OcspCertificateStatus;
  /** When this was known to be so. */
  readonly thisUpdate: Date;
  /** By when something newer will be known. Without it a response is as old as it looks. */
  readonly nextUpdate?: Date | undefined;
  /** Timestamps of logs that promised to publish the certificate (RFC 6962 §3.3). */
  readonly scts?: readonly SignedCertificateTimestamp[] | undefined;
}

/** What a response is to say, and who signs it. */
export interface OcspResponseContents {
  /** Hashes, and checks that the signer is the responder's. */
  readonly provider: CryptoProvider;
  /** For signatures that need it. */
  readonly random: Random;
  /** Signs: with the responder's key. */
  readonly signer: SigningKey;
  /** The CA that issued the certificates, or a responder that it issued a certificate for `Oid.ocspSigning`. */
  readonly responder: Certificate;
  /** By which the responder is named: its key unless told. */
  readonly responderId?: "byKey" | "byName" | undefined;
  /** What comes along to verify it: unless told, the responder's certificate if it isn't a CA's. */
  readonly certificates?: readonly Certificate[] | undefined;
  readonly producedAt: Date;
  readonly answers: readonly OcspAnswer[];
  /** That of the request, if it has one (RFC 9654). */
  readonly nonce?: Uint8Array | undefined;
  /** How it is signed: see {@link createCertificate}. */
  readonly signatureAlgorithm?: SignatureAlgorithm | undefined;
}

/**
 * Makes and signs a response (RFC 6960 §4.2), as steps, for signers that may answer later;
 * {@link createOcspResponseSync} and {@link createOcspResponseAsync} run them.
 * @throws {X509Error} `invalid_argument`, `signer_mismatch`, `unsupported_algorithm`, `too_large`
 */
export function* createOcspResponse(contents: OcspResponseContents): Steps<OcspResponse> {
  const { provider, responder, answers, nonce, signatureAlgorithm } = contents;
  const signer = signerFor(provider, contents.signer, contents.random);
  const isCa = responder.basicConstraints?.ca === true;
  // RFC 6960 §4.2.2.2: a response that nobody would believe isn't made
  if (!isCa && responder.extendedKeyUsage?.has(Oid.ocspSigning) !== true) {
    throw x509Error(
      "invalid_argument",
      `the certificate of ${responder.subject} is neither a CA's nor for OCSPSigning`,
    );
  }
  const responses = answers.map((answer) => encodeAnswer(provider, answer));
  const extensions = nonce === undefined ? [] : [nonceExtension(nonce)];
  const signed = yield* signTbs({ provider, signer, key: responder.subjectPublicKeyInfo, signatureAlgorithm }, () =>
    derSequence(
      encodeResponderId(contents),
      writeGeneralizedTime(contents.producedAt),
      derSequence(...responses),
      ...encodeOptional(1, extensions),
    ),
  );
  const basic = derSequence(
    signed.tbs,
    signed.algorithm,
    derBitString(signed.signature),
    ...encodeOcspCertificates(contents.certificates ?? (isCa ? [] : [responder])),
  );
  const bytes = derSequence(derOid(Oid.ocspBasic), derOctetString(basic));
  return OcspResponse.fromDer(derSequence(derEnumerated(ocspResponseStatuses.successful), derExplicit(0, bytes)));
}

/**
 * {@link createOcspResponse}, at once.
 * @throws {CryptoError} `would_wait` with a signer that answers later
 */
export function createOcspResponseSync(contents: OcspResponseContents): OcspResponse {
  return runSync(createOcspResponse(contents));
}

/** {@link createOcspResponse}, with any signer. */
export async function createOcspResponseAsync(contents: OcspResponseContents): Promise<OcspResponse> {
  return await run(createOcspResponse(contents));
}

/** The response to a request that can't be answered (RFC 6960 §4.2.1), which nobody signs. */
export function createOcspErrorResponse(status: Exclude<OcspResponseStatus, "successful">): OcspResponse {
  return OcspResponse.fromDer(derSequence(derEnumerated(ocspResponseStatuses[status])));
}

function encodeResponderId({ provider, responder, responderId = "byKey" }: OcspResponseContents): Uint8Array {
  if (responderId === "byName") return derExplicit(1, responder.subject.der);
  const keyHash = hashOf(provider, "SHA-1").digest(responder.subjectPublicKeyInfo.subjectPublicKey);
  return derExplicit(2, derOctetString(keyHash));
}

function encodeAnswer(
  provider: CryptoProvider,
  { about, certStatus, thisUpdate, nextUpdate, scts }: OcspAnswer,
): Uint8Array {
  const certId =
    "certificate" in about
      ? certIdOf(provider, about.hash ?? "SHA-1", about.certificate, asIssuer(about.issuer))
      : about;
  if (nextUpdate !== undefined && !(nextUpdate > thisUpdate)) {
    throw x509Error("invalid_argument", "nextUpdate doesn't lie after thisUpdate");
  }
  const extensions: readonly Extension[] =
    scts === undefined
      ? []
      : [
          {
            oid: Oid.signedCertificateTimestampListOfOcsp,
            critical: false,
            value: derOctetString(encodeSctList(scts)),
          },
        ];
  return derSequence(
    encodeCertId(certId),
    encodeStatus(certStatus),
    writeGeneralizedTime(thisUpdate),
    ...(nextUpdate === undefined ? [] : [derExplicit(0, writeGeneralizedTime(nextUpdate))]),
    ...encodeOptional(1, extensions),
  );
}

function encodeStatus(status: OcspCertificateStatus): Uint8Array {
  if (status.status !== "revoked") return derElement(contextPrimitive(status.status === "good" ? 0 : 2));
  const { revocationTime, reason } = status;
  return derElement(
    contextConstructed(1),
    writeGeneralizedTime(revocationTime),
    ...(reason === undefined ? [] : [derExplicit(0, encodeRevocationReason(reason))]),
  );
}

function encodeOptional(number: number, extensions: readonly Extension[]): readonly Uint8Array[] {
  return extensions.length === 0 ? [] : [derExplicit(number, encodeExtensions(extensions))];
}
