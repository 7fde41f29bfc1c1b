import type { AeadAlgorithm } from "../aead.ts";
import type { Random } from "../random.ts";
import { type ConformanceCase, check, checkSame } from "./case.ts";
import { checkRefusal } from "./refusal.ts";

export function aeadCases(algorithm: AeadAlgorithm, random: Random): readonly ConformanceCase[] {
  const { name, keyLength, nonceLength, tagLength } = algorithm;
  const nonce = random(nonceLength);
  const additionalData = random(5);
  const plaintext = random(100);
  const aead = algorithm.withKey(random(keyLength));
  return [
    {
      name: `${name}: what is sealed opens, at any length`,
      run: async () => {
        for (const length of [0, 1, 15, 16, 17, 16384, 16385]) {
          const message = random(length);
          const sealed = await aead.seal(nonce, additionalData, message);
          check(sealed.length === length + tagLength, `a tag of ${tagLength} bytes on ${length}`);
          checkSame(await aead.open(nonce, additionalData, sealed), message, `${length} bytes`);
        }
      },
    },
    {
      name: `${name}: any changed byte is refused`,
      run: async () => {
        // An empty message has a tag alone, which is easily taken for nothing to check.
        for (const message of [new Uint8Array(0), plaintext]) {
          const sealed = await aead.seal(nonce, additionalData, message);
          for (let i = 0; i < sealed.length; i += 1) {
            const forged = Uint8Array.from(sealed);
            forged[i] = (forged[i] ?? 0) ^ 1;
            await checkRefusal(
              () => aead.open(nonce, additionalData, forged),
              "authentication_failed",
              `byte ${i} of ${sealed.length} changed`,
            );
          }
        }
      },
    },
    {
      name: `${name}: another nonce, other additional data, another key or a cut are refused`,
      run: async () => {
        const sealed = await aead.seal(nonce, additionalData, plaintext);
        const other = Uint8Array.from(nonce, (byte, index) => (index === 0 ? byte ^ 1 : byte));
        const refused = (call: () => unknown, what: string) => checkRefusal(call, "authentication_failed", what);
        await refused(() => aead.open(other, additionalData, sealed), "another nonce");
        await refused(() => aead.open(nonce, additionalData.subarray(1), sealed), "other additional data");
        await refused(() => algorithm.withKey(random(keyLength)).open(nonce, additionalData, sealed), "another key");
        for (const length of [0, 1, tagLength - 1, tagLength, sealed.length - 1]) {
          await refused(() => aead.open(nonce, additionalData, sealed.subarray(0, length)), `cut to ${length} bytes`);
        }
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
          await refused(() => aead.seal(wrong, additionalData, plaintext), `a nonce of ${length} bytes`);
          await refused(() => aead.open(wrong, additionalData, plaintext), `a nonce of ${length} bytes`);
        }
      },
    },
    {
      name: `${name}: what is handed in may be a view, and is never written to`,
      run: async () => {
        const buffer = random(300);
        const before = Uint8Array.from(buffer);
        const view = buffer.subarray(7, 107);
        const sealed = await aead.seal(buffer.subarray(200, 200 + nonceLength), buffer.subarray(250, 255), view);
        checkSame(buffer, before, "the buffer after sealing");
        const inside = new Uint8Array(sealed.length + 20);
        inside.set(sealed, 13);
        const given = inside.subarray(13, 13 + sealed.length);
        const opened = await aead.open(buffer.subarray(200, 200 + nonceLength), buffer.subarray(250, 255), given);
        checkSame(opened, view, "what was opened");
        checkSame(given, sealed, "the ciphertext after opening");
      },
    },
    {
      name: `${name}: answers are buffers of their own, and a key may be changed once it was taken`,
      run: async () => {
        const key = random(keyLength);
        const own = algorithm.withKey(key);
        const sealed = await own.seal(nonce, additionalData, plaintext);
        key.fill(0);
        const again = await own.seal(nonce, additionalData, plaintext);
        checkSame(sealed, again, "sealed twice");
        const copy = Uint8Array.from(sealed);
        (await own.seal(nonce, additionalData, random(100))).fill(0);
        (await own.open(nonce, additionalData, again)).fill(0);
        checkSame(sealed, copy, "a ciphertext after others were made");
      },
    },
  ];
}
