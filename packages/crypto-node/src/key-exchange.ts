import * as crypto from "node:crypto";
import {
  type Awaitable,
  type CurveName,
  cryptoError,
  type KeyExchange,
  type KeyExchangeName,
  type KeyShareAnswer,
  type KeyShareOffer,
  run,
  type Steps,
  wait,
} from "@tlskit/crypto";
import { bytesOf, fromBase64Url, toBase64Url } from "./bytes.ts";
import { ellipticCurves } from "./elliptic-curves.ts";
import type { Operations } from "./operations.ts";
import { runtimeHasMlKem, runtimeHasP521, runtimeHasRawKeys, runtimeHasX448 } from "./runtime.ts";

/** Runs what fails for nothing but a peer's bad share. */
function* withShare<T>(name: KeyExchangeName, compute: () => Awaitable<T>): Steps<T> {
  try {
    return yield* wait(compute());
  } catch {
    throw cryptoError("invalid_key_share", `not a valid ${name} key share`);
  }
}

function checkLength(name: KeyExchangeName, share: Uint8Array, length: number): void {
  if (share.length !== length) {
    throw cryptoError("invalid_key_share", `a ${name} key share has ${length} bytes, got ${share.length}`);
  }
}

/** A share, and what finishes it. */
interface Offer {
  readonly share: Uint8Array;
  finish(peerShare: Uint8Array): Steps<Uint8Array>;
}

/** Key agreement in which both sides do the same. */
function diffieHellman(name: KeyExchangeName, offer: () => Steps<Offer>): KeyExchange {
  return keyExchange(name, offer, function* (peerShare) {
    const { share, finish } = yield* offer();
    return { share, secret: yield* finish(peerShare) };
  });
}

function keyExchange(
  name: KeyExchangeName,
  offer: () => Steps<Offer>,
  respond: (peerShare: Uint8Array) => Steps<KeyShareAnswer>,
): KeyExchange {
  return {
    name,
    offer: () => run(offered(offer())),
    respond: (peerShare) => run(respond(peerShare)),
  };
}

function* offered(offer: Steps<Offer>): Steps<KeyShareOffer> {
  const { share, finish } = yield* offer;
  return { share, finish: (peerShare) => run(finish(peerShare)), dispose: nothingToDispose };
}

/** node:crypto frees its keys itself. */
const nothingToDispose = (): void => {};

interface Montgomery {
  readonly name: "X25519" | "X448";
  readonly type: "x25519" | "x448";
  /** Bytes of private keys, shares and secrets. */
  readonly length: number;
  /** DER of a PrivateKeyInfo (RFC 8410) up to the key itself. */
  readonly pkcs8Prefix: Buffer;
}

const curve25519: Montgomery = {
  name: "X25519",
  type: "x25519",
  length: 32,
  pkcs8Prefix: Buffer.from("302e020100300506032b656e04220420", "hex"),
};
const curve448: Montgomery = {
  name: "X448",
  type: "x448",
  length: 56,
  pkcs8Prefix: Buffer.from("3046020100300506032b656f043a0438", "hex"),
};

function* offerMontgomery({ name, type, length }: Montgomery, operations: Operations): Steps<Offer> {
  const { privateKey, publicKey } = yield* wait(operations.generateKeyPair({ type }));
  return {
    share: montgomeryShare(publicKey),
    *finish(peerShare) {
      checkLength(name, peerShare, length);
      // OpenSSL refuses an all-zero secret (RFC 7748 §6.1, §6.2, RFC 9846 §7.4.2#all-zero, RFC 8422 §5.10#all-zero, §5.11#all-zero); so do we, whatever is underneath.
      const secret = yield* withShare(name, () =>
        operations.diffieHellman({ privateKey, publicKey: montgomeryPublicKey(name, peerShare) }),
      );
      if (secret.every((byte) => byte === 0))
        throw cryptoError("invalid_key_share", `an ${name} key share of small order`);
      return secret;
    },
  };
}

/** As a JSON Web Key (RFC 8037), of all forms the one that every runtime is quick to read and to write. */
function montgomeryPublicKey(crv: Montgomery["name"], share: Uint8Array): crypto.KeyObject {
  return crypto.createPublicKey({ key: { kty: "OKP", crv, x: toBase64Url(share) }, format: "jwk" });
}

function montgomeryShare(publicKey: crypto.KeyObject): Uint8Array {
  return fromBase64Url(publicKey.export({ format: "jwk" }).x);
}

function montgomery(curve: Montgomery, operations: Operations): KeyExchange {
  const { name, length, pkcs8Prefix } = curve;
  return {
    ...diffieHellman(name, () => offerMontgomery(curve, operations)),
    shareOf: (privateKey) => {
      if (privateKey.length !== length) {
        throw cryptoError("invalid_private_key", `an ${name} private key has ${length} bytes`);
      }
      const key = Buffer.concat([pkcs8Prefix, privateKey]);
      const imported = crypto.createPrivateKey({ key, format: "der", type: "pkcs8" });
      return montgomeryShare(crypto.createPublicKey(imported));
    },
  };
}

