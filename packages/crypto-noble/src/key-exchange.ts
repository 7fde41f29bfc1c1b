import { x448 as nobleX448 } from "@noble/curves/ed448.js";
import { x25519 as nobleX25519 } from "@noble/curves/ed25519.js";
import { p256 as nobleP256, p384 as nobleP384, p521 as nobleP521 } from "@noble/curves/nist.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { type CurveName, cryptoError, type KeyExchange, type KeyExchangeName, type Random } from "@tlskit/crypto";

/** A key pair of a key agreement in which both sides do the same. */
interface KeyPair {
  readonly share: Uint8Array;
  finish(peerShare: Uint8Array): Uint8Array;
  dispose(): void;
}

function diffieHellman(name: KeyExchangeName, makeKeyPair: (random: Random) => KeyPair): KeyExchange {
  return {
    name,
    offer: makeKeyPair,
    respond: (peerShare, random) => {
      const { share, finish, dispose } = makeKeyPair(random);
      try {
        return { share, secret: finish(peerShare) };
      } finally {
        dispose();
      }
    },
  };
}

function checkLength(name: KeyExchangeName, share: Uint8Array, length: number): void {
  if (share.length !== length) {
    throw cryptoError("invalid_key_share", `a ${name} key share has ${length} bytes, got ${share.length}`);
  }
}

/** Runs what fails for nothing but a peer's bad share. */
function withShare<T>(name: KeyExchangeName, compute: () => T): T {
  try {
    return compute();
  } catch {
    throw cryptoError("invalid_key_share", `not a valid ${name} key share`);
  }
}

interface Montgomery {
  readonly name: "X25519" | "X448";
  /** Bytes of private keys, shares and secrets. */
  readonly length: number;
  readonly noble: Pick<typeof nobleX25519, "getPublicKey" | "getSharedSecret">;
}

const curve25519: Montgomery = { name: "X25519", length: 32, noble: nobleX25519 };
const curve448: Montgomery = { name: "X448", length: 56, noble: nobleX448 };

function montgomeryKeyPair({ name, length, noble }: Montgomery, random: Random): KeyPair {
  const secretKey = random(length);
  return {
    share: noble.getPublicKey(secretKey),
    finish: (peerShare) => {
      checkLength(name, peerShare, length);
      // Fails for an all-zero secret too (RFC 7748 §6.1, §6.2, RFC 9846 §7.4.2#all-zero, RFC 8422 §5.10#all-zero, §5.11#all-zero).
      return withShare(name, () => noble.getSharedSecret(secretKey, peerShare));
    },
    dispose: () => {
      secretKey.fill(0);
    },
  };
}

function montgomery(curve: Montgomery): KeyExchange {
  return {
    ...diffieHellman(curve.name, (random) => montgomeryKeyPair(curve, random)),
    shareOf: (privateKey) => {
      if (privateKey.length !== curve.length) {
        throw cryptoError("invalid_private_key", `an ${curve.name} private key has ${curve.length} bytes`);
      }
      return curve.noble.getPublicKey(privateKey);
    },
  };
}

/** RFC 7748. */
export const x25519: KeyExchange = /* @__PURE__ */ montgomery(curve25519);
export const x448: KeyExchange = /* @__PURE__ */ montgomery(curve448);

function ecdh(name: CurveName, noble: typeof nobleP256): KeyExchange {
  const shareLength = 1 + 2 * noble.Point.Fp.BYTES;
  return diffieHellman(name, (random) => {
    const secretKey = noble.utils.randomSecretKey(random(noble.lengths.seed ?? 0));
    return {
      share: noble.getPublicKey(secretKey, false),
      finish: (peerShare) => {
        checkLength(name, peerShare, shareLength);
        // The x-coordinate (RFC 9846 §7.4.2#leading-zeros), behind the byte that says which point it is.
        // RFC 8422 §5.11#on-curve, §5.1.2#uncompressed-alone, RFC 9325 §7.4#curve-reuse: noble refuses a point off the curve, its length tells a compressed one.
        return withShare(name, () => noble.getSharedSecret(secretKey, peerShare)).slice(1);
      },
      dispose: () => {
        secretKey.fill(0);
      },
    };
  });
}

export const p256: KeyExchange = /* @__PURE__ */ ecdh("P-256", nobleP256);
export const p384: KeyExchange = /* @__PURE__ */ ecdh("P-384", nobleP384);
export const p521: KeyExchange = /* @__PURE__ */ ecdh("P-521", nobleP521);

const kemPublicKeyLength = 1184;
const kemCiphertextLength = 1088;

/** draft-ietf-tls-ecdhe-mlkem: ML-KEM-768 (FIPS 203) in front of X25519, in shares and secret. */
export const x25519MlKem768: KeyExchange = {
  name: "X25519MLKEM768",
  offer: (random) => {
    const kem = ml_kem768.keygen(random(64));
    const dh = montgomeryKeyPair(curve25519, random);
    return {
      share: joined(kem.publicKey, dh.share),
      finish: (peerShare) => {
        checkLength("X25519MLKEM768", peerShare, kemCiphertextLength + 32);
        const ciphertext = peerShare.subarray(0, kemCiphertextLength);
        const secret = withShare("X25519MLKEM768", () => ml_kem768.decapsulate(ciphertext, kem.secretKey));
        return joined(secret, dh.finish(peerShare.subarray(kemCiphertextLength)));
      },
      dispose: () => {
        kem.secretKey.fill(0);
        dh.dispose();
      },
    };
  },
  respond: (peerShare, random) => {
    checkLength("X25519MLKEM768", peerShare, kemPublicKeyLength + 32);
    // Checks the key's modulus (FIPS 203 §7.2).
    const { cipherText, sharedSecret } = withShare("X25519MLKEM768", () =>
      ml_kem768.encapsulate(peerShare.subarray(0, kemPublicKeyLength), random(32)),
    );
    const dh = montgomeryKeyPair(curve25519, random);
    try {
      const secret = dh.finish(peerShare.subarray(kemPublicKeyLength));
      return { share: joined(cipherText, dh.share), secret: joined(sharedSecret, secret) };
    } finally {
      dh.dispose();
    }
  },
};

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
