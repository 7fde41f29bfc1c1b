/** Why bytes, a text or an argument could not be used, as a stable word. */
export type X509ErrorCode =
  /** Bytes that aren't DER (X.690), or whose structure isn't the one that was expected. */
  | "invalid_der"
  /** Bytes that aren't BER either (X.690 §8), or of which DER can't be made without changing what they mean. */
  | "invalid_ber"
  /** A certificate that breaks a rule of RFC 5280 on what a certificate may contain. */
  | "invalid_certificate"
  /** A signed certificate timestamp, or a list of them, that isn't what RFC 6962 §3.2 has. */
  | "invalid_sct"
  /** A CRL that breaks a rule of RFC 5280 §5 on what a CRL may contain. */
  | "invalid_crl"
  /** An OCSP request or response that breaks a rule of RFC 6960. */
  | "invalid_ocsp"
  /** A request for a certificate that breaks a rule of RFC 2986. */
  | "invalid_request"
  /** A request for a certificate that was not signed with the key that it names. */
  | "invalid_signature"
  /** A text in which a PEM block is cut off, damaged or missing. */
  | "invalid_pem"
  /** A PKCS#12 file that isn't one as RFC 7292 has it, or whose MAC is missing. */
  | "invalid_pkcs12"
  /** A JSON Web Key that breaks its format (RFC 7517), or says that it is for something else. */
  | "invalid_jwk"
  /** A public key that is malformed, off its curve, or of a size that is refused. */
  | "invalid_public_key"
  /** A private key that is malformed, or whose parts don't belong together. */
  | "invalid_private_key"
  /** A private key that is protected by a password, given to what takes none. */
  | "encrypted_private_key"
  /** A file that can't be opened with this password: the password is wrong, or the file is damaged. */
  | "wrong_password"
  /** A file protected by a password in a way that no longer protects: the message says how to convert it. */
  | "outdated_encryption"
  /** A private key without its public key, where nothing else told what it is. */
  | "missing_public_key"
  /** An algorithm, curve or parameter that this package doesn't know. */
  | "unsupported_algorithm"
  /** A host name or IP address that nobody could be identified by, given by the caller. */
  | "invalid_identity"
  /** Something else the caller passed that can't be used. */
  | "invalid_argument"
  /** A signer that isn't the owner of the issuer's key. */
  | "signer_mismatch"
  /** Something larger than its limit. */
  | "too_large";

/** A failure of X.509 outside of a verdict: a verdict's refusals are values, not errors. */
export class X509Error extends Error {
  override readonly name = "X509Error";
  readonly code: X509ErrorCode;

  constructor(code: X509ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Makes an {@link X509Error}, to be thrown. */
export function x509Error(code: X509ErrorCode, message: string, cause?: unknown): X509Error {
  return new X509Error(code, message, cause === undefined ? undefined : { cause });
}
