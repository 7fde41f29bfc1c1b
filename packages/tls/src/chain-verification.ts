import { type Steps, verifierFor } from "@tlskit/crypto";
import type { PeerKeyUse, TrustedPeer } from "@tlskit/handshake";
import { type CertificateEntry, certificateStatus, extensionIn, signedCertificateTimestamps } from "@tlskit/messages";
import { Alert, type AlertDescription, encode, equalBytes, peerError, type TlsError } from "@tlskit/wire";
import {
  type Certificate,
  describePassedOver,
  isForgeable,
  type NotChecked,
  notChecked,
  type PassedOver,
  type Refusal,
  type RefusalCode,
  type RevocationChecker,
  type StapledResponse,
  type TransparencyChecker,
  type VerificationInputs,
  type VerificationResult,
  verifyCertificate,
  X509Error,
} from "@tlskit/x509";
import { certificateKeyType, mayEncryptKeys } from "./certificate-key-type.ts";
import type { CertificateTrust } from "./certificate-trust.ts";
import { defaultMaxCertificates, defaultMaxChainLength } from "./limits.ts";
import { RecentCertificates } from "./recent-certificates.ts";

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

/** What a peer shows: its own certificate, and the others as far as they can be read. */
export interface Shown {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly passedOver: readonly PassedOver[];
  /** OCSP responses that came along with these. */
  readonly stapled: readonly StapledResponse[];
  /** A list of certificate timestamps that came along with the leaf. */
  readonly timestamps: Uint8Array | undefined;
}

/** By whom they are judged, which is what contexts have one of. */
const recentCertificates = new WeakMap<CertificateTrust, RecentCertificates>();

function recentOf(trust: CertificateTrust): RecentCertificates {
  const recent = recentCertificates.get(trust) ?? new RecentCertificates();
  recentCertificates.set(trust, recent);
  return recent;
}

/** @throws {TlsError} `no_certificate`, `bad_certificate`, `too_many_certificates` */
export function parseAll(trust: CertificateTrust, entries: readonly CertificateEntry[]): Shown {
  const { maxCertificates = defaultMaxCertificates } = trust;
  // Not the other way round: of what isn't a number nothing is within.
  if (!(entries.length <= maxCertificates)) {
    throw peerError(
      "too_many_certificates",
      Alert.badCertificate,
      `the peer shows ${entries.length} certificates, at most ${maxCertificates} are taken`,
    );
  }
  const [own, ...others] = entries;
  // An empty list never gets here; were it to, there would be nothing to trust.
  if (own === undefined) throw peerError("no_certificate", Alert.decodeError, "the peer sent no certificate");
  const recent = recentOf(trust);
  // RFC 9846 §4.5.1: be prepared for extraneous certificates; what isn't needed, or can't be read, is as good as absent
  const { certificates: intermediates, passedOver } = recent.readAll(
    others.map(({ certData }) => certData),
    2,
  );
  const leaf = parse(own.certData, recent);
  const timestamps = extensionIn(own, signedCertificateTimestamps);
  return {
    leaf,
    intermediates,
    passedOver,
    stapled: stapledAmong(entries, [leaf, ...intermediates]),
    timestamps: timestamps && encode(signedCertificateTimestamps.data, timestamps),
  };
}

/** RFC 9846 §4.5.1.1: what came along with each certificate. Beside one that can't be read it is as good as absent. */
function stapledAmong(
  entries: readonly CertificateEntry[],
  certificates: readonly Certificate[],
): readonly StapledResponse[] {
  return entries.flatMap((entry) => {
    const response = extensionIn(entry, certificateStatus)?.response;
    const certificate = certificates.find(({ der }) => equalBytes(der, entry.certData));
    return certificate === undefined || response === undefined ? [] : [{ certificate, response }];
  });
}

/**
 * Verifies what a peer shows: to one of the anchors, in date, for this purpose, and for the host if there is one to be.
 * @param keyUse what its key has to do: whether it may decrypt is for {@link trustedPeer} to say.
 */
export function verifyShown(
  trust: CertificateTrust,
  shown: Shown,
  { purpose, hostname }: Pick<VerificationInputs, "purpose" | "hostname">,
  keyUse: PeerKeyUse = "sign",
): Steps<VerificationResult> {
  return verifyCertificate({
    leaf: shown.leaf,
    intermediates: shown.intermediates,
    missingIntermediates: trust.missingIntermediates,
    verifiedSignatures: trust.verifiedSignatures,
    anchors: trust.anchors,
    at: new Date(trust.clock()),
    purpose,
    hostname,
    leafKeyUsage: keyUse === "decrypt" ? notChecked : undefined,
    revocation: revocationBy(trust, shown),
    transparency: transparencyBy(trust, shown),
    limits: { chainLength: trust.maxChainLength ?? defaultMaxChainLength },
    provider: trust.provider,
  });
}

/** RFC 6066 §8#checked, §11.6#no-response, RFC 7633 §4.3.3#refused, RFC 9325 §7.5#revocation: by what came along, and what else there is. */
function revocationBy({ revocation }: CertificateTrust, { stapled }: Shown): RevocationChecker | NotChecked {
  return revocation === undefined || revocation === notChecked ? notChecked : revocation.withStapled(stapled);
}

/** RFC 6962 §3.3#all-ways: timestamps come in the certificate, beside it, and in the OCSP response that comes along. */
function transparencyBy({ transparency }: CertificateTrust, shown: Shown): TransparencyChecker | undefined {
  if (transparency === undefined) return undefined;
  const { leaf, timestamps, stapled } = shown;
  const ofLeaf = stapled.find(({ certificate }) => certificate === leaf);
  return transparency.withDelivered(timestamps, ofLeaf?.response);
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
  return {
    keyType,
    verifier: verifierFor(provider, publicKey),
    evidence,
    encryptionKey:
      keyType === "rsaEncryption" && mayEncryptKeys(leaf) && publicKey.type === "RSA" ? publicKey : undefined,
  };
}

/** Certificates that can't be read of which a refusal tells. */
const maxPassedOverTold = 3;

/** RFC 9846 §6.2: a leaf that can't be read is corrupt. */
function parse(der: Uint8Array, recent: RecentCertificates): Certificate {
  try {
    return recent.read(der);
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
