import {
  cryptoError,
  type PrivateKey,
  type PublicKey,
  type Random,
  type SignatureAlgorithm,
  type SignatureKeys,
  type SignatureKeyType,
} from "@tlskit/crypto";

/** A type of key's own part: everything else is the same for all. */
export interface SignatureKind<Public extends PublicKey, Private extends PrivateKey> {
  readonly type: SignatureKeyType;
  readonly algorithms: readonly SignatureAlgorithm[];
  isPublic(key: PublicKey): key is Public;
  isPrivate(key: PrivateKey): key is Private;
  /** Throws whatever it likes for a key that is no good. */
  verifier(key: Public): (algorithm: SignatureAlgorithm, message: Uint8Array, signature: Uint8Array) => boolean;
  /** Throws whatever it likes for a key that is no good. */
  signer(key: Private, random: Random): (algorithm: SignatureAlgorithm, message: Uint8Array) => Uint8Array;
  /** Throws whatever it likes for a secret that is no good. */
  readonly fromSecret?: (secret: Uint8Array) => Private;
  generate(random: Random, modulusBits: number): Private;
}

/** Signatures with one type of key: wrong keys and algorithms are refused here, malformed signatures are just false. */
export function signatureKeys<Public extends PublicKey, Private extends PrivateKey>(
  kind: SignatureKind<Public, Private>,
): SignatureKeys {
  const { type, algorithms, fromSecret } = kind;
  const check = (algorithm: SignatureAlgorithm): void => {
    if (!algorithms.includes(algorithm)) {
      throw cryptoError("unsupported", `a key of type ${type} has no ${algorithm} signatures`);
    }
  };
  return {
    type,
    algorithms,
    verifier: (publicKey) => {
      if (!kind.isPublic(publicKey))
        throw cryptoError("invalid_public_key", `expected a key of type ${type}, got ${publicKey.type}`);
      const verify = imported("invalid_public_key", type, () => kind.verifier(publicKey));
      return {
        algorithms,
        verify: (algorithm, message, signature) => {
          check(algorithm);
          try {
            return verify(algorithm, message, signature);
          } catch {
            // noble throws for signatures that it can't parse
            return false;
          }
        },
      };
    },
    signer: (privateKey, random) => {
      if (!kind.isPrivate(privateKey))
        throw cryptoError("invalid_private_key", `expected a key of type ${type}, got ${privateKey.type}`);
      const sign = imported("invalid_private_key", type, () => kind.signer(privateKey, random));
      return {
        algorithms,
        sign: (algorithm, message) => {
          check(algorithm);
          return sign(algorithm, message);
        },
      };
    },
    ...(fromSecret === undefined
      ? {}
      : { fromSecret: (secret) => imported("invalid_private_key", type, () => fromSecret(Uint8Array.from(secret))) }),
    generate: (random, modulusBits = 2048) => kind.generate(random, modulusBits),
  };
}

function imported<T>(code: "invalid_public_key" | "invalid_private_key", type: SignatureKeyType, make: () => T): T {
  try {
    return make();
  } catch {
    const what = code === "invalid_public_key" ? "public" : "private";
    throw cryptoError(code, `not a valid ${type} ${what} key`);
  }
}
