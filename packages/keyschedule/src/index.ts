/**
 * Secrets: the TLS 1.3 key schedule (RFC 9846 §7) as stages that each hand out what exists at that stage.
 * @module
 */
export { deriveSecret, expandLabel } from "./expand-label.ts";
export { ExternalPsk, type ExternalPskOptions } from "./external-psk.ts";
export { ImportedIdentity, type PskHash, parseImportedIdentity, tlsKdfs } from "./imported-identity.ts";
export { type KeyLogEntry, type KeyLogSecret, keyLogLine, parseKeyLog } from "./key-log.ts";
export { keyLogLimits, maxPskIdentityLength, minPskLength } from "./limits.ts";
export { PresharedKey, type PskKind } from "./preshared-key.ts";
export { EarlyStage, HandshakeStage, MainStage, PskStage, ResumptionSecret } from "./schedule.ts";
export {
  Exporter,
  type ExporterKind,
  type TrafficKeys,
  TrafficSecret,
  type TrafficSecretKind,
} from "./traffic-secret.ts";
export { Transcript } from "./transcript.ts";
