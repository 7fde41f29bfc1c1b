import * as crypto from "node:crypto";
import { dhPublicKey } from "./der.ts";

/** Whether the runtime knows a kind of key, by a public key of that kind (a SubjectPublicKeyInfo, in hexadecimal). */
function readsKey(spki: string): boolean {
  try {
    crypto.createPublicKey({ key: Buffer.from(spki, "hex"), format: "der", type: "spki" });
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

/** Node before 24.7 has none, and Deno neither. */
export const runtimeHasMlKem: boolean = crypto.encapsulate !== undefined && crypto.decapsulate !== undefined;

/** BoringSSL, under Bun, has no keys of Diffie-Hellman. The group is a toy, of which no runtime thinks anything so early. */
export const runtimeHasFiniteField: boolean = readsKey(
  dhPublicKey(Uint8Array.of(23), 5, Uint8Array.of(8)).toString("hex"),
);

/**
 * Deno decrypts in a time that depends on what comes out (RUSTSEC-2023-0071), so that it has no decryption here, though it
 * has the call.
 */
export const runtimeDecryptsInConstantTime: boolean = process.versions["deno"] === undefined;

/** Deno signs no digest with ECDSA that has less than half of the curve's length, as SHA-1 has less than half of P-384's. */
export const runtimeSignsShortDigests: boolean = process.versions["deno"] === undefined;

/** Whether keys may be given and got as nothing but their bytes: in Node since 26. */
export const runtimeHasRawKeys: boolean = readsRawKeys();

/**
 * Whether the runtime has a cipher, by OpenSSL's name: not all have what QUIC protects headers with. BoringSSL, under Bun,
 * has ChaCha20-Poly1305 under another interface alone.
 */
export function runtimeHasCipher(name: string): boolean {
  return crypto.getCiphers().includes(name);
}

function hasCurve(name: string): boolean {
  try {
    crypto.createECDH(name);
    return true;
  } catch {
    return false;
  }
}

function readsRawKeys(): boolean {
  try {
    const key = Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 9 : 0));
    const imported = crypto.createPublicKey({ key, format: "raw-public", asymmetricKeyType: "x25519" });
    return key.every((byte, at) => byte === imported.export({ format: "raw-public" })[at]);
  } catch {
    return false;
  }
}
