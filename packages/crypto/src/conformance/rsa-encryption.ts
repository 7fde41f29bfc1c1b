import { power, toBytes, toInteger } from "../integers.ts";
import type { CryptoProvider } from "../provider.ts";
import type { Random } from "../random.ts";
import type { Decrypter } from "../rsa-encryption.ts";
import type { RsaPrivateKey } from "../signature.ts";
import { type ConformanceCase, check, checkSame } from "./case.ts";
import { checkRefusal } from "./refusal.ts";

export function rsaEncryptionCases(provider: CryptoProvider, random: Random): readonly ConformanceCase[] {
  const { rsaEncryption, signatures } = provider;
  const keys = signatures.find(({ type }) => type === "RSA");
  if (rsaEncryption === undefined || keys === undefined) return [];
  const { decrypter } = rsaEncryption;
  const message = random(48);
  let made: Promise<RsaPrivateKey> | undefined;
  const key = (): Promise<RsaPrivateKey> => (made ??= generated());
  const generated = async (): Promise<RsaPrivateKey> => {
    const privateKey = await keys.generate(random, 1024);
    check(privateKey.type === "RSA", "a key of RSA's");
    return privateKey;
  };
  const cases: ConformanceCase[] = [
    {
      name: "RSA: what is encrypted has the padding of PKCS#1, another one each time (RFC 8017 §7.2.1)",
      run: async () => {
        const privateKey = await key();
        const encrypter = rsaEncryption.encrypter(privateKey);
        const length = encrypter.modulusLength;
        check(length === 128, `the modulus has ${length} bytes`);
        const seen = new Set<string>();
        for (const size of [0, 1, 48, length - 11, 48]) {
          const own = message.length >= size ? message.subarray(0, size) : random(size);
          const ciphertext = await encrypter.encrypt(own, random);
          check(ciphertext.length === length, `a ciphertext has ${ciphertext.length} bytes`);
          const block = decrypted(privateKey, ciphertext);
          check(block[0] === 0 && block[1] === 2 && block[length - size - 1] === 0, "0, 2, padding, 0, message");
          const padding = block.subarray(2, length - size - 1);
          check(
            padding.every((byte) => byte !== 0),
            "no zeros in the padding",
          );
          checkSame(block.subarray(length - size), own, "the message");
          seen.add(padding.join());
        }
        check(seen.size === 5, "five encryptions, five paddings");
      },
    },
    {
      name: "RSA: a message that is too long for the key is refused",
      run: async () => {
        const encrypter = rsaEncryption.encrypter(await key());
        for (const length of [118, 128, 200]) {
          await checkRefusal(() => encrypter.encrypt(new Uint8Array(length), random), "invalid_argument", `${length}`);
        }
      },
    },
    {
      name: "RSA: public keys that are refused for signatures are refused for encryption",
      run: async () => {
        const { modulus, publicExponent } = await key();
        const refused = (wrong: Uint8Array, exponent: Uint8Array, what: string) =>
          checkRefusal(
            () => rsaEncryption.encrypter({ type: "RSA", modulus: wrong, publicExponent: exponent }),
            "invalid_public_key",
            what,
          );
        await refused(modulus.subarray(1), publicExponent, "a modulus of 1016 bits");
        await refused(Uint8Array.from(modulus).fill(0, -1), publicExponent, "an even modulus");
        await refused(modulus, Uint8Array.of(1), "an exponent of 1");
      },
    },
  ];
  return decrypter === undefined ? cases : [...cases, ...decrypterCases(decrypter, key, random)];
}

function decrypterCases(
  decrypter: (privateKey: RsaPrivateKey) => Decrypter,
  key: () => Promise<RsaPrivateKey>,
  random: Random,
): readonly ConformanceCase[] {
  return [
    {
      name: "RSA: decryption is the operation alone, whatever comes out (RFC 8017 §5.1.2)",
      run: async () => {
        const privateKey = await key();
        const own = decrypter(privateKey);
        check(own.modulusLength === 128, `the modulus has ${own.modulusLength} bytes`);
        for (let tries = 0; tries < 20; tries += 1) {
          const ciphertext = random(128);
          ciphertext[0] = 0;
          checkSame(await own.decrypt(ciphertext), decrypted(privateKey, ciphertext), "what is decrypted");
        }
        // Padding that is right, wrong, of another version, without an end, and none at all.
        const e = toInteger(privateKey.publicExponent);
        const n = toInteger(privateKey.modulus);
        for (const start of [
          [0, 2],
          [0, 1],
          [1, 2],
          [0, 0],
          [0, 2, 0],
        ]) {
          const block = Uint8Array.of(...start, ...new Uint8Array(128 - start.length).fill(7));
          const ciphertext = toBytes(power(toInteger(block), e, n), 128);
          checkSame(await own.decrypt(ciphertext), block, `a block that starts with ${start.join()}`);
        }
        for (const number of [0n, 1n, n - 1n]) {
          checkSame(await own.decrypt(toBytes(number, 128)), toBytes(number, 128), "what decrypts to itself");
        }
      },
    },
    {
      name: "RSA: a ciphertext that is none for this key is refused",
      run: async () => {
        const { modulus, ...others } = await key();
        const own = decrypter({ modulus, ...others });
        const above = [modulus, new Uint8Array(128).fill(0xff)];
        for (const wrong of [new Uint8Array(0), new Uint8Array(127), new Uint8Array(129), ...above]) {
          await checkRefusal(() => own.decrypt(wrong), "decryption_failed", `${wrong.length} bytes`);
        }
      },
    },
    {
      name: "RSA: private keys that are none are refused",
      run: async () => {
        const good = await key();
        const wrong: RsaPrivateKey = { ...good, prime1: new Uint8Array(200).fill(1) };
        await checkRefusal(() => decrypter(wrong), "invalid_private_key", "a prime that is longer than the modulus");
        const even = { ...good, modulus: Uint8Array.from(good.modulus).fill(0, -1) };
        await checkRefusal(() => decrypter(even), "invalid_public_key", "an even modulus");
      },
    },
  ];
}

/** RFC 8017 §5.1.2, as it is defined. */
function decrypted({ modulus, privateExponent }: RsaPrivateKey, ciphertext: Uint8Array): Uint8Array {
  return toBytes(power(toInteger(ciphertext), toInteger(privateExponent), toInteger(modulus)), ciphertext.length);
}
