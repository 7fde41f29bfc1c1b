import {
  type FfdheName,
  type FiniteField,
  ffdheKeyExchange,
  finiteField as fieldWith,
  type KeyExchange,
} from "@tlskit/crypto";
import { power, toBytes, toInteger } from "@tlskit/crypto/integers";

/**
 * Diffie-Hellman over finite fields, in BigInts, which take no constant time: a private key is used once, so that nobody
 * can ask again and measure.
 */
export const finiteField: FiniteField = /* @__PURE__ */ fieldWith(({ prime, generator, privateKeyBits }) => {
  const p = toInteger(prime);
  const g = BigInt(generator);
  return (random) => {
    const privateKey = random(Math.ceil(privateKeyBits / 8));
    // The highest bit is set, so that no private key is short, and every one takes as many steps.
    const top = 1n << BigInt(privateKeyBits - 1);
    let x = (toInteger(privateKey) % top) | top;
    privateKey.fill(0);
    return {
      publicValue: toBytes(power(g, x, p), prime.length),
      secretWith: (peerValue) => toBytes(power(toInteger(peerValue), x, p), prime.length),
      dispose: () => {
        x = 0n;
      },
    };
  };
});

const ffdhe = (name: FfdheName): KeyExchange => ffdheKeyExchange(name, finiteField);

/** RFC 7919. */
export const ffdhe2048: KeyExchange = /* @__PURE__ */ ffdhe("ffdhe2048");
export const ffdhe3072: KeyExchange = /* @__PURE__ */ ffdhe("ffdhe3072");
export const ffdhe4096: KeyExchange = /* @__PURE__ */ ffdhe("ffdhe4096");
export const ffdhe6144: KeyExchange = /* @__PURE__ */ ffdhe("ffdhe6144");
export const ffdhe8192: KeyExchange = /* @__PURE__ */ ffdhe("ffdhe8192");
