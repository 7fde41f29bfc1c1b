import * as crypto from "node:crypto";
import { type CurveName, cryptoError, type KeyExchange, type KeyExchangeName } from "@tlskit/crypto";

/** DER of a SubjectPublicKeyInfo up to the key itself. */
const spkiPrefixes = {
  X25519: Buffer.from("302a300506032b656e032100", "hex"),
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
}

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

function offerX25519(): SynchronousOffer {
  const { privateKey, publicKey } = crypto.generateKeyPairSync("x25519");
  return {
    share: rawPublicKey(spkiPrefixes.X25519, publicKey),
    finish: (peerShare) => {
      checkLength("X25519", peerShare, 32);
      // OpenSSL refuses an all-zero secret (RFC 7748 §6.1); so do we, whatever is underneath.
      const secret = withShare("X25519", () =>
        crypto.diffieHellman({ privateKey, publicKey: publicKeyFromRaw(spkiPrefixes.X25519, peerShare) }),
      );
      if (secret.every((byte) => byte === 0))
        throw cryptoError("invalid_key_share", "an X25519 key share of small order");
      return new Uint8Array(secret);
    },
  };
}

/** RFC 7748. */
export const x25519: KeyExchange = diffieHellman("X25519", offerX25519);

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
    };
  });
}

export const p256: KeyExchange = ecdh("P-256");
export const p384: KeyExchange = ecdh("P-384");
export const p521: KeyExchange = ecdh("P-521");

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
      const dh = offerX25519();
      return {
        share: joined(rawPublicKey(spkiPrefixes.MLKEM768, kem.publicKey), dh.share),
        finish: (peerShare) => {
          checkLength(name, peerShare, kemCiphertextLength + 32);
          const secret = withShare(name, () => decapsulate(kem.privateKey, peerShare.subarray(0, kemCiphertextLength)));
          return joined(secret, dh.finish(peerShare.subarray(kemCiphertextLength)));
        },
      };
    },
    respond: (peerShare) => {
      checkLength(name, peerShare, kemPublicKeyLength + 32);
      const { sharedKey, ciphertext } = withShare(name, () =>
        encapsulate(publicKeyFromRaw(spkiPrefixes.MLKEM768, peerShare.subarray(0, kemPublicKeyLength))),
      );
      const dh = offerX25519();
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
