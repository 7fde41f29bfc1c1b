import { decodeDer } from "../der-reader.ts";
import { x509Error } from "../error.ts";

/**
 * RFC 6962 §3.3: an OCTET STRING that holds a list as TLS has it. Each of the signed certificate timestamps is left as
 * it is.
 * ```
 * opaque SerializedSCT<1..2^16-1>;
 * struct { SerializedSCT sct_list <1..2^16-1>; } SignedCertificateTimestampList;
 * ```
 */
export function decodeSctList(value: Uint8Array): readonly Uint8Array[] {
  const what = "the list of SCTs";
  return splitSctList(decodeDer(value, what, (reader) => reader.octetString(what)));
}

/** The timestamps of a SignedCertificateTimestampList, whose bytes also come in OCSP responses and in TLS. */
export function splitSctList(list: Uint8Array): readonly Uint8Array[] {
  const malformed = () => x509Error("invalid_sct", "the list of SCTs is malformed");
  const length = (at: number): number => ((list[at] ?? 0) << 8) | (list[at + 1] ?? 0);
  if (list.length < 4 || length(0) !== list.length - 2) throw malformed();
  const timestamps: Uint8Array[] = [];
  for (let at = 2; at < list.length; ) {
    const end = at + 2 + length(at);
    if (end > list.length || end === at + 2) throw malformed();
    timestamps.push(list.subarray(at + 2, end));
    at = end;
  }
  return timestamps;
}
