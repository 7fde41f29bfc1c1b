import * as crypto from "node:crypto";
import { type CurveName, cryptoError, type KeyExchange, type KeyExchangeName } from "@tlskit/crypto";
import { runtimeHasP521, runtimeHasX448 } from "./runtime.ts";

/** DER of a SubjectPublicKeyInfo up to the key itself. */
const spkiPrefixes = {
  X25519: Buffer.from("302a300506032b656e032100", "hex"),
  X448: Buffer.from("3042300506032b656f033900", "hex"),
  MLKEM768: Buffer.from("308204b2300b0609608648016503040402038204a100", "hex"),
} as const;

function rawPublicKey(prefix: Buffer, publicKey: crypto.KeyObject): Uint8Array {
  return new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(prefix.length));
}

function publicKeyFromRaw(prefix: Buffer, raw: Uint8Array): crypto.KeyObject {
  return crypto.createPublicKey({ key: Buffer.concat([prefix, raw]), format: "der", type: "spki" });
}

/** Runs what fails for nothing but a peer's bad share. */
function withShare<T>(name: KeyExchangeName, compute: () => T): T {
  try {
    return compute();
  } catch {
    throw cryptoError("invalid_key_share", `not a valid ${name} key share`);
  }
}

function checkLength(name: KeyExchangeName, share: Uint8Array, length: number): void {
  if (share.length !== length) {
    throw cryptoError("invalid_key_share", `a ${name} key share has ${length} bytes, got ${share.length}`);
  }
}

interface SynchronousOffer {
  readonly share: Uint8Array;
  finish(peerShare: Uint8Array): Uint8Array;
  /** Nothing to do: node:crypto frees its keys itself. */
  dispose(): void;
}

const nothingToDispose = (): void => {};

/** Key agreement in which both sides do the same. */
function diffieHellman(name: KeyExchangeName, offer: () => SynchronousOffer): KeyExchange {
  return {
    name,
    offer,
    respond: (peerShare) => {
      const { share, finish } = offer();
      return { share, secret: finish(peerShare) };
    },
  };
}

interface Montgomery {
  readonly name: "X25519" | "X448";
  /** Bytes of private keys, shares and secrets. */
  readonly length: number;
  /** DER of a PrivateKeyInfo (RFC 8410) up to the key itself. */
  readonly pkcs8Prefix: Buffer;
  generate(): { readonly privateKey: crypto.KeyObject; readonly publicKey: crypto.KeyObject };
}

const curve25519: Montgomery = {
  name: "X25519",
  length: 32,
  pkcs8Prefix: Buffer.from("302e020100300506032b656e04220420", "hex"),
  generate: () => crypto.generateKeyPairSync("x25519"),
};
const curve448: Montgomery = {
  name: "X448",
  length: 56,
  pkcs8Prefix: Buffer.from("3046020100300506032b656f043a0438", "hex"),
  generate: () => crypto.generateKeyPairSync("x448"),
};

function offerMontgomery({ name, length, generate }: Montgomery): SynchronousOffer {
  const { privateKey, publicKey } = generate();
  return {
    share: rawPublicKey(spkiPrefixes[name], publicKey),
    finish: (peerShare) => {
      checkLength(name, peerShare, length);
      // OpenSSL refuses an all-zero secret (RFC 7748 §6.1, §6.2, RFC 9846 §7.4.2#all-zero); so do we, whatever is underneath.
      const secret = withShare(name, () =>
        crypto.diffieHellman({ privateKey, publicKey: publicKeyFromRaw(spkiPrefixes[name], peerShare) }),
      );
      if (secret.every((byte) => byte === 0))
        throw cryptoError("invalid_key_share", `an ${name} key share of small order`);
      return new Uint8Array(secret);
    },
    dispose: nothingToDispose,
  };
}

