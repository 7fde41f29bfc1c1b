import { asciiBytes, concat } from "@tlskit/wire";

/** RFC 9846 §4.5.2: what a server's CertificateVerify signs. */
export function serverSignedContent(transcriptHash: Uint8Array): Uint8Array {
  return signedContent("TLS 1.3, server CertificateVerify", transcriptHash);
}

/** RFC 9846 §4.5.2: what a client's CertificateVerify signs. */
export function clientSignedContent(transcriptHash: Uint8Array): Uint8Array {
  return signedContent("TLS 1.3, client CertificateVerify", transcriptHash);
}

function signedContent(contextString: string, transcriptHash: Uint8Array): Uint8Array {
  return concat(new Uint8Array(64).fill(0x20), asciiBytes(contextString), Uint8Array.of(0), transcriptHash);
}
