import { CryptoError } from "../error.ts";
import type { PasswordCryptography, ScryptParameters } from "../password.ts";
import type { Random } from "../random.ts";
import { type ConformanceCase, check, checkSame, unhex } from "./case.ts";
import { hashCases } from "./hashes.ts";
import { checkRefusal } from "./refusal.ts";

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** RFC 7914 §12, the second and third cases. */
const scryptVectors: readonly (readonly [string, string, ScryptParameters, string])[] = [
  [
    "password",
    "NaCl",
    { cost: 1024, blockSize: 8, parallelization: 16 },
    "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
  ],
  [
    "pleaseletmein",
    "SodiumChloride",
    { cost: 16384, blockSize: 8, parallelization: 1 },
    "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
  ],
];

/** What every {@link PasswordCryptography} is held to. */
export function passwordCases(cryptography: PasswordCryptography, random: Random): readonly ConformanceCase[] {
  const { aesCbc, scrypt, hashes } = cryptography;
  return [
    ...hashes.flatMap(hashCases),
    {
      name: "PBKDF2: RFC 6070's cases",
      run: async () => {
        const derive = (iterations: number, length: number) =>
          cryptography.pbkdf2("SHA-1", ascii("password"), ascii("salt"), iterations, length);
        checkSame(await derive(1, 20), unhex("0c60c80f961f0e71f3a9b524af6012062fe037a6"), "one iteration");
        checkSame(await derive(4096, 20), unhex("4b007901b765489abead49d926f721d065a429c1"), "4096 iterations");
      },
    },
    ...(scrypt === undefined
      ? []
      : [
          {
            name: "scrypt: RFC 7914's cases, and no cost that isn't a power of two",
            run: async () => {
              for (const [password, salt, parameters, expected] of scryptVectors) {
                const key = await scrypt(ascii(password), ascii(salt), parameters, 64);
                checkSame(key, unhex(expected), password);
              }
              const wrong = { cost: 1000, blockSize: 8, parallelization: 1 };
              await checkRefusal(() => scrypt(ascii("x"), ascii("x"), wrong, 64), "invalid_argument", "a cost of 1000");
            },
          },
        ]),
    {
      name: "AES-CBC: what is encrypted comes back, of every length",
      run: async () => {
        for (const keyLength of [16, 24, 32]) {
          const [key, iv] = [random(keyLength), random(16)];
          if (keyLength === 24 && (await isUnsupported(() => aesCbc.encrypt(key, iv, iv)))) continue;
          for (let length = 0; length < 34; length += 1) {
            const plaintext = random(length);
            const ciphertext = await aesCbc.encrypt(key, iv, plaintext);
            check(ciphertext.length === length + 16 - (length % 16), "padding is always added");
            checkSame(await aesCbc.decrypt(key, iv, ciphertext), plaintext, "the plaintext");
          }
        }
      },
    },
    {
      name: "AES-CBC: other lengths, and another padding, are refused",
      run: async () => {
        const [key, iv] = [new Uint8Array(16), new Uint8Array(16)];
        for (const length of [0, 15, 17, 33]) {
          const wrong = new Uint8Array(length);
          await checkRefusal(() => aesCbc.encrypt(wrong, iv, iv), "invalid_argument", `a key of ${length} bytes`);
          await checkRefusal(() => aesCbc.decrypt(wrong, iv, iv), "invalid_argument", `a key of ${length} bytes`);
          await checkRefusal(() => aesCbc.encrypt(key, wrong, iv), "invalid_argument", `a vector of ${length} bytes`);
          await checkRefusal(() => aesCbc.decrypt(key, iv, wrong), "decryption_failed", `${length} bytes`);
        }
        // the last block of zeros that is cut off is a block of padding
        const ciphertext = await aesCbc.encrypt(key, iv, new Uint8Array(32));
        await checkRefusal(
          () => aesCbc.decrypt(key, iv, ciphertext.subarray(0, 32)),
          "decryption_failed",
          "no padding",
        );
      },
    },
  ];
}

/** Keys of 24 bytes may be lacking. */
async function isUnsupported(call: () => unknown): Promise<boolean> {
  try {
    await call();
    return false;
  } catch (error) {
    if (error instanceof CryptoError && error.code === "unsupported") return true;
    throw error;
  }
}
