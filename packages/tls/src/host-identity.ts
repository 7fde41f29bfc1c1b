import { callerError } from "@tlskit/wire";
import { type ReferenceIdentity, referenceIdentity, X509Error } from "@tlskit/x509";

/**
 * The name or address that a certificate must be for.
 * @throws {TlsError} `invalid_host` (the caller's fault)
 */
export function hostIdentity(host: string): ReferenceIdentity {
  try {
    return referenceIdentity(host);
  } catch (error) {
    if (error instanceof X509Error) throw callerError("invalid_host", error.message, error);
    throw error;
  }
}
