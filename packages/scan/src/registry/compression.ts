import type { Named } from "../facts.ts";

/** IANA "TLS Compression Method Identifiers", without null. */
export const compressionMethods: readonly Named[] = [
  { code: 1, name: "DEFLATE" },
  { code: 64, name: "LZS" },
];

/** IANA "TLS Certificate Compression Algorithm IDs" (RFC 8879 §7.3). */
export const certificateCompressionAlgorithms: readonly Named[] = [
  { code: 1, name: "zlib" },
  { code: 2, name: "brotli" },
  { code: 3, name: "zstd" },
];
