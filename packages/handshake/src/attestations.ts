import {
  anyOcspResponse,
  type CertificateEntry,
  type CertificateRequest,
  CertificateStatusType,
  type ClientHello,
  certificateStatus,
  type Extension,
  extension,
  extensionIn,
  type RawExtension,
  signedCertificateTimestamps,
  signedCertificateTimestampsRequest,
  statusRequest,
  statusRequestOfServer,
} from "@tlskit/messages";
import type { Credential } from "./credential.ts";
import { checkResponses, illegalParameter } from "./extension-rules.ts";

/** What others than its holder say of a certificate: shown beside it to a peer that asks. */
export interface Attestations {
  /** An OCSP response in DER (RFC 6960): what the certificate's authority says of it now. */
  readonly ocspResponse?: Uint8Array | undefined;
  /** Serialized SCTs (RFC 6962 §3.2): logs' promises to publish the certificate. */
  readonly signedCertificateTimestamps?: readonly Uint8Array[] | undefined;
}

/** Which of them a peer is asked for. */
export interface AttestationRequest {
  readonly ocspResponses: boolean;
  readonly signedCertificateTimestamps: boolean;
}

/** Asks for nothing. */
export const noAttestations: AttestationRequest = { ocspResponses: false, signedCertificateTimestamps: false };

/** RFC 6066 §8#sent, RFC 6962 §3.3.1#sent, §3.3.1#with-session: what asks for them in a ClientHello. */
export function attestationsAskedByClient(asked: AttestationRequest): readonly Extension[] {
  return [
    ...(asked.ocspResponses ? [extension(statusRequest, anyOcspResponse)] : []),
    ...(asked.signedCertificateTimestamps ? [extension(signedCertificateTimestampsRequest, null)] : []),
  ];
}

/** RFC 9846 §4.5.1.1: what asks for them in a CertificateRequest. */
export function attestationsAskedByServer(asked: AttestationRequest): readonly Extension[] {
  return [
    ...(asked.ocspResponses ? [extension(statusRequestOfServer, null)] : []),
    ...(asked.signedCertificateTimestamps ? [extension(signedCertificateTimestampsRequest, null)] : []),
  ];
}

/** What a client asks for. Of whom it wants to hear, and what else it asks, is passed over: answers are made in advance. */
export function askedByClient(hello: ClientHello): AttestationRequest {
  return {
    ocspResponses: extensionIn(hello, statusRequest)?.statusType === CertificateStatusType.ocsp,
    signedCertificateTimestamps: extensionIn(hello, signedCertificateTimestampsRequest) !== undefined,
  };
}

/** What a server asks for. */
export function askedByServer(request: CertificateRequest): AttestationRequest {
  return {
    ocspResponses: extensionIn(request, statusRequestOfServer) !== undefined,
    signedCertificateTimestamps: extensionIn(request, signedCertificateTimestampsRequest) !== undefined,
  };
}

/**
 * RFC 9846 §4.5.1#extensions-offered, §4.5.1.1#ocsp-sent, RFC 6962 §3.3#one-way, §3.3#one-sent, §3.3.1#sent-if-asked: a credential's
 * certificates, each with what there is of what the peer asks for (RFC 9325 §7.5#stapling).
 */
export function certificateEntries(
  { certificates, attestations = [] }: Credential,
  asked: AttestationRequest,
): readonly CertificateEntry[] {
  return certificates.map((certData, index) => {
    const { ocspResponse: response, signedCertificateTimestamps: timestamps = [] } = attestations[index] ?? {};
    return {
      certData,
      extensions: [
        ...(asked.ocspResponses && response !== undefined
          ? [extension(certificateStatus, { statusType: CertificateStatusType.ocsp, response })]
          : []),
        ...(asked.signedCertificateTimestamps && timestamps.length > 0
          ? [extension(signedCertificateTimestamps, timestamps)]
          : []),
      ],
    };
  });
}

/**
 * What came beside a certificate.
 * @throws {TlsError} `certificate_status_type`
 */
export function attestationsOf(entry: CertificateEntry): Attestations {
  const status = extensionIn(entry, certificateStatus);
  // RFC 9846 §4.5.1.1, RFC 6066 §8: the answer is of the type that was asked for.
  if (status !== undefined && status.statusType !== CertificateStatusType.ocsp) {
    throw illegalParameter(
      "certificate_status_type",
      `a certificate's status is of the type ${status.statusType}, an OCSP response was asked for`,
    );
  }
  return {
    ocspResponse: status?.response,
    signedCertificateTimestamps: extensionIn(entry, signedCertificateTimestamps),
  };
}

/**
 * RFC 9846 §4.3#responses-checked: what came beside a peer's certificates, each of it asked for.
 * @param requested the code points in the ClientHello, or in the CertificateRequest
 * @throws {TlsError} `unsolicited_extension`, `forbidden_extension`, `certificate_status_type`
 */
export function checkEntries(
  entries: readonly CertificateEntry[],
  requested: readonly number[],
  own: readonly RawExtension[] = [],
): readonly Attestations[] {
  return entries.map((entry) => {
    checkResponses("certificate", entry, requested, own);
    return attestationsOf(entry);
  });
}
