import { toBytes, toInteger } from "../integers.ts";
import type { KeyExchange, KeyExchangeName } from "../key-exchange.ts";
import type { Random } from "../random.ts";
import { type FfdheName, ffdheGroup } from "../safe-primes.ts";
import { type ConformanceCase, check, checkSame, unhex } from "./case.ts";
import { checkRefusal } from "./refusal.ts";

/** Bytes of the shares that TLS 1.3 sends (RFC 9846 §4.3.8; RFC 7748 §6; draft-ietf-tls-ecdhe-mlkem §4). */
const lengths: Readonly<
  Record<KeyExchangeName, { readonly offer: number; readonly answer: number; readonly secret: number }>
> = {
  X25519: { offer: 32, answer: 32, secret: 32 },
  X448: { offer: 56, answer: 56, secret: 56 },
  "P-256": { offer: 65, answer: 65, secret: 32 },
  "P-384": { offer: 97, answer: 97, secret: 48 },
  "P-521": { offer: 133, answer: 133, secret: 66 },
  X25519MLKEM768: { offer: 1184 + 32, answer: 1088 + 32, secret: 64 },
  ffdhe2048: { offer: 256, answer: 256, secret: 256 },
  ffdhe3072: { offer: 384, answer: 384, secret: 384 },
  ffdhe4096: { offer: 512, answer: 512, secret: 512 },
  ffdhe6144: { offer: 768, answer: 768, secret: 768 },
  ffdhe8192: { offer: 1024, answer: 1024, secret: 1024 },
};

/** The shares of the private keys 0x01, 0x02, 0x03 … (computed with OpenSSL). */
const countedShares: Partial<Readonly<Record<KeyExchangeName, string>>> = {
  X25519: "07a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7c",
  X448: "bda7365ba1bd9a66f2ef38db6ec5ac5fad5452e990d8b2f88f721fd53363237e775f65205d1d4667d473f0e1f4c57694d2d802e8dff06026",
};

/** RFC 7748 §6.1: points of small order, whose shared secret is zero. */
const smallOrder: readonly string[] = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

/** RFC 7748 §6.2: 0, 1 and p - 1, little-endian, whose shared secret is zero. */
const smallOrder448: readonly Uint8Array[] = [
  new Uint8Array(56),
  Uint8Array.from({ length: 56 }, (_, i) => (i === 0 ? 1 : 0)),
  Uint8Array.from({ length: 56 }, (_, i) => (i === 0 || i === 28 ? 0xfe : 0xff)),
];

export function keyExchangeCases(exchange: KeyExchange, random: Random): readonly ConformanceCase[] {
  const { name } = exchange;
  const expected = lengths[name];
  return [
    {
      name: `${name}: both sides get one secret, a new one each time`,
      run: async () => {
        const seen = new Set<string>();
        for (let i = 0; i < 3; i += 1) {
          const offer = await exchange.offer(random);
          const answer = await exchange.respond(offer.share, random);
          const secret = await offer.finish(answer.share);
          checkSame(secret, answer.secret, "the secret");
          check(offer.share.length === expected.offer, `an offer has ${offer.share.length} bytes`);
          check(answer.share.length === expected.answer, `an answer has ${answer.share.length} bytes`);
          check(secret.length === expected.secret, `a secret has ${secret.length} bytes`);
          seen.add(secret.join());
        }
        check(seen.size === 3, "three exchanges, three secrets");
      },
    },
    ...(name === "P-256" || name === "ffdhe2048" ? [leadingZeros(exchange, random)] : []),
    {
      // RFC 8422 §5.10#all-zero, §5.11#all-zero, §5.11#on-curve, §5.1.2#uncompressed-alone, RFC 9325 §7.4#curve-reuse
      name: `${name}: shares of another length or form are refused on both sides`,
      run: async () => {
        const offer = await exchange.offer(random);
        const answer = await exchange.respond(offer.share, random);
        for (const share of malformed(name, offer.share)) {
          await checkRefusal(
            () => exchange.respond(share, random),
            "invalid_key_share",
            `an offer of ${share.length} bytes`,
          );
        }
        for (const share of malformed(name, answer.share)) {
          await checkRefusal(() => offer.finish(share), "invalid_key_share", `an answer of ${share.length} bytes`);
        }
      },
    },
    ...(exchange.shareOf === undefined ? [] : [shareOfCase(name, exchange.shareOf)]),
  ];
}

