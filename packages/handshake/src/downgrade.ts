import { equalBytes } from "@tlskit/wire";

/** RFC 9846 §4.2.3: "DOWNGRD" and the version chosen, at the end of a server's random. */
const sentinels: readonly Uint8Array[] = [
  Uint8Array.of(0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01),
  Uint8Array.of(0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x00),
];

/** Whether a ServerHello's random says that the server would have chosen TLS 1.3, had it been offered. */
export function isDowngradeSentinel(serverRandom: Uint8Array): boolean {
  return sentinels.some((sentinel) => equalBytes(serverRandom.subarray(24), sentinel));
}
