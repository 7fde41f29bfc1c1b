import { ed25519 as noble } from "@noble/curves/ed25519.js";
import {
  constantTimeEqual,
  cryptoError,
  type Ed25519PrivateKey,
  type Ed25519PublicKey,
  type SignatureKeys,
} from "@tlskit/crypto";
import { signatureKeys } from "./signature-keys.ts";

function fromSecret(seed: Uint8Array): Ed25519PrivateKey {
  return { type: "Ed25519", seed, publicKey: noble.getPublicKey(seed) };
}

/** RFC 8032, verified as strictly as it and FIPS 186-5 say: no s beyond the group's order, no points of small order. */
export const ed25519: SignatureKeys = signatureKeys<Ed25519PublicKey, Ed25519PrivateKey>({
  type: "Ed25519",
  algorithms: ["Ed25519"],
  isPublic: (key) => key.type === "Ed25519",
  isPrivate: (key) => key.type === "Ed25519",
  verifier: ({ publicKey: given }) => {
    const publicKey = Uint8Array.from(given);
    noble.Point.fromBytes(publicKey, false);
    return (_algorithm, message, signature) => noble.verify(signature, message, publicKey, { zip215: false });
  },
  signer: (key) => {
    const seed = Uint8Array.from(key.seed);
    if (!constantTimeEqual(noble.getPublicKey(seed), key.publicKey)) {
      throw cryptoError("invalid_private_key", "the private key does not fit its public key");
    }
    return (_algorithm, message) => noble.sign(message, seed);
  },
  fromSecret,
  generate: (random) => fromSecret(random(32)),
});
