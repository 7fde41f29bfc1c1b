import { certificatesFromPem, X509Error } from "@tlskit/x509";
import { type OpensslLibrary, opensslError, type Reason } from "./openssl-error.ts";
import type { SecureContextOptions } from "./options.ts";
import { certificateText, given } from "./pem-texts.ts";

/**
 * What `createSecureContext` of `node:tls` throws for certificates and keys that can't be read.
 * @param cert the certificates: where they can be read, it is a key that can't.
 */
export function materialError(error: unknown, cert: SecureContextOptions["cert"]): unknown {
  if (!(error instanceof X509Error)) return error;
  const [library, reason] = (isReadable(cert) ? ofKeys : ofCertificates)[error.code] ?? [];
  return library === undefined || reason === undefined ? error : opensslError(library, reason, error);
}

type Failures = Readonly<Partial<Record<X509Error["code"], readonly [library: OpensslLibrary, reason: Reason]>>>;

const ofKeys: Failures = {
  invalid_pem: ["DECODER", [268, "unsupported"]],
  invalid_der: ["DECODER", [268, "unsupported"]],
  invalid_private_key: ["DECODER", [268, "unsupported"]],
  unsupported_algorithm: ["DECODER", [268, "unsupported"]],
};

const ofCertificates: Failures = {
  invalid_pem: ["PEM", [108, "no start line"]],
  invalid_der: ["ASN1", [168, "wrong tag"]],
  invalid_certificate: ["ASN1", [168, "wrong tag"]],
};

function isReadable(certificates: SecureContextOptions["cert"]): boolean {
  try {
    for (const certificate of given(certificates)) certificatesFromPem(certificateText(certificate));
    return true;
  } catch (error) {
    if (error instanceof X509Error) return false;
    throw error;
  }
}
