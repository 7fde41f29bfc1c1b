import { concat, equalBytes } from "@tlskit/wire";
import { tls12, tls13 } from "./version.ts";
import type { Version } from "./versions.ts";

/** RFC 9846 §4.2.3: "DOWNGRD" and the version chosen, at the end of a server's random. */
const ofTls12 = Uint8Array.of(0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01);
const ofEarlier = Uint8Array.of(0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x00);

/** Whether a ServerHello's random says that the server would have chosen TLS 1.3, had it been offered. */
export function isDowngradeSentinel(serverRandom: Uint8Array): boolean {
  return [ofTls12, ofEarlier].some((sentinel) => equalBytes(serverRandom.subarray(24), sentinel));
}

/**
 * RFC 9846 §4.2.3#downgrade-sentinel-sent: a random that says so of a server that can do better than what it chooses. There
 * are marks for choosing TLS 1.2 where there is TLS 1.3, and for choosing anything older where there is TLS 1.2.
 */
export function downgradedRandom(random: Uint8Array, chosen: number, versions: readonly Version[]): Uint8Array {
  const best = Math.max(...versions.map(({ code }) => code));
  const marked = chosen === tls12 ? best >= tls13 : best >= tls12;
  return marked ? concat(random.subarray(0, 24), chosen === tls12 ? ofTls12 : ofEarlier) : random;
}
