import { ed448 as nobleEd448 } from "@noble/curves/ed448.js";
import { ed25519 as nobleEd25519 } from "@noble/curves/ed25519.js";
import {
  constantTimeEqual,
  cryptoError,
  type EdwardsCurveName,
  type EdwardsPrivateKey,
  type EdwardsPublicKey,
  type SignatureKeys,
} from "@tlskit/crypto";
import { signatureKeys } from "./signature-keys.ts";

/** RFC 8032 (RFC 8422 §5.10#eddsa, without a context), verified as strictly as it and FIPS 186-5 say: no s beyond the group's order, no points of small order. */
function eddsa(type: EdwardsCurveName, noble: typeof nobleEd25519): SignatureKeys {
  const fromSecret = (seed: Uint8Array): EdwardsPrivateKey => ({ type, seed, publicKey: noble.getPublicKey(seed) });
  return signatureKeys<EdwardsPublicKey, EdwardsPrivateKey>({
    type,
    algorithms: [type],
    isPublic: (key): key is EdwardsPublicKey => key.type === type,
    isPrivate: (key): key is EdwardsPrivateKey => key.type === type,
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
    generate: (random) => fromSecret(random(noble.lengths.secretKey ?? 0)),
  });
}

export const ed25519: SignatureKeys = /* @__PURE__ */ eddsa("Ed25519", nobleEd25519);
export const ed448: SignatureKeys = /* @__PURE__ */ eddsa("Ed448", nobleEd448);
