import { checkServerIdentity, type PeerCertificate } from "node:tls";
import type { Certificate, TlsError } from "@tlskit/tls";

/** What `node:tls` would have ended with. */
export function nodeError(error: TlsError): Error {
  if (error.kind === "truncation")
    return Object.assign(new Error(error.message, { cause: error }), { code: "ECONNRESET" });
  return error;
}

/** Why a chain doesn't count, as OpenSSL names it. */
export function verificationError(refusal: TlsError, _shown: readonly Certificate[]): Error {
  return refusal;
}

/** A certificate that is for other names, as `node:tls` says it. */
export function nameError(hostname: string, certificate: PeerCertificate): Error {
  const error = checkServerIdentity(hostname, certificate);
  if (error !== undefined) return error;
  // By its common name alone, which node:tls takes for a host's.
  return Object.assign(new Error(`Hostname/IP does not match certificate's altnames: Host: ${hostname}`), {
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
    reason: "no subject alternative name",
    host: hostname,
    cert: certificate,
  });
}