function shareOfCase(name: KeyExchangeName, shareOf: (privateKey: Uint8Array) => Uint8Array): ConformanceCase {
  return {
    name: `${name}: the share of a private key that was made elsewhere`,
    run: async () => {
      const privateKey = Uint8Array.from({ length: lengths[name].offer }, (_, i) => i + 1);
      checkSame(shareOf(privateKey), unhex(countedShares[name] ?? ""), "the share");
      for (const wrong of [privateKey.subarray(1), Uint8Array.of(...privateKey, 0)]) {
        await checkRefusal(() => shareOf(wrong), "invalid_private_key", `a key of ${wrong.length} bytes`);
      }
    },
  };
}

/** RFC 9846 §7.4.2#leading-zeros, RFC 8422 §5.10#leading-zeros: one secret in 256 begins with a zero byte, which belongs to it. */
function leadingZeros(exchange: KeyExchange, random: Random): ConformanceCase {
  return {
    name: `${exchange.name}: a secret keeps its leading zeros`,
    run: async () => {
      const offer = await exchange.offer(random);
      for (let tries = 0; tries < 5000; tries += 1) {
        const { share, secret } = await exchange.respond(offer.share, random);
        check(secret.length === lengths[exchange.name].secret, `a secret has ${secret.length} bytes`);
        if (secret[0] !== 0) continue;
        checkSame(await offer.finish(share), secret, "the secret");
        return;
      }
      check(false, "of 5000 secrets none began with a zero byte");
    },
  };
}

function isFfdhe(name: KeyExchangeName): name is FfdheName {
  return name.startsWith("ffdhe");
}

/** RFC 7919 §5.1: 0, 1, p - 1, p and p + 1; RFC 9846 §4.3.8.1: numbers that have another length. */
function malformedNumbers(name: FfdheName, good: Uint8Array): readonly Uint8Array[] {
  const { prime } = ffdheGroup(name);
  const numbers = [0n, 1n, toInteger(prime) - 1n, toInteger(prime), toInteger(prime) + 1n];
  return [
    good.subarray(0, -1),
    Uint8Array.of(0, ...good),
    new Uint8Array(0),
    new Uint8Array(good.length).fill(0xff),
    ...numbers.map((number) => toBytes(number, good.length)),
  ];
}

/** Shares that are no good, made out of one that is. */
function malformed(name: KeyExchangeName, good: Uint8Array): readonly Uint8Array[] {
  if (isFfdhe(name)) return malformedNumbers(name, good);
  if (name === "X448") return [good.subarray(0, -1), Uint8Array.of(...good, 0), ...smallOrder448];
  const ends = [good.subarray(0, -1), Uint8Array.of(...good, 0), new Uint8Array(0)];
  const classical = good.subarray(-32);
  const withClassical = (point: string): Uint8Array => Uint8Array.of(...good.subarray(0, -32), ...unhex(point));
  if (name === "X25519") return [...ends, ...smallOrder.map(unhex)];
  if (name === "X25519MLKEM768") {
    const onlyKem = good.subarray(0, -classical.length);
    // FIPS 203 §7.2: a coefficient that is not reduced modulo q. A ciphertext has no such check.
    const unreduced = Uint8Array.from(good);
    unreduced.set([0xff, 0xff, 0xff]);
    const isOffer = good.length === lengths[name].offer;
    return [...ends, onlyKem, classical, ...smallOrder.map(withClassical), ...(isOffer ? [unreduced] : [])];
  }
  const coordinate = (good.length - 1) / 2;
  const offCurve = Uint8Array.from(good);
  offCurve[good.length - 1] = (offCurve[good.length - 1] ?? 0) ^ 1;
  return [
    ...ends,
    offCurve,
    Uint8Array.of(0),
    Uint8Array.of(4, ...new Uint8Array(2 * coordinate)),
    Uint8Array.of(4, ...new Uint8Array(2 * coordinate).fill(0xff)),
    // compressed, and what OpenSSL calls hybrid: right points in a form that TLS 1.3 doesn't have
    Uint8Array.of(2 + ((good[good.length - 1] ?? 0) & 1), ...good.subarray(1, 1 + coordinate)),
    Uint8Array.of(6 + ((good[good.length - 1] ?? 0) & 1), ...good.subarray(1)),
  ];
}
