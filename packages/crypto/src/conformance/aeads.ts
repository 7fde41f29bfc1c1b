import type { AeadAlgorithm } from "../aead.ts";
import { openOnce, sealOnce } from "../once.ts";
import type { Random } from "../random.ts";
import { type ConformanceCase, check, checkSame } from "./case.ts";
import { checkRefusal } from "./refusal.ts";

export function aeadCases(algorithm: AeadAlgorithm, random: Random): readonly ConformanceCase[] {
  const { name, keyLength, nonceLength, tagLength } = algorithm;
  const key = random(keyLength);
  const nonce = random(nonceLength);
  const additionalData = random(5);
  const plaintext = random(100);
  const seal = async (message: Uint8Array) => sealOnce(algorithm, key, nonce, additionalData, message);
  const open = async (ciphertext: Uint8Array) => openOnce(algorithm, key, nonce, additionalData, ciphertext);
  return [
    {
      name: `${name}: what is sealed opens, at any length`,
      run: async () => {
        for (const length of [0, 1, 15, 16, 17, 2048, 2049, 16384, 16385]) {
          const message = random(length);
          const sealed = await seal(message);
          check(sealed.length === length + tagLength, `a tag of ${tagLength} bytes on ${length}`);
          checkSame(await open(sealed), message, `${length} bytes`);
        }
      },
    },
    {
      name: `${name}: any changed byte is refused`,
      run: async () => {
        // An empty message has a tag alone, which is easily taken for nothing to check.
        for (const message of [new Uint8Array(0), plaintext]) {
          const sealed = await seal(message);
          for (let i = 0; i < sealed.length; i += 1) {
            const forged = Uint8Array.from(sealed);
            forged[i] = (forged[i] ?? 0) ^ 1;
            await checkRefusal(() => open(forged), "authentication_failed", `byte ${i} of ${sealed.length} changed`);
          }
        }
      },
    },
    {
      name: `${name}: another nonce, other additional data, another key or a cut are refused`,
      run: async () => {
        const sealed = await seal(plaintext);
        const other = Uint8Array.from(nonce, (byte, index) => (index === 0 ? byte ^ 1 : byte));
        const refused = (call: () => unknown, what: string) => checkRefusal(call, "authentication_failed", what);
        await refused(() => openOnce(algorithm, key, other, additionalData, sealed), "another nonce");
        const cut = additionalData.subarray(1);
        await refused(() => openOnce(algorithm, key, nonce, cut, sealed), "other additional data");
        await refused(() => openOnce(algorithm, random(keyLength), nonce, additionalData, sealed), "another key");
        for (const length of [0, 1, tagLength - 1, tagLength, sealed.length - 1]) {
          await refused(() => open(sealed.subarray(0, length)), `cut to ${length} bytes`);
        }
      },
    },
    {
      name: `${name}: says truly whether it answers at once`,
      run: async () => {
        if (!algorithm.synchronous) return;
        const aead = algorithm.withKey(key);
        const place = new Uint8Array(plaintext.length + tagLength);
        check(aead.seal(nonce, additionalData, [plaintext], place, 0) === undefined, "sealing");
        const sealed = place.slice();
        check(aead.open(nonce, additionalData, sealed, place, 0) === undefined, "opening");
        checkSame(place.subarray(0, plaintext.length), plaintext, "opened at once");
        aead.dispose();
      },
    },
    {
      name: `${name}: one key seals and opens again and again, also after a failure`,
      run: async () => {
        const aead = algorithm.withKey(key);
        const place = new Uint8Array(plaintext.length + tagLength);
        const back = new Uint8Array(plaintext.length);
        for (let count = 0; count < 3; count += 1) {
          const own = random(nonceLength);
          await aead.seal(own, additionalData, [plaintext], place, 0);
          checkSame(place, Uint8Array.from(await sealOnce(algorithm, key, own, additionalData, plaintext)), "sealed");
          await aead.open(own, additionalData, place, back, 0);
          checkSame(back, plaintext, "opened");
          place[0] = (place[0] ?? 0) ^ 1;
          await checkRefusal(
            async () => aead.open(own, additionalData, place, back, 0),
            "authentication_failed",
            "a changed byte",
          );
        }
        aead.dispose();
      },
    },
    {
      name: `${name}: keys and nonces of another length are refused`,
      run: async () => {
        const refused = (call: () => unknown, what: string) => checkRefusal(call, "invalid_argument", what);
        for (const length of [0, keyLength - 1, keyLength + 1]) {
          await refused(() => algorithm.withKey(new Uint8Array(length)), `a key of ${length} bytes`);
        }
        for (const length of [0, nonceLength - 1, nonceLength + 1, 16]) {
          const wrong = new Uint8Array(length);
          const what = `a nonce of ${length} bytes`;
          await refused(() => sealOnce(algorithm, key, wrong, additionalData, plaintext), what);
          await refused(() => openOnce(algorithm, key, wrong, additionalData, plaintext), what);
        }
      },
    },
    {
      name: `${name}: a plaintext in pieces is sealed as in one`,
      run: async () => {
        for (const length of [100, 2048, 5000, 16384]) {
          const message = random(length);
          const whole = await seal(message);
          const aead = algorithm.withKey(key);
          // Cut inside, at, and around the blocks of ciphers, and with pieces that have nothing.
          for (const cuts of [[], [16], [0], [length], [length - 1], [1, 33], [15, 15], [32, length - 3]]) {
            const place = new Uint8Array(length + tagLength);
            await aead.seal(nonce, additionalData, pieces(message, cuts), place, 0);
            checkSame(place, whole, `${length} bytes cut at ${cuts.join()}`);
          }
          aead.dispose();
        }
        const nothing = new Uint8Array(tagLength);
        const aead = algorithm.withKey(key);
        await aead.seal(nonce, additionalData, [], nothing, 0);
        checkSame(nothing, await seal(new Uint8Array(0)), "no piece at all");
        aead.dispose();
      },
    },
    {
      name: `${name}: nothing is written outside the place, nor to what is handed in`,
      run: async () => {
        const aead = algorithm.withKey(key);
        for (const length of [0, 1, 100, 3000]) {
          const input = random(length + nonceLength + 30);
          const before = Uint8Array.from(input);
          const [own, data] = [input.subarray(3, 3 + nonceLength), input.subarray(20, 25)];
          const message = input.subarray(nonceLength + 20, nonceLength + 20 + length);
          const into = random(length + tagLength + 40);
          const around = Uint8Array.from(into);
          await aead.seal(own, data, pieces(message, [length >> 1]), into, 13);
          const sealed = into.slice(13, 13 + length + tagLength);
          around.set(sealed, 13);
          checkSame(into, around, "around what was sealed");
          checkSame(input, before, "what was handed in to be sealed");
          const given = random(sealed.length + 20);
          given.set(sealed, 7);
          const unchanged = Uint8Array.from(given);
          const plain = random(length + 40);
          const aroundPlain = Uint8Array.from(plain);
          aroundPlain.set(message, 21);
          await aead.open(own, data, given.subarray(7, 7 + sealed.length), plain, 21);
          checkSame(plain, aroundPlain, "around what was opened");
          checkSame(given, unchanged, "the ciphertext after opening");
        }
        aead.dispose();
      },
    },
    {
      name: `${name}: works exactly in place`,
      run: async () => {
        const aead = algorithm.withKey(key);
        for (const length of [1, 100, 3000]) {
          const message = random(length);
          const whole = await seal(message);
          for (const cuts of [[], [length - 1], [length >> 1]]) {
            const into = new Uint8Array(length + tagLength + 5);
            into.set(message, 5);
            await aead.seal(nonce, additionalData, pieces(into.subarray(5, 5 + length), cuts), into, 5);
            checkSame(into.subarray(5), whole, `${length} bytes sealed in place, cut at ${cuts.join()}`);
          }
          // The content lies there, and what stands behind it elsewhere.
          const into = new Uint8Array(length + tagLength);
          into.set(message);
          await aead.seal(nonce, additionalData, [into.subarray(0, length - 1), message.subarray(length - 1)], into, 0);
          checkSame(into, whole, `${length} bytes, all but one in place`);
          await aead.open(nonce, additionalData, into, into, 0);
          checkSame(into.subarray(0, length), message, `${length} bytes opened in place`);
        }
        aead.dispose();
      },
    },
    {
      name: `${name}: any other overlap is refused, and a place that isn't there`,
      run: async () => {
        const aead = algorithm.withKey(key);
        const into = random(300);
        const before = Uint8Array.from(into);
        const refused = (call: () => unknown, what: string) => checkRefusal(call, "invalid_argument", what);
        const sealAt = (at: number, ...parts: Uint8Array[]) => aead.seal(nonce, additionalData, parts, into, at);
        const openAt = (at: number, from: number) =>
          aead.open(nonce, additionalData, into.subarray(from, from + 100 + tagLength), into, at);
        for (const at of [99, 101, 1, 199]) {
          await refused(() => sealAt(at, into.subarray(100, 200)), `sealing from 100 to ${at}`);
        }
        for (const at of [9, 11]) await refused(() => openAt(at, 10), `opening from 10 to ${at}`);
        await refused(() => sealAt(100, random(50), into.subarray(100, 150)), "what the first piece is written over");
        await refused(() => sealAt(100, into.subarray(100, 150), into.subarray(151, 200)), "a gap between pieces");
        const inside = into.subarray(110, 110 + nonceLength);
        await refused(() => aead.seal(inside, additionalData, [plaintext], into, 100), "a nonce in the place");
        await refused(() => aead.seal(nonce, inside, [plaintext], into, 100), "additional data in the place");
        const ciphertext = await seal(plaintext);
        await refused(() => aead.open(inside, additionalData, ciphertext, into, 100), "a nonce in the place");
        await refused(() => aead.open(nonce, inside, ciphertext, into, 100), "additional data in the place");
        for (const at of [-1, 0.5, Number.NaN, 201 - tagLength, 300, 2 ** 32]) {
          await refused(() => sealAt(at, plaintext), `sealing 100 bytes at ${at} of 300`);
        }
        for (const at of [-1, 0.5, Number.NaN, 201, 300, 2 ** 32]) {
          await refused(() => aead.open(nonce, additionalData, ciphertext, into, at), `opening at ${at} of 300`);
        }
        checkSame(into, before, "what was refused wrote something");
        aead.dispose();
      },
    },
    {
      name: `${name}: what isn't authentic leaves zeros`,
      run: async () => {
        const aead = algorithm.withKey(key);
        for (const length of [1, 100, 3000]) {
          const forged = Uint8Array.from(await seal(random(length)));
          forged[forged.length - 1] = (forged[forged.length - 1] ?? 0) ^ 1;
          const into = random(length + 10);
          const expected = Uint8Array.from(into).fill(0, 5, 5 + length);
          await checkRefusal(
            async () => aead.open(nonce, additionalData, forged, into, 5),
            "authentication_failed",
            "a changed tag",
          );
          checkSame(into, expected, `the place of ${length} bytes`);
          const tag = forged.slice(length);
          await checkRefusal(
            async () => aead.open(nonce, additionalData, forged, forged, 0),
            "authentication_failed",
            "a changed tag in place",
          );
          checkSame(forged.subarray(0, length), new Uint8Array(length), `${length} bytes in place`);
          checkSame(forged.subarray(length), tag, "the tag behind them");
        }
        aead.dispose();
      },
    },
    {
      name: `${name}: a key may be changed once it was taken`,
      run: async () => {
        const changed = random(keyLength);
        const place = new Uint8Array(plaintext.length + tagLength);
        const aead = algorithm.withKey(changed);
        const expected = await sealOnce(algorithm, changed, nonce, additionalData, plaintext);
        changed.fill(0);
        await aead.seal(nonce, additionalData, [plaintext], place, 0);
        checkSame(place, expected, "sealed with the key as it was");
        aead.dispose();
      },
    },
  ];
}

/** A message cut at offsets. */
function pieces(message: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  return [0, ...cuts].map((from, index) => message.subarray(from, cuts[index] ?? message.length));
}
