import { callerError, type TlsError } from "@tlskit/wire";

/** Of a client that accepts no certificate: servers show who they are by one. */
export function withoutCertificates(): TlsError {
  return callerError(
    "unsupported_choice",
    "TLS 1.2 needs a verifyPeer: servers authenticate themselves by certificates",
  );
}