function ecdh(name: CurveName, operations: Operations): KeyExchange {
  const { openssl, coordinateLength, spkiPrefix } = ellipticCurves[name];
  return diffieHellman(name, function* () {
    const { privateKey, publicKey } = yield* wait(operations.generateKeyPair({ type: "ec", namedCurve: openssl }));
    const { x, y } = publicKey.export({ format: "jwk" });
    return {
      // RFC 7518 §6.2.1.2: a coordinate has all its octets, zeros in front too.
      share: bytesOf(Buffer.concat([Uint8Array.of(4), fromBase64Url(x), fromBase64Url(y)])),
      *finish(peerShare) {
        checkLength(name, peerShare, 1 + 2 * coordinateLength);
        // RFC 9846 §4.3.8.2, RFC 8422 §5.1.2#uncompressed-alone, §5.11#on-curve: uncompressed points alone. OpenSSL also reads hybrid ones, of the same length.
        if (peerShare[0] !== 4) throw cryptoError("invalid_key_share", `a ${name} key share is an uncompressed point`);
        return yield* withShare(name, () => {
          const key = Buffer.concat([spkiPrefix, peerShare]);
          const publicKey = crypto.createPublicKey({ key, format: "der", type: "spki" });
          return operations.diffieHellman({ privateKey, publicKey });
        });
      },
    };
  });
}

const kemPublicKeyLength = 1184;
const kemCiphertextLength = 1088;

/** draft-ietf-tls-ecdhe-mlkem: ML-KEM-768 in front of X25519, in shares and secret. */
function hybrid(operations: Operations): KeyExchange {
  const name = "X25519MLKEM768";
  return keyExchange(
    name,
    function* () {
      const kem = yield* wait(operations.generateKeyPair({ type: "ml-kem-768" }));
      const dh = yield* offerMontgomery(curve25519, operations);
      return {
        share: joined(rawKemPublicKey(kem.publicKey), dh.share),
        *finish(peerShare) {
          checkLength(name, peerShare, kemCiphertextLength + 32);
          const secret = yield* withShare(name, () =>
            operations.decapsulate(kem.privateKey, peerShare.subarray(0, kemCiphertextLength)),
          );
          return joined(secret, yield* dh.finish(peerShare.subarray(kemCiphertextLength)));
        },
      };
    },
    function* (peerShare) {
      checkLength(name, peerShare, kemPublicKeyLength + 32);
      const { sharedKey, ciphertext } = yield* withShare(name, () =>
        operations.encapsulate(kemPublicKey(peerShare.subarray(0, kemPublicKeyLength))),
      );
      const dh = yield* offerMontgomery(curve25519, operations);
      const secret = yield* dh.finish(peerShare.subarray(kemPublicKeyLength));
      return { share: joined(ciphertext, dh.share), secret: joined(sharedKey, secret) };
    },
  );
}

/** DER of an ML-KEM-768 SubjectPublicKeyInfo up to the key itself. */
const kemSpkiPrefix = Buffer.from("308204b2300b0609608648016503040402038204a100", "hex");

function rawKemPublicKey(publicKey: crypto.KeyObject): Uint8Array {
  return runtimeHasRawKeys
    ? publicKey.export({ format: "raw-public" })
    : publicKey.export({ format: "der", type: "spki" }).subarray(kemSpkiPrefix.length);
}

function kemPublicKey(raw: Uint8Array): crypto.KeyObject {
  // OpenSSL takes longer to find out what is in DER than to read it.
  return crypto.createPublicKey(
    runtimeHasRawKeys
      ? { key: raw, format: "raw-public", asymmetricKeyType: "ml-kem-768" }
      : { key: Buffer.concat([kemSpkiPrefix, raw]), format: "der", type: "spki" },
  );
}

/** In a buffer of its own: Node's small ones share their memory. */
function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

export interface KeyExchanges {
  /** Absent where the runtime has no ML-KEM (Node before 24.7). */
  readonly x25519MlKem768: KeyExchange | undefined;
  /** RFC 7748. */
  readonly x25519: KeyExchange;
  readonly p256: KeyExchange;
  readonly p384: KeyExchange;
  /** Absent where the runtime has none. */
  readonly p521: KeyExchange | undefined;
  /** Absent where the runtime has none. */
  readonly x448: KeyExchange | undefined;
}

export function keyExchanges(operations: Operations): KeyExchanges {
  return {
    x25519MlKem768: runtimeHasMlKem ? hybrid(operations) : undefined,
    x25519: montgomery(curve25519, operations),
    p256: ecdh("P-256", operations),
    p384: ecdh("P-384", operations),
    p521: runtimeHasP521 ? ecdh("P-521", operations) : undefined,
    x448: runtimeHasX448 ? montgomery(curve448, operations) : undefined,
  };
}
