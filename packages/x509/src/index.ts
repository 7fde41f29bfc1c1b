/**
 * Certificates on their own: read, made, signed, and verified by RFC 5280. Knows nothing of TLS.
 * @module
 */
export {
  type AlgorithmIdentifier,
  isForgeable,
  type SignatureMethod,
  signatureMethod,
} from "./algorithm-identifier.ts";
export { Certificate, type Validity } from "./certificate.ts";
export {
  type CertificateCollection,
  certificateFromPem,
  certificatesFromDer,
  certificatesFromPem,
  certificatesToPem,
} from "./certificate-collection.ts";
export {
  type CertificateFilter,
  certificateFilters,
  matchesFilters,
  type WantedUsages,
} from "./certificate-filters.ts";
export { decodeSignedData, type SignedDataContents } from "./cms/signed-data.ts";
export {
  type CertificateContents,
  createCertificate,
  createCertificateAsync,
  createCertificateSync,
} from "./creation/create-certificate.ts";
export type { CertifiedPurpose } from "./creation/default-extensions.ts";
export {
  addressSubtree,
  authorityInfoAccessExtension,
  certificatePoliciesExtension,
  crlDistributionPointsExtension,
  extendedKeyUsageExtension,
  inhibitAnyPolicyExtension,
  keyUsageExtension,
  nameConstraintsExtension,
  policyConstraintsExtension,
  policyMappingsExtension,
  tlsFeatureExtension,
} from "./creation/extension-making.ts";
export type { CertifiedKey } from "./creation/keys.ts";
export type { SubjectNames } from "./creation/names.ts";
export type { ValidityChoice } from "./creation/validity.ts";
export { type CrlContents, createCrl, createCrlAsync, createCrlSync, type Revocation } from "./crl/create-crl.ts";
export { CertificateRevocationList } from "./crl/crl.ts";
export { type CrlCollection, crlsFromPem, crlsToPem } from "./crl/crl-pem.ts";
export type { IssuingDistributionPoint } from "./crl/issuing-distribution-point.ts";
export type { RevokedCertificate } from "./crl/revoked-certificate.ts";
export { X509Error, type X509ErrorCode } from "./error.ts";
export type { AccessDescription } from "./extensions/access-descriptions.ts";
export type { BasicConstraints } from "./extensions/basic-constraints.ts";
export type { PolicyInformation, PolicyQualifier } from "./extensions/certificate-policies.ts";
export type { DistributionPoint, DistributionPointName, ReasonFlag } from "./extensions/distribution-points.ts";
export type { Extension } from "./extensions/extension.ts";
export type { AuthorityKeyIdentifier } from "./extensions/key-identifiers.ts";
export type { KeyUsage } from "./extensions/key-usage.ts";
export type { NameConstraints } from "./extensions/name-constraints.ts";
export type { PolicyConstraints, PolicyMapping } from "./extensions/policy-restrictions.ts";
export { type GeneralName, GeneralNames, type GeneralNameType } from "./general-name.ts";
export { certificateNames, type ReferenceIdentity, referenceIdentity } from "./identity.ts";
export {
  type CaIssuersLimits,
  type CaIssuersPolicy,
  type CaIssuersRequest,
  defaultCaIssuersLimits,
  fetchCaIssuers,
} from "./intermediates/ca-issuers.ts";
export { formatIpAddress, parseIpAddress } from "./ip-address.ts";
export { agreementKeyFromJwk, agreementKeyToJwk } from "./keys/agreement-jwk.ts";
export {
  type AgreementKeyOptions,
  type AgreementPrivateKey,
  agreementKeyFromPem,
  agreementKeyFromPkcs8,
  agreementKeyToPem,
  agreementKeyToPkcs8,
} from "./keys/agreement-key.ts";
export {
  type DecryptionOptions,
  decryptPrivateKey,
  decryptPrivateKeyAsync,
  decryptPrivateKeySync,
  encryptPrivateKey,
  encryptPrivateKeyAsync,
  encryptPrivateKeySync,
} from "./keys/encrypted-private-key.ts";
export {
  generatePrivateKey,
  generatePrivateKeyAsync,
  generatePrivateKeySync,
  type KeyGeneration,
} from "./keys/generate-private-key.ts";
export { privateKeyFromJwk, privateKeyToJwk, publicKeyFromJwk, publicKeyToJwk } from "./keys/jwk.ts";
export type { JsonWebKey } from "./keys/jwk-members.ts";
export { jwkThumbprint } from "./keys/jwk-thumbprint.ts";
export { DeclaredPrivateKey, privateKeyFromPkcs8, privateKeyToPkcs8 } from "./keys/private-key.ts";
export type { PrivateKeyOptions } from "./keys/private-key-options.ts";
export { privateKeyFromPem, privateKeyToPem } from "./keys/private-key-pem.ts";
export { publicKeyFromPem, publicKeyToPem } from "./keys/public-key-pem.ts";
export { defaultVerificationLimits, defaultVerifiedSignatures, type VerificationLimits } from "./limits.ts";
export { describeName, Name, type NameAttribute, type RelativeName } from "./name.ts";
export { type NameParts, nameOfParts, withRelativeName } from "./name-of-parts.ts";
export type { CertId } from "./ocsp/cert-id.ts";
export {
  createOcspRequest,
  createOcspRequestAsync,
  createOcspRequestSync,
  type OcspRequestContents,
  type OcspRequestor,
} from "./ocsp/create-request.ts";
export {
  createOcspErrorResponse,
  createOcspResponse,
  createOcspResponseAsync,
  createOcspResponseSync,
  type OcspAnswer,
  type OcspResponseContents,
} from "./ocsp/create-response.ts";
export { OcspRequest, type SingleRequest } from "./ocsp/request.ts";
export {
  BasicOcspResponse,
  type OcspCertificateStatus,
  OcspResponse,
  type OcspResponseStatus,
  type ResponderId,
  type SingleResponse,
} from "./ocsp/response.ts";
export { describeOid, Oid } from "./oids.ts";
export { describePassedOver, nothingLeft, type PassedOver, type Readable, readEach } from "./passed-over.ts";
export { defaultKeyDerivation, type KeyDerivation } from "./passwords/derivation.ts";
export type { EncryptionOptions, OldEncryption, PasswordInputs } from "./passwords/pbes2.ts";
export { decodePem, isPem, PemBlock, toPem } from "./pem.ts";
export type { Pkcs12Certificate, Pkcs12Contents, Pkcs12Identity, Pkcs12Key, Pkcs12Labels } from "./pkcs12/contents.ts";
export { createPkcs12, createPkcs12Async, createPkcs12Sync, type Pkcs12Parts } from "./pkcs12/create.ts";
export type { Pkcs12Password } from "./pkcs12/mac.ts";
export { openPkcs12, openPkcs12Async, openPkcs12Sync, type Pkcs12Inputs } from "./pkcs12/open.ts";
export { pkcs12TripleDes, type TripleDesCbc } from "./pkcs12/triple-des.ts";
export { readable } from "./readable.ts";
export { CertificateRequest, type RequestAttribute } from "./requests/certificate-request.ts";
export {
  certificateRequestToPem,
  createCertificateRequest,
  createCertificateRequestAsync,
  createCertificateRequestSync,
  type RequestContents,
} from "./requests/create-request.ts";
export {
  type RequestInputs,
  verifyCertificateRequest,
  verifyCertificateRequestAsync,
  verifyCertificateRequestSync,
} from "./requests/verify-request.ts";
export { checkRevocation, type RevocationChecks } from "./revocation/check-revocation.ts";
export { freshestCrlExtension, noRevAvailExtension, ocspNoCheckExtension } from "./revocation/extensions.ts";
export type { FetchRevocation, RevocationRequest } from "./revocation/fetching.ts";
export { judgeOcspResponse, type OcspQuestion } from "./revocation/judge-ocsp-response.ts";
export {
  defaultRevocationLimits,
  type RevocationLimits,
  type RevocationPolicy,
  type StapledResponse,
} from "./revocation/policy.ts";
export type { RevocationReason } from "./revocation/reason.ts";
export type { SignatureVerdict, SignedData } from "./signature.ts";
export {
  type AgreementPublicKey,
  type KeyAlgorithm,
  modulusBits,
  modulusBitsIn,
  SubjectPublicKeyInfo,
} from "./spki.ts";
export { subjectPublicKeyInfoOf } from "./subject-public-key-info-of.ts";
export {
  checkTransparency,
  type TransparencyChecks,
  type TransparencyInputs,
} from "./transparency/check-transparency.ts";
export { precertificatePoisonExtension, sctListExtension, sctListOfAnswer } from "./transparency/extensions.ts";
export { certificateEntry, type LogEntry, precertificateEntry } from "./transparency/log-entry.ts";
export { type CertificateTransparencyLog, CertificateTransparencyLogs } from "./transparency/logs.ts";
export {
  browserTransparencyPolicy,
  type TransparencyPolicy,
  type TransparencyPolicyFor,
} from "./transparency/policy.ts";
export {
  decodeSct,
  decodeSctList,
  encodeSct,
  encodeSctList,
  type SignedCertificateTimestamp,
} from "./transparency/sct.ts";
export {
  type SctClaim,
  type SctDelivery,
  type SctFinding,
  type SctInputs,
  type SctRefusalCode,
  verifySct,
} from "./transparency/verify-sct.ts";
export { decodeFileText } from "./unicode.ts";
export { type CandidatePath, type Issuer, issuerAt } from "./verification/candidate-path.ts";
export type { VerificationInputs } from "./verification/inputs.ts";
export type { FoundIssuers, IntermediateSession, IntermediateSource } from "./verification/missing-intermediates.ts";
export { type NotChecked, notChecked } from "./verification/not-checked.ts";
export type { PolicyInputs } from "./verification/policies.ts";
export type { NamedPurpose, Purpose } from "./verification/purpose.ts";
export type { Refusal, RefusalCode, Violation } from "./verification/refusal.ts";
export type {
  RevocationChecker,
  RevocationEvidence,
  RevocationFinding,
  RevocationMeans,
  RevocationSession,
  RevocationStatus,
} from "./verification/revocation.ts";
export { isVerifiedSignatures } from "./verification/signature-memory.ts";
export type {
  TransparencyChecker,
  TransparencyFinding,
  TransparencyQuestion,
  VerifiedTimestamp,
} from "./verification/transparency.ts";
export { type AnchorRestrictions, TrustAnchor, type TrustAnchorParts } from "./verification/trust-anchor.ts";
export { TrustAnchors } from "./verification/trust-anchors.ts";
export { trustAnchorsFromPem } from "./verification/trust-anchors-pem.ts";
export { VerifiedChain } from "./verification/verified-chain.ts";
export { VerifiedSignatures, type VerifiedSignaturesOptions } from "./verification/verified-signatures.ts";
export {
  type VerificationResult,
  verifyCertificate,
  verifyCertificateAsync,
  verifyCertificateSync,
} from "./verification/verify.ts";
