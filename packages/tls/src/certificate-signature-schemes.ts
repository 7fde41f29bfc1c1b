import { type SignatureScheme, signatureSchemes } from "@tlskit/ciphersuites";
import { type AlgorithmIdentifier, type SignatureMethod, signatureMethod, X509Error } from "@tlskit/x509";

/**
 * RFC 9846 §4.3.3: the schemes by which a client may say that it can verify a certificate's signature; none if it is by
 * an algorithm that is not known here. The issuer's key, which may not be at hand, would tell which of them it is.
 */
export function schemesOf(identifier: AlgorithmIdentifier): readonly SignatureScheme[] {
  const method = knownMethod(identifier);
  if (method === undefined) return [];
  return signatureSchemes.filter(({ algorithm, inCertificates }) => {
    if (!inCertificates) return false;
    if (!("hash" in method)) return algorithm === method.family;
    return algorithm.startsWith(`${method.family}/`) && algorithm.endsWith(`/${method.hash}`);
  });
}

function knownMethod(identifier: AlgorithmIdentifier): SignatureMethod | undefined {
  try {
    return signatureMethod(identifier);
  } catch (error) {
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}
