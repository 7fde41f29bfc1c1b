import type { FiniteField, FiniteFieldGroup } from "../finite-field.ts";
import { power, toBytes, toInteger } from "../integers.ts";
import type { Random } from "../random.ts";
import { ffdheGroup } from "../safe-primes.ts";
import { type ConformanceCase, check, checkSame, unhex } from "./case.ts";
import { checkRefusal } from "./refusal.ts";

/** A safe prime that nobody knows (made with `openssl dhparam 2048`). */
const unknown: FiniteFieldGroup = {
  prime: unhex(
    [
      "b8147d8192b4de9e7c5f66633d52d7aeaf093c6c82421763d2fe6d6c7598669798dbeba495dfa4ff74087a91bd612ce6",
      "7fc7472ccc2996c544fec761fc4eda517e11c1fb7871e7ef4bbdd6e944fdef65305a3f6b705922996ae21c8da4908aab",
      "0e15e5de31bfa734016f9797c98da8ddc47260182c9e4891f163050f07a151c2b8e1405189b98f458dfeea9bb38e0c3e",
      "f7b63a89f25e6bd23571631f1a18c3ba6380e85f6a478a8c94f8e7e0edc66de3fcf00bbc483105d5ea694bcea7914061",
      "16f87a3b87e436a2fd790d750c5f9d638261e1479e87e02ff13ae6b5c4e21a1be81ae72837c2c85afc0c4c463835f568",
      "b7ba68c2c5c65ad4b60cb5d0b898d827",
    ].join(""),
  ),
  generator: Uint8Array.of(2),
};

const known: FiniteFieldGroup = /* @__PURE__ */ ffdheGroup("ffdhe2048");

export const finiteFieldGroups: Readonly<Record<string, FiniteFieldGroup>> = {
  "a group of RFC 7919": known,
  "a group that nobody knows": unknown,
  "a group with leading zeros": {
    prime: Uint8Array.of(0, 0, ...unknown.prime),
    generator: Uint8Array.of(0, ...unknown.generator),
  },
};

export function finiteFieldCases(field: FiniteField, random: Random): readonly ConformanceCase[] {
  return [
    ...Object.entries(finiteFieldGroups).map(([what, group]) => ({
      name: `Diffie-Hellman: in ${what} both sides get one secret, as long as the prime, a new one each time`,
      run: async () => {
        const exchange = field.in(group);
        const seen = new Set<string>();
        for (let tries = 0; tries < 3; tries += 1) {
          const offer = await exchange.offer(random);
          const answer = await exchange.respond(offer.share, random);
          const secret = await offer.finish(answer.share);
          for (const bytes of [offer.share, answer.share, secret]) check(bytes.length === 256, `${bytes.length} bytes`);
          checkSame(secret, answer.secret, "the secret");
          seen.add(secret.join());
          offer.dispose();
        }
        check(seen.size === 3, "three exchanges, three secrets");
      },
    })),
    {
      name: "Diffie-Hellman: the secret is the peer's number to the power of one's own private key",
      run: async () => {
        const p = toInteger(unknown.prime);
        const exchange = field.in(unknown);
        const x = toInteger(random(30));
        const { share, secret } = await exchange.respond(toBytes(power(2n, x, p), 256), random);
        checkSame(secret, toBytes(power(toInteger(share), x, p), 256), "the secret");
      },
    },
    {
      // RFC 5246 §F.1.1.3#new-exponent, RFC 9325 §7.4#new-exponent
      name: "Diffie-Hellman: a private key gives one secret and no other",
      run: async () => {
        const exchange = field.in(known);
        const [offer, other] = [await exchange.offer(random), await exchange.offer(random)];
        await checkRefusal(() => offer.finish(Uint8Array.of(1)), "invalid_key_share", "a share that is none");
        check((await offer.finish(other.share)).length === 256, "the secret");
        await checkRefusal(() => offer.finish(other.share), "invalid_argument", "a second secret");
      },
    },
    {
      name: "Diffie-Hellman: a peer may leave leading zeros out, and write some",
      run: async () => {
        const p = toInteger(known.prime);
        const offer = await field.in(known).offer(random);
        // 2^60: a share that is 8 bytes long without its zeros.
        for (const share of [unhex("1000000000000000"), unhex("00001000000000000000"), toBytes(1n << 60n, 256)]) {
          const { share: answer, secret } = await field.in(known).respond(share, random);
          checkSame(secret, toBytes(power(toInteger(answer), 60n, p), 256), `a share of ${share.length} bytes`);
        }
        offer.dispose();
      },
    },
    {
      // RFC 5246 §F.1.1.3#subgroups
      name: "Diffie-Hellman: shares that aren't from 2 to p - 2 are refused on both sides (RFC 7919 §5.1)",
      run: async () => {
        for (const group of [known, unknown]) {
          const p = toInteger(group.prime);
          const exchange = field.in(group);
          const offer = await exchange.offer(random);
          const wrong = [0n, 1n, p - 1n, p, p + 1n, p + 2n].map((number) => toBytes(number, 256));
          wrong.push(new Uint8Array(0), Uint8Array.of(0), Uint8Array.of(1), new Uint8Array(256).fill(0xff));
          wrong.push(Uint8Array.of(1, ...offer.share));
          for (const share of wrong) {
            const what = `a share of ${share.length} bytes, ${share.subarray(-2).join()} at its end`;
            await checkRefusal(() => exchange.respond(share, random), "invalid_key_share", `${what}, offered`);
            await checkRefusal(() => offer.finish(share), "invalid_key_share", `${what}, answered`);
          }
        }
      },
    },
    {
      // RFC 9325 §4.5#dh-bits, RFC 5246 §F.1.1.3#exponent-size
      name: "Diffie-Hellman: groups that are too small, too large or senseless are refused",
      run: async () => {
        const { prime, generator } = known;
        const refused = (group: FiniteFieldGroup, what: string) =>
          checkRefusal(() => field.in(group), "unsafe_group", what);
        await refused({ prime: new Uint8Array(0), generator }, "no prime");
        await refused({ prime: Uint8Array.of(0x7f, ...prime.subarray(1)), generator }, "2047 bits");
        await refused({ prime: Uint8Array.of(1, ...ffdheGroup("ffdhe8192").prime), generator }, "8193 bits");
        await refused({ prime: Uint8Array.from(prime).fill(0xfe, -1), generator }, "an even modulus");
        for (const number of [0n, 1n, 2n ** 31n, toInteger(prime) - 1n, toInteger(prime)]) {
          await refused({ prime, generator: toBytes(number, 256) }, "a generator that isn't from 2 to 2^31 - 1");
        }
        field.in({ prime, generator: toBytes(2n ** 31n - 1n, 256) });
      },
    },
  ];
}
