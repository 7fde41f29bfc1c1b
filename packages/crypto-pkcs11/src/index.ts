/**
 * Signers of private keys in HSMs and smart cards, by PKCS#11.
 * @module
 */
export type { Attribute, Cryptoki, Handle, Mechanism } from "./cryptoki.ts";
export { defaultMaxSessions, defaultMaxWaiting, maxSignatureLength } from "./limits.ts";
export { Pkcs11Signer, type Pkcs11SignerOptions } from "./pkcs11-signer.ts";
