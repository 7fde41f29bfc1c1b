import { decodeDer } from "../der-reader.ts";
import { derNull, derOctetString } from "../der-writer.ts";
import type { Extension } from "../extensions/extension.ts";
import type { SingleResponse } from "../ocsp/response.ts";
import { Oid } from "../oids.ts";
import { encodeSctList, type SignedCertificateTimestamp } from "./sct.ts";

/**
 * RFC 6962 §3.1: makes it a precertificate, which nobody accepts, for logs to sign timestamps of. The certificate then
 * says all the same, its serial number included, but has {@link sctListExtension} in this one's place.
 */
export function precertificatePoisonExtension(): Extension {
  return { oid: Oid.certificateTransparencyPoison, critical: true, value: derNull() };
}

/**
 * RFC 6962 §3.3: the timestamps that logs signed of the precertificate.
 * @throws {X509Error} `invalid_argument` for an empty list
 */
export function sctListExtension(scts: readonly SignedCertificateTimestamp[]): Extension {
  return { oid: Oid.signedCertificateTimestampList, critical: false, value: derOctetString(encodeSctList(scts)) };
}

/**
 * The list of timestamps that an answer in an OCSP response holds, if it does (RFC 6962 §3.3): what
 * {@link checkTransparency} takes as delivered.
 * @throws {X509Error} `invalid_der`
 */
export function sctListOfAnswer({ extensions }: SingleResponse): Uint8Array | undefined {
  const extension = extensions.find(({ oid }) => oid === Oid.signedCertificateTimestampListOfOcsp);
  const what = "the SCT list";
  return extension && decodeDer(extension.value, what, (reader) => reader.octetString(what));
}