function montgomery(curve: Montgomery): KeyExchange {
  const { name, length, pkcs8Prefix } = curve;
  return {
    ...diffieHellman(name, () => offerMontgomery(curve)),
    shareOf: (privateKey) => {
      if (privateKey.length !== length) {
        throw cryptoError("invalid_private_key", `an ${name} private key has ${length} bytes`);
      }
      const key = Buffer.concat([pkcs8Prefix, privateKey]);
      const imported = crypto.createPrivateKey({ key, format: "der", type: "pkcs8" });
      return rawPublicKey(spkiPrefixes[name], crypto.createPublicKey(imported));
    },
  };
}

/** RFC 7748. */
export const x25519: KeyExchange = montgomery(curve25519);
/** Absent where the runtime has none. */
export const x448: KeyExchange | undefined = runtimeHasX448 ? montgomery(curve448) : undefined;

const curves: Readonly<Record<CurveName, { readonly openssl: string; readonly shareLength: number }>> = {
  "P-256": { openssl: "prime256v1", shareLength: 65 },
  "P-384": { openssl: "secp384r1", shareLength: 97 },
  "P-521": { openssl: "secp521r1", shareLength: 133 },
};

function ecdh(name: CurveName): KeyExchange {
  const { openssl, shareLength } = curves[name];
  return diffieHellman(name, () => {
    const pair = crypto.createECDH(openssl);
    const share = new Uint8Array(pair.generateKeys());
    return {
      share,
      finish: (peerShare) => {
        checkLength(name, peerShare, shareLength);
        // RFC 9846 §4.3.8.2: uncompressed points alone. OpenSSL also reads hybrid ones, of the same length.
        if (peerShare[0] !== 4) throw cryptoError("invalid_key_share", `a ${name} key share is an uncompressed point`);
        return new Uint8Array(withShare(name, () => pair.computeSecret(peerShare)));
      },
      dispose: nothingToDispose,
    };
  });
}

export const p256: KeyExchange = ecdh("P-256");
export const p384: KeyExchange = ecdh("P-384");
/** Absent where the runtime has none. */
export const p521: KeyExchange | undefined = runtimeHasP521 ? ecdh("P-521") : undefined;

const kemPublicKeyLength = 1184;
const kemCiphertextLength = 1088;

/** draft-ietf-tls-ecdhe-mlkem: ML-KEM-768 in front of X25519, in shares and secret. */
function hybrid(): KeyExchange | undefined {
  const { encapsulate, decapsulate } = crypto;
  if (encapsulate === undefined || decapsulate === undefined) return undefined;
  const name = "X25519MLKEM768";
  return {
    name,
    offer: () => {
      const kem = crypto.generateKeyPairSync("ml-kem-768");
      const dh = offerMontgomery(curve25519);
      return {
        share: joined(rawPublicKey(spkiPrefixes.MLKEM768, kem.publicKey), dh.share),
        finish: (peerShare) => {
          checkLength(name, peerShare, kemCiphertextLength + 32);
          const secret = withShare(name, () => decapsulate(kem.privateKey, peerShare.subarray(0, kemCiphertextLength)));
          return joined(secret, dh.finish(peerShare.subarray(kemCiphertextLength)));
        },
        dispose: nothingToDispose,
      };
    },
    respond: (peerShare) => {
      checkLength(name, peerShare, kemPublicKeyLength + 32);
      const { sharedKey, ciphertext } = withShare(name, () =>
        encapsulate(publicKeyFromRaw(spkiPrefixes.MLKEM768, peerShare.subarray(0, kemPublicKeyLength))),
      );
      const dh = offerMontgomery(curve25519);
      const secret = dh.finish(peerShare.subarray(kemPublicKeyLength));
      return { share: joined(ciphertext, dh.share), secret: joined(sharedKey, secret) };
    },
  };
}

/** Absent where the runtime has no ML-KEM (Node before 24.7). */
export const x25519MlKem768: KeyExchange | undefined = hybrid();

/** In a buffer of its own: Node's small ones share their memory. */
function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
