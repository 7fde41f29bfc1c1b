import { openOnce, sealOnce } from "../once.ts";
import type { CryptoProvider } from "../provider.ts";
import type { Random } from "../random.ts";
import { type ConformanceCase, check, checkSame } from "./case.ts";
import { finiteFieldGroups } from "./finite-field.ts";

/** Two providers against each other: what one makes, the other must understand. Only what both have. */
export function interoperabilityCases(
  a: CryptoProvider,
  b: CryptoProvider,
  random: Random,
): readonly ConformanceCase[] {
  const message = random(1000);
  const nonce = random(12);
  const pair = `${a.name} and ${b.name}`;
  return [
    ...inBoth(a.hashes, b.hashes).map(([x, y]) => ({
      name: `${pair}: ${x.name}`,
      run: () => {
        checkSame(x.digest(message), y.digest(message), "the digest");
        checkSame(x.hmac(nonce, message), y.hmac(nonce, message), "the HMAC");
      },
    })),
    ...inBoth(a.aeads, b.aeads).map(([x, y]) => ({
      name: `${pair}: ${x.name}`,
      run: async () => {
        const key = random(x.keyLength);
        const sealed = await sealOnce(x, key, nonce, nonce, message);
        checkSame(sealed, await sealOnce(y, key, nonce, nonce, message), "the ciphertext");
        checkSame(await openOnce(y, key, nonce, nonce, sealed), message, "the plaintext");
        if (x.headerProtection === undefined || y.headerProtection === undefined) return;
        const sample = random(16);
        const mask = await x.headerProtection(key).mask(sample);
        checkSame(mask, await y.headerProtection(key).mask(sample), "the mask");
      },
    })),
    ...inBoth(a.keyExchanges, b.keyExchanges).flatMap(([x, y]) =>
      [
        { offering: x, answering: y, from: a },
        { offering: y, answering: x, from: b },
      ].map(({ offering, answering, from }) => ({
        name: `${pair}: ${x.name}, offered by ${from.name}`,
        run: async () => {
          const offer = await offering.offer(random);
          const answer = await answering.respond(offer.share, random);
          checkSame(await offer.finish(answer.share), answer.secret, "the secret");
        },
      })),
    ),
    ...inBoth(a.blockCiphers ?? [], b.blockCiphers ?? []).map(([x, y]) => ({
      name: `${pair}: ${x.name}`,
      run: () => {
        const [key, iv, blocks] = [random(x.keyLength), random(x.blockLength), message.subarray(0, 960)];
        const [byX, byY] = [x.withKey(key), y.withKey(key)];
        const [one, other] = [new Uint8Array(blocks.length), new Uint8Array(blocks.length)];
        byX.encrypt(iv, [blocks], one, 0);
        byY.encrypt(iv, [blocks], other, 0);
        checkSame(one, other, "the ciphertext");
        byX.decrypt(iv, other, other, 0);
        byY.decrypt(iv, one, one, 0);
        for (const plaintext of [one, other]) checkSame(plaintext, blocks, "the plaintext");
      },
    })),
    ...rsaEncryption(a, b, random),
    ...rsaEncryption(b, a, random),
    ...diffieHellman(a, b, random),
    ...diffieHellman(b, a, random),
    ...a.signatures.flatMap((x) => {
      const y = b.signatures.find(({ type }) => type === x.type);
      if (y === undefined) return [];
      return x.algorithms
        .filter((algorithm) => y.algorithms.includes(algorithm))
        .map((algorithm) => ({
          name: `${pair}: ${algorithm}, each verifies the other's`,
          run: async () => {
            const key = await x.generate(random);
            const byX = await x.signer(key, random).sign(algorithm, message);
            const byY = await y.signer(key, random).sign(algorithm, message);
            check(await y.verifier(key).verify(algorithm, message, byX), `${b.name} verifies ${a.name}'s`);
            check(await x.verifier(key).verify(algorithm, message, byY), `${a.name} verifies ${b.name}'s`);
          },
        }));
    }),
  ];
}

/** What one has encrypted the other decrypts, with a key that it made. */
function rsaEncryption(a: CryptoProvider, b: CryptoProvider, random: Random): readonly ConformanceCase[] {
  const keys = b.signatures.find(({ type }) => type === "RSA");
  const [encrypter, decrypter] = [a.rsaEncryption?.encrypter, b.rsaEncryption?.decrypter];
  if (keys === undefined || encrypter === undefined || decrypter === undefined) return [];
  return [
    {
      name: `${b.name} decrypts with RSA what ${a.name} encrypts`,
      run: async () => {
        const key = await keys.generate(random);
        check(key.type === "RSA", "a key of RSA's");
        const message = random(48);
        const block = await decrypter(key).decrypt(await encrypter(key).encrypt(message, random));
        checkSame(block.subarray(-message.length), message, "the message");
        checkSame(block.subarray(0, 2), Uint8Array.of(0, 2), "how the padding begins");
      },
    },
  ];
}

function diffieHellman(a: CryptoProvider, b: CryptoProvider, random: Random): readonly ConformanceCase[] {
  const [offering, answering] = [a.finiteField, b.finiteField];
  if (offering === undefined || answering === undefined) return [];
  return Object.entries(finiteFieldGroups).map(([what, group]) => ({
    name: `${b.name} agrees with ${a.name} on a secret in ${what}`,
    run: async () => {
      const offer = await offering.in(group).offer(random);
      const answer = await answering.in(group).respond(offer.share, random);
      checkSame(await offer.finish(answer.share), answer.secret, "the secret");
    },
  }));
}

function inBoth<T extends { readonly name: string }>(a: readonly T[], b: readonly T[]): readonly (readonly [T, T])[] {
  return a.flatMap((x) => b.filter(({ name }) => name === x.name).map((y) => [x, y] as const));
}
