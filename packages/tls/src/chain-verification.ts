import { type CryptoProvider, type Steps, verifierFor } from "@tlskit/crypto";
import type { TrustedPeer } from "@tlskit/handshake";
import type { CertificateEntry } from "@tlskit/messages";
import { Alert, type AlertDescription, peerError, type TlsError } from "@tlskit/wire";
import { aFunction, anObject, type Expectations, instanceOf, optional } from "@tlskit/wire/arguments";
import {
  Certificate,
  certificatesFromDer,
  describePassedOver,
  type IntermediateSource,
  isForgeable,
  notChecked,
  type PassedOver,
  type Refusal,
  type RefusalCode,
  TrustAnchors,
  type VerificationInputs,
  type VerificationResult,
  VerifiedSignatures,
  verifyCertificate,
  X509Error,
} from "@tlskit/x509";
import { certificateKeyType } from "./certificate-key-type.ts";

/** RFC 9846 §4.5.1.2#alert, §6.2: what a peer is told about its certificate. */
const alerts: Readonly<Record<RefusalCode, AlertDescription>> = {
  no_anchors: Alert.unknownCa,
  revoked: Alert.certificateRevoked,
  expired: Alert.certificateExpired,
  not_yet_valid: Alert.certificateExpired,
  name_mismatch: Alert.badCertificate,
  unsupported_critical_extension: Alert.unsupportedCertificate,
  extended_key_usage: Alert.unsupportedCertificate,
  key_usage: Alert.unsupportedCertificate,
  weak_key: Alert.badCertificate,
  not_a_ca: Alert.badCertificate,
  path_length_exceeded: Alert.badCertificate,
  name_not_permitted: Alert.badCertificate,
  no_valid_policy: Alert.badCertificate,
  unsupported_algorithm: Alert.unsupportedCertificate,
  distrusted_anchor: Alert.unknownCa,
  revocation_unknown: Alert.certificateUnknown,
  bad_staple: Alert.badCertificateStatusResponse,
  missing_staple: Alert.badCertificateStatusResponse,
  too_few_scts: Alert.certificateUnknown,
  bad_signature: Alert.badCertificate,
  self_signed_untrusted: Alert.unknownCa,
  unknown_issuer: Alert.unknownCa,
  chain_too_long: Alert.badCertificate,
  budget_exhausted: Alert.badCertificate,
};

/** What a peer's certificates are verified by, whichever of the two it is. */
export interface CertificateTrust {
  readonly provider: CryptoProvider;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** The authorities that peers' certificates must lead to. There is no default: whom to trust is the caller's to say. */
  readonly anchors: TrustAnchors;
  /**
   * Who gets the intermediates that a peer forgot to send (RFC 5280 §4.2.2.1): `fetchCaIssuers` of `@tlskit/x509`, which
   * tells what that tells whom. It has the time that the handshake has. Nobody unless told.
   */
  readonly missingIntermediates?: IntermediateSource | undefined;
  /**
   * Signatures in certificates that were found good before, which aren't computed again for the same octets under the same
   * key; all else about a peer's certificates is judged at every handshake. Every one is computed unless given.
   */
  readonly verifiedSignatures?: VerifiedSignatures | undefined;
}

export const trustExpected: Expectations<CertificateTrust> = {
  provider: anObject,
  clock: aFunction,
  anchors: instanceOf(TrustAnchors, "@tlskit/x509"),
  missingIntermediates: optional(anObject),
  verifiedSignatures: optional(instanceOf(VerifiedSignatures, "@tlskit/x509")),
};

/** What a peer shows: its own certificate, and the others as far as they can be read. */
export interface Shown {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly passedOver: readonly PassedOver[];
}

/** @throws {TlsError} `no_certificate`, `bad_certificate` */
export function parseAll(entries: readonly CertificateEntry[]): Shown {
  const [leaf, ...others] = entries.map(({ certData }) => certData);
  // An empty list never gets here; were it to, there would be nothing to trust.
  if (leaf === undefined) throw peerError("no_certificate", Alert.decodeError, "the peer sent no certificate");
  // RFC 9846 §4.5.1: be prepared for extraneous certificates; what isn't needed, or can't be read, is as good as absent
  const { certificates: intermediates, passedOver } = certificatesFromDer(others, 2);
  return { leaf: parse(leaf), intermediates, passedOver };
}

/** Verifies what a peer shows: to one of the anchors, in date, for this purpose, and for the host if there is one to be. */
export function verifyShown(
  trust: CertificateTrust,
  { leaf, intermediates }: Shown,
  { purpose, hostname }: Pick<VerificationInputs, "purpose" | "hostname">,
): Steps<VerificationResult> {
  return verifyCertificate({
    leaf,
    intermediates,
    missingIntermediates: trust.missingIntermediates,
    verifiedSignatures: trust.verifiedSignatures,
    anchors: trust.anchors,
    at: new Date(trust.clock()),
    purpose,
    hostname,
    revocation: notChecked,
    provider: trust.provider,
  });
}

/** @throws {TlsError} `unsupported_key` */
export function trustedPeer<Evidence>(
  { provider }: CertificateTrust,
  { leaf }: Shown,
  evidence: Evidence,
): TrustedPeer<Evidence> {
  const keyType = certificateKeyType(leaf.subjectPublicKeyInfo);
  const { publicKey } = leaf.subjectPublicKeyInfo;
  if (keyType === undefined || publicKey === undefined) {
    throw peerError("unsupported_key", Alert.unsupportedCertificate, "the certificate's key can't sign a handshake");
  }
  return { keyType, verifier: verifierFor(provider, publicKey), evidence };
}

/** Certificates that can't be read of which a refusal tells. */
const maxPassedOverTold = 3;

/** RFC 9846 §6.2: a leaf that can't be read is corrupt. */
function parse(der: Uint8Array): Certificate {
  try {
    return Certificate.fromDer(der);
  } catch (error) {
    if (error instanceof X509Error) throw peerError("bad_certificate", Alert.badCertificate, error.message, error);
    throw error;
  }
}

/** Why a peer's certificate doesn't do. What was passed over may be what is missing, so it is told. */
export function refusedPeer(role: "client" | "server", reason: Refusal, passedOver: readonly PassedOver[]): TlsError {
  const told = passedOver.slice(0, maxPassedOverTold).map((one) => `; passed over: ${describePassedOver(one)}`);
  return peerError(
    `certificate_${reason.code}`,
    alertFor(reason),
    `the ${role}'s certificate is refused: ${reason.message}${told.join("")}`,
  );
}

function alertFor({ code, certificate }: Refusal): AlertDescription {
  // RFC 9846 §4.5.1.3#md5, which recommends the same for SHA-1
  if (code !== "unsupported_algorithm" || certificate === undefined) return alerts[code];
  return isForgeable(certificate.signatureAlgorithm) ? Alert.badCertificate : alerts[code];
}
