import { createECDH, createPublicKey, getCiphers } from "node:crypto";

/** Whether the runtime knows a kind of key, by a public key of that kind (a SubjectPublicKeyInfo, in hexadecimal). */
function readsKey(spki: string): boolean {
  try {
    createPublicKey({ key: Buffer.from(spki, "hex"), format: "der", type: "spki" });
    return true;
  } catch {
    return false;
  }
}

/** BoringSSL, under Bun and Electron, has no Curve448. The key is RFC 8032 §7.4's first. */
export const runtimeHasEd448: boolean = readsKey(
  "3043300506032b6571033a005fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180",
);

/** The key is the base point. */
export const runtimeHasX448: boolean = readsKey(`3042300506032b656f03390005${"00".repeat(55)}`);

/** Deno lists the curve and can neither agree on keys nor sign with it. */
export const runtimeHasP521: boolean = hasCurve("secp521r1");

/**
 * Whether the runtime has a cipher, by OpenSSL's name: not all have what QUIC protects headers with. BoringSSL, under Bun,
 * has ChaCha20-Poly1305 under another interface alone.
 */
export function runtimeHasCipher(name: string): boolean {
  return getCiphers().includes(name);
}

function hasCurve(name: string): boolean {
  try {
    createECDH(name);
    return true;
  } catch {
    return false;
  }
}
