import { type Codec, enumeration, explained, opaqueVector, rest, struct, vector } from "@tlskit/wire";

/** RFC 6066 §8: the one type of status that there is. */
export const CertificateStatusType = { ocsp: 1 } as const;

const certificateStatusType: Codec<number> = enumeration("CertificateStatusType", 1, (code) =>
  code === CertificateStatusType.ocsp ? "ocsp" : undefined,
);

/** RFC 6066 §8: by whom an answer may be, and what is asked besides; most clients leave both to the server. */
export interface OcspStatusRequest {
  /** ResponderIDs, in DER. */
  readonly responderIdList: readonly Uint8Array[];
  /** Extensions of the request to the responder, in DER. */
  readonly requestExtensions: Uint8Array;
}

const ocspStatusRequest = struct<OcspStatusRequest>("OCSPStatusRequest", {
  responderIdList: vector(opaqueVector(1, 0xffff), 0, 0xffff),
  requestExtensions: opaqueVector(0, 0xffff),
});

/**
 * RFC 6066 §8:
 * ```
 * struct {
 *     CertificateStatusType status_type;
 *     select (status_type) { case ocsp: OCSPStatusRequest; } request;
 * } CertificateStatusRequest;
 * ```
 */
export interface CertificateStatusRequest {
  readonly statusType: number;
  /** Bytes if the type isn't `ocsp`. */
  readonly request: OcspStatusRequest | Uint8Array;
}

const requestType = "CertificateStatusRequest";

export const certificateStatusRequest: Codec<CertificateStatusRequest> = {
  type: requestType,
  read: (reader, name) =>
    explained(reader, name, requestType, () => {
      const statusType = certificateStatusType.read(reader, "statusType");
      const request = statusType === CertificateStatusType.ocsp ? ocspStatusRequest : rest;
      return { statusType, request: request.read(reader, "request") };
    }),
  write: (writer, { statusType, request }) => {
    certificateStatusType.write(writer, statusType);
    if (request instanceof Uint8Array) rest.write(writer, request);
    else ocspStatusRequest.write(writer, request);
  },
};

/** Asks for an OCSP response, by whomever it is. */
export const anyOcspResponse: CertificateStatusRequest = {
  statusType: CertificateStatusType.ocsp,
  request: { responderIdList: [], requestExtensions: new Uint8Array(0) },
};

/**
 * RFC 6066 §8:
 * ```
 * opaque OCSPResponse<1..2^24-1>;
 * struct {
 *     CertificateStatusType status_type;
 *     select (status_type) { case ocsp: OCSPResponse; } response;
 * } CertificateStatus;
 * ```
 */
export interface CertificateStatus {
  readonly statusType: number;
  /** An OCSP response in DER, which wasn't looked into; of another type, all that came. */
  readonly response: Uint8Array;
}

const statusType = "CertificateStatus";
const ocspResponse = opaqueVector(1, 0xff_ffff);

export const certificateStatusCodec: Codec<CertificateStatus> = {
  type: statusType,
  read: (reader, name) =>
    explained(reader, name, statusType, () => {
      const type = certificateStatusType.read(reader, "statusType");
      const response = type === CertificateStatusType.ocsp ? ocspResponse : rest;
      return { statusType: type, response: response.read(reader, "response") };
    }),
  write: (writer, { statusType: type, response }) => {
    certificateStatusType.write(writer, type);
    (type === CertificateStatusType.ocsp ? ocspResponse : rest).write(writer, response);
  },
};

/** RFC 6962 §3.3.1: serialized timestamps, each of which is left as it is. */
export const signedCertificateTimestampList: Codec<readonly Uint8Array[]> = vector(
  { ...opaqueVector(1, 0xffff), type: "SerializedSCT" },
  1,
  0xffff,
);
