import { type KeyObject, sign } from "node:crypto";
import {
  type CurveName,
  cryptoError,
  type Decrypter,
  type SignatureAlgorithm,
  type SignatureHash,
  type Signer,
} from "@tlskit/crypto";
import { decrypter } from "./rsa-encryption.ts";
import { runtimeDecryptsInConstantTime } from "./runtime.ts";
import { nodeAlgorithm } from "./signature.ts";

/**
 * A signer of a private key that Node holds, wherever it came from: a file, an engine, `generateKeyPair`. Its parts are
 * never looked at. (For them, export it: `privateKeyFromPkcs8(key.export({ format: "der", type: "pkcs8" }))` of
 * `@tlskit/x509`; its public key is `createPublicKey(key).export({ format: "der", type: "spki" })`.)
 * @throws {CryptoError} `invalid_private_key` for a key that isn't private, `unsupported` for one that signs nothing here
 */
export function signerFromKeyObject(key: KeyObject): Signer {
  if (key.type !== "private") throw cryptoError("invalid_private_key", `expected a private key, got a ${key.type} one`);
  const algorithms = algorithmsOf(key);
  return {
    algorithms,
    sign: (algorithm, message) => {
      if (!algorithms.includes(algorithm)) throw cryptoError("unsupported", `the key doesn't sign by ${algorithm}`);
      const { hash, options } = nodeAlgorithm(algorithm);
      return new Uint8Array(sign(hash, message, { key, ...options }));
    },
  };
}

/**
 * A decrypter of an RSA private key that Node holds, for the key exchange of that name in TLS 1.2 and before.
 * @throws {CryptoError} `invalid_private_key` for a key that isn't private, `unsupported` for one that decrypts nothing, and
 * in Deno
 */
export function decrypterFromKeyObject(key: KeyObject): Decrypter {
  if (key.type !== "private") throw cryptoError("invalid_private_key", `expected a private key, got a ${key.type} one`);
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (key.asymmetricKeyType !== "rsa" || bits === undefined || !runtimeDecryptsInConstantTime) {
    throw cryptoError("unsupported", `a key of the type ${key.asymmetricKeyType} decrypts nothing here`);
  }
  return decrypter(key, Math.ceil(bits / 8));
}

/** Best first. */
const hashes = ["SHA-256", "SHA-384", "SHA-512"] as const satisfies readonly SignatureHash[];
const curves: Readonly<Record<string, readonly [CurveName, SignatureHash]>> = {
  prime256v1: ["P-256", "SHA-256"],
  secp384r1: ["P-384", "SHA-384"],
  secp521r1: ["P-521", "SHA-512"],
};

function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly SignatureAlgorithm[] {
  switch (asymmetricKeyType) {
    case "ed25519":
      return ["Ed25519"];
    case "ed448":
      return ["Ed448"];
    case "rsa":
      return [
        ...hashes.map((hash) => `RSA-PSS/${hash}` as const),
        ...hashes.map((hash) => `RSA-PKCS1/${hash}` as const),
        "RSA-PKCS1/MD5-SHA-1",
      ];
    case "rsa-pss": {
      // RFC 4055 §3.1: a key with parameters is for those alone; without, for any
      const only = asymmetricKeyDetails?.hashAlgorithm?.toUpperCase().replace(/^SHA(?=\d)/, "SHA-");
      const fitting = hashes.filter((hash) => only === undefined || hash === only);
      if (fitting.length > 0) return fitting.map((hash) => `RSA-PSS/${hash}` as const);
      break;
    }
    case "ec": {
      const curve = curves[asymmetricKeyDetails?.namedCurve ?? ""];
      if (curve === undefined) break;
      const [name, best] = curve;
      return [best, ...hashes.filter((hash) => hash !== best), "SHA-1" as const].map(
        (hash) => `ECDSA/${name}/${hash}` as const,
      );
    }
  }
  throw cryptoError("unsupported", `a key of the type ${asymmetricKeyType} signs nothing here`);
}
