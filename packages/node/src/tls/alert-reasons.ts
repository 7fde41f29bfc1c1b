import { Alert } from "@tlskit/wire";

/** OpenSSL's texts for alerts that a peer sends. Those without one it has no word for. */
export const alertReasons: Readonly<Record<number, string>> = {
  ...named(oldPrefix(), {
    [Alert.unexpectedMessage]: "unexpected message",
    [Alert.badRecordMac]: "bad record mac",
    [Alert.decompressionFailure]: "decompression failure",
    [Alert.handshakeFailure]: "handshake failure",
    [Alert.noCertificate]: "no certificate",
    [Alert.badCertificate]: "bad certificate",
    [Alert.unsupportedCertificate]: "unsupported certificate",
    [Alert.certificateRevoked]: "certificate revoked",
    [Alert.certificateExpired]: "certificate expired",
    [Alert.certificateUnknown]: "certificate unknown",
    [Alert.illegalParameter]: "illegal parameter",
  }),
  ...named("tlsv1 alert", {
    [Alert.decryptionFailed]: "decryption failed",
    [Alert.recordOverflow]: "record overflow",
    [Alert.unknownCa]: "unknown ca",
    [Alert.accessDenied]: "access denied",
    [Alert.decodeError]: "decode error",
    [Alert.decryptError]: "decrypt error",
    [Alert.exportRestriction]: "export restriction",
    [Alert.protocolVersion]: "protocol version",
    [Alert.insufficientSecurity]: "insufficient security",
    [Alert.internalError]: "internal error",
    [Alert.inappropriateFallback]: "inappropriate fallback",
    [Alert.userCanceled]: "user cancelled",
    [Alert.noRenegotiation]: "no renegotiation",
    [Alert.unknownPskIdentity]: "unknown psk identity",
    [Alert.noApplicationProtocol]: "no application protocol",
  }),
  ...named("tlsv1", {
    [Alert.unsupportedExtension]: "unsupported extension",
    [Alert.certificateUnobtainable]: "certificate unobtainable",
    [Alert.unrecognizedName]: "unrecognized name",
    [Alert.badCertificateStatusResponse]: "bad certificate status response",
    [Alert.badCertificateHashValue]: "bad certificate hash value",
  }),
  ...named("tlsv13 alert", {
    [Alert.missingExtension]: "missing extension",
    [Alert.certificateRequired]: "certificate required",
  }),
};

/** The number of the reason for the first alert: all are in one row. */
export const firstAlertReason = 1000;

/** Before OpenSSL 3.2 those that SSL 3.0 had are called after it. Programs look for what their Node says. */
function oldPrefix(): string {
  const [major = 0, minor = 0] = process.versions.openssl.split(".").map(Number);
  return major > 3 || (major === 3 && minor >= 2) ? "ssl/tls alert" : "sslv3 alert";
}

function named(prefix: string, texts: Readonly<Record<number, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([code, text]) => [code, `${prefix} ${text}`]));
}
