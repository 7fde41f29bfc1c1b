import { verifierFor, wait } from "@tlskit/crypto";
import type { PeerVerifier } from "@tlskit/handshake";
import { Alert, type AlertDescription, peerError, type TlsError } from "@tlskit/wire";
import {
  Certificate,
  isForgeable,
  notChecked,
  type Refusal,
  type RefusalCode,
  type VerifiedChain,
  verifyCertificate,
  X509Error,
} from "@tlskit/x509";
import { certificateKeyType } from "./certificate-key-type.ts";
import type { ClientContext } from "./context.ts";

/** RFC 9846 §4.5.1.2#alert, §6.2: what a server is told about its certificate. */
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
  missing_staple: Alert.badCertificateStatusResponse,
  too_few_scts: Alert.certificateUnknown,
  bad_signature: Alert.badCertificate,
  self_signed_untrusted: Alert.unknownCa,
  unknown_issuer: Alert.unknownCa,
  chain_too_long: Alert.badCertificate,
  budget_exhausted: Alert.badCertificate,
};

/** Verifies a server's certificates: to one of the context's anchors, in date, for servers, for this very host. */
export function serverVerifier(context: ClientContext, hostname: string): PeerVerifier<VerifiedChain> {
  return function* (entries) {
    const [leaf, ...intermediates] = entries.map(({ certData }) => parse(certData));
    // An empty list never gets here; were it to, there would be nothing to trust.
    if (leaf === undefined) throw peerError("no_certificate", Alert.decodeError, "the server sent no certificate");
    const result = yield* verifyCertificate({
      leaf,
      intermediates,
      anchors: context.anchors,
      at: new Date(context.clock()),
      purpose: "serverAuth",
      hostname,
      revocation: notChecked,
      provider: context.provider,
    });
    if (!result.ok) throw refused(result.reason);
    if (context.checkServer !== undefined) yield* wait(context.checkServer(result.chain));
    const keyType = certificateKeyType(leaf.subjectPublicKeyInfo);
    const { publicKey } = leaf.subjectPublicKeyInfo;
    if (keyType === undefined || publicKey === undefined) {
      throw peerError("unsupported_key", Alert.unsupportedCertificate, "the certificate's key can't sign a handshake");
    }
    return { keyType, verifier: verifierFor(context.provider, publicKey), evidence: result.chain };
  };
}

/** RFC 9846 §6.2: a certificate that can't be read is corrupt. */
function parse(der: Uint8Array): Certificate {
  try {
    return Certificate.fromDer(der);
  } catch (error) {
    if (error instanceof X509Error) throw peerError("bad_certificate", Alert.badCertificate, error.message, error);
    throw error;
  }
}

function refused(reason: Refusal): TlsError {
  return peerError(
    `certificate_${reason.code}`,
    alertFor(reason),
    `the server's certificate is refused: ${reason.message}`,
  );
}

function alertFor({ code, certificate }: Refusal): AlertDescription {
  // RFC 9846 §4.5.1.3#md5, which recommends the same for SHA-1
  if (code !== "unsupported_algorithm" || certificate === undefined) return alerts[code];
  return isForgeable(certificate.signatureAlgorithm) ? Alert.badCertificate : alerts[code];
}
