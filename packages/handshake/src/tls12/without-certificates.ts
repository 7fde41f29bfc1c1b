import { callerError, type TlsError } from "@tlskit/wire";

/** Of a client that accepts no certificate, and has no pre-shared keys for TLS 1.2: it has nothing to offer. */
export function withoutCertificates(): TlsError {
  return callerError(
    "unsupported_choice",
    "TLS 1.2 needs a verifyPeer, or externalPsks for it: servers authenticate themselves by certificates or such keys",
  );
}
