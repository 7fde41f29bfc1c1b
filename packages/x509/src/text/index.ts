/**
 * Certificates and what is in them, as texts for people. What others wrote is escaped. No verdict rests on it.
 * @module
 */
export { publicKeyText, signatureAlgorithmText } from "./algorithm-text.ts";
export { alignedText } from "./aligned.ts";
export {
  accessLocations,
  type CertificateTextOptions,
  certificateFacts,
  certificateText,
  certificateTitle,
  crlLocations,
  extensionsInFacts,
} from "./certificate-text.ts";
export { generalNameText } from "./general-name-text.ts";
export { escapedText } from "./hostile-text.ts";
export { octetsText, oidText } from "./numbers.ts";
export { oidName } from "./oid-names.ts";
export { durationText, timeText } from "./times.ts";
