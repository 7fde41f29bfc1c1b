import type { AeadAlgorithm } from "../aead.ts";
import type { Random } from "../random.ts";
import { type ConformanceCase, check, checkSame, unhex } from "./case.ts";
import { checkRefusal } from "./refusal.ts";

/** RFC 9001 §A.2 and §A.5, and FIPS 197 §C.3. With AES it is the same whatever the mode of the AEAD (§5.4.3). */
const known: Readonly<Record<string, { readonly key: string; readonly sample: string; readonly mask: string }>> = {
  "AES-128": {
    key: "9f50449e04a0e810283a1e9933adedd2",
    sample: "d1b1c98dd7689fb8ec11d242b123dc9b",
    mask: "437b9aec36",
  },
  "AES-256": {
    key: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    sample: "00112233445566778899aabbccddeeff",
    mask: "8ea2b7ca51",
  },
  "CHACHA20-POLY1305": {
    key: "25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4",
    sample: "5e5cd55c41f69080575d7999c25a5bfb",
    mask: "aefefe7d03",
  },
};

/** Header protection, of an algorithm that has it. */
export function headerProtectionCases(algorithm: AeadAlgorithm, random: Random): readonly ConformanceCase[] {
  const { name, keyLength, headerProtection: protection } = algorithm;
  if (protection === undefined) return [];
  return [
    {
      name: `${name}: header protection gives the mask of the specifications`,
      run: async () => {
        const vector = known[/^AES-\d+/.exec(name)?.[0] ?? name];
        check(vector !== undefined, "a mask is known");
        const { key, sample, mask } = vector;
        checkSame(await protection(unhex(key)).mask(unhex(sample)), unhex(mask), "the mask");
      },
    },
    {
      name: `${name}: header protection depends on all of the key and of the sample`,
      run: async () => {
        const [key, sample] = [random(keyLength), random(16)];
        const mask = String(await protection(key).mask(sample));
        const changed = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
        for (let at = 0; at < keyLength; at += 1) {
          check(String(await protection(changed(key, at)).mask(sample)) !== mask, `byte ${at} of the key counts`);
        }
        for (let at = 0; at < 16; at += 1) {
          check(String(await protection(key).mask(changed(sample, at))) !== mask, `byte ${at} of the sample counts`);
        }
      },
    },
    {
      name: `${name}: header protection refuses keys and samples of another length`,
      run: async () => {
        const refused = (call: () => unknown, what: string) => checkRefusal(call, "invalid_argument", what);
        for (const length of [0, keyLength - 1, keyLength + 1]) {
          await refused(() => protection(new Uint8Array(length)), `a key of ${length} bytes`);
        }
        const made = protection(random(keyLength));
        for (const length of [0, 15, 17, 32]) {
          await refused(() => made.mask(new Uint8Array(length)), `a sample of ${length} bytes`);
        }
      },
    },
    {
      name: `${name}: header protection leaves what it is given, and its answers are buffers of their own`,
      run: async () => {
        const [key, packet] = [random(keyLength), random(40)];
        const before = Uint8Array.from(packet);
        const made = protection(key);
        const sample = packet.subarray(9, 25);
        const mask = await made.mask(sample);
        check(mask.length === 5, `a mask of 5 bytes, not ${mask.length}`);
        const copy = Uint8Array.from(mask);
        key.fill(0);
        checkSame(await made.mask(sample), copy, "the mask, made again when the key's bytes had changed");
        (await made.mask(random(16))).fill(0);
        checkSame(mask, copy, "the mask after others were made");
        checkSame(packet, before, "the packet");
      },
    },
  ];
}
