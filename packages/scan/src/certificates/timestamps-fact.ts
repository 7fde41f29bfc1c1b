import { toHex } from "@tlskit/wire";
import { type Certificate, decodeSct, decodeSctList, OcspResponse, readable, sctListOfAnswer } from "@tlskit/x509";
import type { TimestampsFact } from "../facts.ts";

/** What comes beside a certificate, as it was sent. */
export interface SentBeside {
  /** Of the handshake's extension, each serialized (RFC 6962 §3.3.1). */
  readonly signedCertificateTimestamps?: readonly Uint8Array[] | undefined;
  readonly ocspResponse?: Uint8Array | undefined;
}

/**
 * Of how many logs there are timestamps (RFC 6962 §3.3). What can't be read counts for nothing; signatures aren't verified,
 * for which one would need to know the logs.
 */
export function timestampsFact(certificate: Certificate, beside: SentBeside): TimestampsFact {
  const { signedCertificateTimestamps = [], ocspResponse } = beside;
  return {
    inCertificate: logsOf(() => (certificate.signedCertificateTimestamps ?? []).map(decodeSct)),
    inHandshake: logsOf(() => signedCertificateTimestamps.map(decodeSct)),
    inStaple: logsOf(() => (ocspResponse === undefined ? [] : sctsOf(OcspResponse.fromDer(ocspResponse)))),
  };
}

type Scts = ReturnType<typeof decodeSctList>;

function sctsOf({ basic }: OcspResponse): Scts {
  return (basic?.responses ?? []).flatMap((answer) => {
    const list = sctListOfAnswer(answer);
    return list === undefined ? [] : decodeSctList(list);
  });
}

function logsOf(read: () => Scts): number {
  return new Set(readable(read)?.map(({ logId }) => toHex(logId))).size;
}
