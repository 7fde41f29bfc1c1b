import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKeyInput,
  type KeyObject,
} from "node:crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { type DeclaredPrivateKey, type JsonWebKey, privateKeyFromPem, X509Error } from "../../src/index.ts";

const ec = (namedCurve: string): KeyObject => generateKeyPairSync("ec", { namedCurve }).privateKey;

/** One key of each kind that signs, made by Node. */
export const nodeKeys = {
  "P-256": ec("P-256"),
  "P-384": ec("P-384"),
  "P-521": ec("P-521"),
  RSA: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
  Ed25519: generateKeyPairSync("ed25519").privateKey,
  Ed448: generateKeyPairSync("ed448").privateKey,
} as const satisfies Record<string, KeyObject>;

export type KeyKind = keyof typeof nodeKeys;
// the keys of an object that is written above
export const kinds = Object.keys(nodeKeys) as readonly KeyKind[];

export function pemOf(key: KeyObject): string {
  return key.export({ format: "pem", type: "pkcs8" }).toString();
}

export function spkiOf(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ format: "der", type: "spki" }));
}

export function ourKey(kind: KeyKind): DeclaredPrivateKey {
  return privateKeyFromPem(pemOf(nodeKeys[kind]), { provider: nobleProvider });
}

/** Whether Node reads a PEM text as this private key. */
export function nodeReads(pem: string, key: KeyObject): boolean {
  return createPrivateKey(pem).equals(key);
}

/** A JWK as Node's types have it: nothing else differs. */
export function nodeJwk(jwk: JsonWebKey): JsonWebKeyInput["key"] {
  return jwk as JsonWebKeyInput["key"];
}

/** The code of the X509Error that a call throws. */
export function codeOf(call: () => unknown): string {
  try {
    call();
    return "none";
  } catch (error) {
    return error instanceof X509Error ? error.code : String(error);
  }
}
