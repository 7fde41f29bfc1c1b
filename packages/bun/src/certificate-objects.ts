import { X509Certificate } from "node:crypto";
import type { PeerCertificate } from "node:tls";

/** A certificate in DER as the object that `getPeerCertificate` of `node:tls` gives; an empty one for none. */
export function certificateObject(der: Uint8Array | undefined): PeerCertificate {
  // As of node:tls, whose types pass over that it may be empty.
  return x509Certificate(der)?.toLegacyObject() ?? ({} as PeerCertificate);
}

/** The same as `node:crypto` has it. */
export function x509Certificate(der: Uint8Array | undefined): X509Certificate | undefined {
  return der && new X509Certificate(der);
}
