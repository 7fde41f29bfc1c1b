/**
 * Alert descriptions (RFC 9846 §6; IANA "TLS Alerts"), by their names in TypeScript's casing.
 * Those that TLS 1.3 no longer sends are here because a peer of another version may send them.
 */
export const Alert = {
  closeNotify: 0,
  unexpectedMessage: 10,
  badRecordMac: 20,
  decryptionFailed: 21,
  recordOverflow: 22,
  decompressionFailure: 30,
  handshakeFailure: 40,
  noCertificate: 41,
  badCertificate: 42,
  unsupportedCertificate: 43,
  certificateRevoked: 44,
  certificateExpired: 45,
  certificateUnknown: 46,
  illegalParameter: 47,
  unknownCa: 48,
  accessDenied: 49,
  decodeError: 50,
  decryptError: 51,
  tooManyCidsRequested: 52,
  exportRestriction: 60,
  protocolVersion: 70,
  insufficientSecurity: 71,
  internalError: 80,
  inappropriateFallback: 86,
  userCanceled: 90,
  noRenegotiation: 100,
  missingExtension: 109,
  unsupportedExtension: 110,
  certificateUnobtainable: 111,
  unrecognizedName: 112,
  badCertificateStatusResponse: 113,
  badCertificateHashValue: 114,
  unknownPskIdentity: 115,
  certificateRequired: 116,
  generalError: 117,
  noApplicationProtocol: 120,
  echRequired: 121,
} as const;

/** An alert description's code, one that a peer of ours may be sent. */
export type AlertDescription = (typeof Alert)[keyof typeof Alert];

/** A name as registries write it, `handshake_failure`, of one in TypeScript's casing. */
export function registryName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const alertNames: ReadonlyMap<number, string> = new Map(
  Object.entries(Alert).map(([name, code]) => [code, registryName(name)]),
);

/** An alert's name as the RFC writes it (`handshake_failure`), or `alert(N)` for one that nobody registered. */
export function alertName(code: number): string {
  return alertNames.get(code) ?? `alert(${code})`;
}
