import { p256, p384, p521 } from "@noble/curves/nist.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import {
  type CurveName,
  constantTimeEqual,
  cryptoError,
  type EcPrivateKey,
  type EcPublicKey,
  type SignatureAlgorithm,
  type SignatureHash,
  type SignatureKeys,
} from "@tlskit/crypto";
import { signatureKeys } from "./signature-keys.ts";

const hashes = { "SHA-256": sha256, "SHA-384": sha384, "SHA-512": sha512 } as const;

/** RFC 8422 §5.10#ecdsa, §5.10#hash: signatures are DER, the message is hashed here, and s may be high: that is what certificates and TLS have. */
const options = { prehash: false, lowS: false, format: "der" } as const;

type Hash = (message: Uint8Array) => Uint8Array;

/** @param others hashes besides, and how an algorithm with one is called. */
function ecdsa(
  type: CurveName,
  noble: typeof p256,
  hash: SignatureHash,
  others: readonly (readonly [SignatureAlgorithm, Hash])[] = [],
): SignatureKeys {
  const order: readonly SignatureHash[] = [
    hash,
    ...(["SHA-256", "SHA-384", "SHA-512"] as const).filter((other) => other !== hash),
  ];
  const digests = new Map<SignatureAlgorithm, Hash>([
    ...order.map((name) => [`ECDSA/${type}/${name}`, hashes[name]] as const),
    ...others,
  ]);
  const digest = (algorithm: SignatureAlgorithm, message: Uint8Array): Uint8Array => {
    const hashed = digests.get(algorithm)?.(message);
    if (hashed === undefined) throw cryptoError("unsupported", `no ${algorithm}`);
    return hashed;
  };
  const fromSecret = (scalar: Uint8Array): EcPrivateKey => ({
    type,
    scalar,
    point: noble.getPublicKey(scalar, false),
  });
  return signatureKeys<EcPublicKey, EcPrivateKey>({
    type,
    algorithms: [...digests.keys()],
    isPublic: (key): key is EcPublicKey => key.type === type,
    isPrivate: (key): key is EcPrivateKey => key.type === type,
    verifier: ({ point }) => {
      if (point[0] !== 4) throw cryptoError("invalid_public_key", "not an uncompressed point");
      noble.Point.fromBytes(point).assertValidity();
      const publicKey = Uint8Array.from(point);
      return (algorithm, message, signature) => noble.verify(signature, digest(algorithm, message), publicKey, options);
    },
    signer: (key) => {
      const scalar = Uint8Array.from(key.scalar);
      if (!constantTimeEqual(noble.getPublicKey(scalar, false), key.point)) {
        throw cryptoError("invalid_private_key", "the private key does not fit its public key");
      }
      // Deterministic (RFC 6979): no randomness that could fail.
      return (algorithm, message) => noble.sign(digest(algorithm, message), scalar, options);
    },
    fromSecret,
    generate: (random) => fromSecret(noble.utils.randomSecretKey(random(noble.lengths.seed ?? 0))),
  });
}

export const ecdsaP256: SignatureKeys = /* @__PURE__ */ ecdsa("P-256", p256, "SHA-256");
export const ecdsaP384: SignatureKeys = /* @__PURE__ */ ecdsa("P-384", p384, "SHA-384");
export const ecdsaP521: SignatureKeys = /* @__PURE__ */ ecdsa("P-521", p521, "SHA-512");

/** The same, P-256, P-384 and P-521, with SHA-1 besides. */
export function ecdsaWithSha1(sha1: Hash): readonly [SignatureKeys, SignatureKeys, SignatureKeys] {
  return [
    ecdsa("P-256", p256, "SHA-256", [["ECDSA/P-256/SHA-1", sha1]]),
    ecdsa("P-384", p384, "SHA-384", [["ECDSA/P-384/SHA-1", sha1]]),
    ecdsa("P-521", p521, "SHA-512", [["ECDSA/P-521/SHA-1", sha1]]),
  ];
}
