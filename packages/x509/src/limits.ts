/**
 * What a peer can grow, and how far. A verdict's limits can be changed for one verification.
 */

/** Bytes of a certificate. The largest in use are a few kilobytes; TLS carries at most 16 MB. */
export const maximumCertificateBytes: number = 65_536;

/** Bytes of a CRL. The largest that are published have some hundred thousand entries of about forty bytes. */
export const maximumCrlBytes: number = 33_554_432;

/** Bytes of an OCSP request or response: one has a few hundred, and two kilobytes with a responder's certificate. */
export const maximumOcspBytes: number = 65_536;

/** RFC 9654 §2.1: octets of a nonce. */
export const maximumOcspNonceOctets: number = 128;

/** RFC 5280 §5.2.3: octets of a CRL's number. */
export const maximumCrlNumberOctets: number = 20;

/** Characters of a PEM text: a system's whole store of roots is a quarter of a megabyte. */
export const maximumPemCharacters: number = 16_777_216;

/** Iterations of key derivation that one file may ask for: eight times what is recommended, seconds of work. */
export const maximumDerivationIterations: number = 5_000_000;

/** Bytes of memory that one derivation by scrypt may take: four times what RFC 7914's costliest example for files takes. */
export const maximumScryptBytes: number = 67_108_864;

/** Octets of a MAC's key in a PKCS#12 file: a block of SHA-512, and HMAC hashes whatever is longer. */
export const maximumMacKeyOctets: number = 128;

/** Bytes of an encrypted private key: an RSA key of 8192 bits has 4.7 KB. */
export const maximumEncryptedPrivateKeyBytes: number = 65_536;

/** Bytes of a PKCS#12 file: some hundreds of certificates. */
export const maximumPkcs12Bytes: number = 1_048_576;

/** Bytes of a SignedData, and certificates or CRLs in it: a system's whole store of roots has some two hundred. */
export const maximumSignedDataBytes: number = 16_777_216;
export const maximumSignedDataElements: number = 10_000;

/** Bags of a PKCS#12 file, and how deep a bag of bags lies. */
export const maximumPkcs12Bags: number = 1_000;
export const maximumPkcs12Depth: number = 4;

/** Characters of a URL that is put into a certificate, or that is fetched from because a certificate has it. */
export const maximumUrlCharacters: number = 2_048;

/** Characters of a JSON Web Key's member: a modulus of 8192 bits has 1,366. */
export const maximumJwkMemberCharacters: number = 4_096;

/** Octets of an object identifier. The longest in use has about twenty; its text takes quadratic time to make. */
export const maximumOidOctets: number = 64;

/** RFC 5280 §4.1.2.2: octets of a serial number. */
export const maximumSerialNumberOctets: number = 20;

/** Characters of a name that a sentence shows. */
export const maximumNameCharactersShown: number = 200;

/** Host names and addresses of a certificate that a sentence shows. */
export const maximumIdentitiesShown: number = 5;

/** Signed certificate timestamps looked at, of each way of delivery: policies ask for two or three. */
export const maximumSctsChecked: number = 16;

/** Signatures in certificates that are remembered as good unless told: of as many chains of two, in 150 kilobytes. */
export const defaultVerifiedSignatures: number = 1_000;

/** What one verification may spend. */
export interface VerificationLimits {
  /** Certificates of a path, leaf and anchor included. Paths on the web have two to five. */
  readonly chainLength: number;
  /** Signatures verified: each costs up to a millisecond or more. The same number as webpki's and Go's. */
  readonly signatureChecks: number;
  /** Certificates looked at as the issuer of another: each costs about a microsecond. */
  readonly issuerCandidates: number;
  /** Names compared with the bases of name constraints: each costs up to a microsecond. The same number as webpki's. */
  readonly nameComparisons: number;
  /** Refusals reported. */
  readonly refusals: number;
}

/** What a verification may spend unless told. */
export const defaultVerificationLimits: VerificationLimits = {
  chainLength: 10,
  signatureChecks: 100,
  issuerCandidates: 10_000,
  nameComparisons: 250_000,
  refusals: 100,
};
