/**
 * Secrets: the TLS 1.3 key schedule (RFC 9846 §7) as stages that each hand out what exists at that stage, and that of
 * TLS 1.2 (RFC 5246 §8), from the preliminary secret to the key block.
 * @module
 */
export { deriveSecret, expandLabel } from "./expand-label.ts";
export { ExternalPsk, type ExternalPskOptions, type PskProtocol } from "./external-psk.ts";
export { ImportedIdentity, type PskHash, parseImportedIdentity, tlsKdfs } from "./imported-identity.ts";
export { type KeyLogEntry, type KeyLogSecret, keyLogLine, parseKeyLog } from "./key-log.ts";
export {
  keyLogLimits,
  maxPrfOutput,
  maxPskIdentityLength,
  maxTls12PskIdentityLength,
  maxTls12PskLength,
  minPskLength,
} from "./limits.ts";
export { externalPskOf } from "./made-of-psk.ts";
export {
  type HelloRandoms,
  type KeyBlock,
  type KeyBlockLengths,
  MainSecret,
  mainSecretLength,
  PreliminarySecret,
  Tls12Exporter,
  type WriteKeys,
} from "./main-secret.ts";
export { PresharedKey, type PskKind } from "./preshared-key.ts";
export { type Prf, prf } from "./prf.ts";
export {
  decryptPreliminarySecret,
  type EncryptedPreliminarySecret,
  encryptPreliminarySecret,
} from "./rsa-preliminary-secret.ts";
export { EarlyStage, HandshakeStage, MainStage, PskStage, ResumptionSecret } from "./schedule.ts";
export {
  Exporter,
  type ExporterKind,
  type TrafficKeys,
  TrafficSecret,
  type TrafficSecretKind,
} from "./traffic-secret.ts";
export { Transcript, type TranscriptHash } from "./transcript.ts";
