import { randomFillSync } from "node:crypto";
import {
  type BlockCipher,
  type BlockCipherAlgorithm,
  type CryptoProvider,
  checkPlace,
  cryptoError,
  type FiniteField,
  type FiniteFieldKeyExchange,
  hashOf,
  type MacThenEncryptOpening,
  type RsaEncryption,
  type RsaPrivateKey,
  type SignatureKeys,
  signatureKeysOf,
} from "@tlskit/crypto";
import { ConformanceFailure, conformanceCases } from "@tlskit/crypto/conformance";
import { power, toBytes, toInteger } from "@tlskit/crypto/integers";
import { aes128Cbc, finiteField, nobleProvider, rsaEncryption } from "@tlskit/crypto-noble";
import { describe, expect, test } from "vitest";

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
const sha1 = hashOf(nobleProvider, "SHA-1");

/** Keys of RSA's, of which one is enough. */
const rsa: SignatureKeys = (() => {
  const keys = signatureKeysOf(nobleProvider, "RSA");
  let made: ReturnType<typeof keys.generate> | undefined;
  return { ...keys, algorithms: [], generate: () => (made ??= keys.generate(random, 1024)) };
})();

/** Cases about signatures and hashes are told elsewhere. */
const isTold = (name: string): boolean =>
  /^RSA: (what is encrypted|a message|public|decr|a ciph|private)|^Diffie|CBC/.test(name);

/** The cases of a provider that has only this, which fail. */
async function failing(parts: Partial<Omit<CryptoProvider, "name">>): Promise<string[]> {
  const provider = { name: "broken", hashes: [], aeads: [], keyExchanges: [], signatures: [], ...parts };
  const names: string[] = [];
  for (const { name, run } of conformanceCases(provider, random).filter(({ name }) => isTold(name))) {
    try {
      await run();
    } catch (error) {
      expect(error, name).toBeInstanceOf(ConformanceFailure);
      names.push(name);
    }
  }
  return names;
}

describe("the conformance suite fails a provider", () => {
  /** AES-128 in CBC mode of which something is done otherwise. */
  function otherwise(change: (cipher: BlockCipher) => Partial<BlockCipher>): BlockCipherAlgorithm {
    return {
      ...aes128Cbc,
      withKey: (key) => {
        const cipher = aes128Cbc.withKey(key);
        return { ...cipher, ...change(cipher) };
      },
    };
  }

  test("whose block cipher chains nothing", async () => {
    const unchained = otherwise((cipher) => ({
      encrypt: (iv, pieces, into, at) => {
        cipher.encrypt(iv, pieces, into, at);
        const whole = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
        for (let block = 0; block < whole.length; block += 16) {
          cipher.encrypt(iv, [whole.subarray(block, block + 16)], into, at + block);
        }
      },
    }));
    expect(await failing({ blockCiphers: [unchained] })).toContain("AES-128-CBC: blocks are chained (SP 800-38A §6.2)");
  });

  test("whose block cipher goes on from record to record", async () => {
    const running = otherwise((cipher) => {
      let last: Uint8Array | undefined;
      return {
        encrypt: (iv, pieces, into, at) => {
          cipher.encrypt(last ?? iv, pieces, into, at);
          const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
          if (length > 0) last = into.slice(at + length - 16, at + length);
        },
      };
    });
    expect(await failing({ blockCiphers: [running] })).toContain(
      "AES-128-CBC: what is encrypted decrypts, with one key again and again, at any number of blocks",
    );
  });

  test("whose block cipher pads what isn't whole blocks", async () => {
    const padding = otherwise((cipher) => ({
      decrypt: (iv, ciphertext, into, at) =>
        cipher.decrypt(iv, ciphertext.subarray(0, ciphertext.length - (ciphertext.length % 16)), into, at),
    }));
    expect(await failing({ blockCiphers: [padding] })).toEqual([
      "AES-128-CBC: other lengths, and places that don't fit, are refused",
    ]);
  });

  interface Checks {
    readonly padding: boolean;
    readonly mac: boolean;
    readonly wipes: boolean;
  }

  /** RFC 5246 §6.2.3.2, with branches at every step, as nobody should have it: the suite can't see the time. */
  function contentOf(
    cipher: BlockCipher,
    iv: Uint8Array,
    header: Uint8Array,
    macKey: Uint8Array,
    ciphertext: Uint8Array,
    check: Checks,
  ): Uint8Array | undefined {
    if (ciphertext.length % 16 !== 0 || ciphertext.length <= sha1.length) return undefined;
    const plain = new Uint8Array(ciphertext.length);
    cipher.decrypt(iv, ciphertext, plain, 0);
    const padding = plain.at(-1) ?? 0;
    const length = plain.length - 1 - padding - sha1.length;
    if (length < 0) return undefined;
    if (check.padding && !plain.subarray(-padding - 1).every((byte) => byte === padding)) return undefined;
    const content = plain.subarray(0, length);
    const mac = sha1.hmac(macKey, Uint8Array.of(...header, length >> 8, length & 0xff, ...content));
    if (check.mac && plain.subarray(length, length + sha1.length).join() !== mac.join()) return undefined;
    return content;
  }

  function openingWith(check: Checks): BlockCipherAlgorithm {
    return {
      ...aes128Cbc,
      openMacThenEncrypt: (key, _hash, macKey): MacThenEncryptOpening => {
        const cipher = aes128Cbc.withKey(key);
        return {
          open: (iv, header, ciphertext, into, at) => {
            if (iv.length !== 16 || header.length !== 11) throw cryptoError("invalid_argument", "a wrong length");
            checkPlace([iv, header], [ciphertext], into, at, ciphertext.length);
            const content = contentOf(cipher, iv, header, macKey, ciphertext, check);
            if (content !== undefined || check.wipes) into.fill(0, at, at + ciphertext.length);
            if (content === undefined) throw cryptoError("authentication_failed", "wrong");
            into.set(content, at);
            return content.length;
          },
          dispose: () => cipher.dispose(),
        };
      },
    };
  }

  const refusedAlike =
    "AES-128-CBC with HMAC over SHA-1: whatever is wrong is refused alike, and the next record opens";

  test("and passes one whose opening of MAC-then-encrypt does everything", async () => {
    const whole = openingWith({ padding: true, mac: true, wipes: true });
    expect(await failing({ hashes: [sha1], blockCiphers: [whole] })).toEqual([]);
  });

  test.each([
    ["takes any padding", { padding: false, mac: true, wipes: true }],
    ["takes any MAC", { padding: true, mac: false, wipes: true }],
    ["leaves what was there", { padding: true, mac: true, wipes: false }],
  ])("whose opening of MAC-then-encrypt %s", async (_, check) => {
    expect(await failing({ hashes: [sha1], blockCiphers: [openingWith(check)] })).toContain(refusedAlike);
  });

  /** Diffie-Hellman of which something is done otherwise. */
  function fieldWith(change: (exchange: FiniteFieldKeyExchange) => Partial<FiniteFieldKeyExchange>): FiniteField {
    return {
      in: (group) => {
        const exchange = finiteField.in(group);
        return { ...exchange, ...change(exchange) };
      },
    };
  }

  test("whose Diffie-Hellman takes 1 for a share", async () => {
    const lenient = fieldWith(({ respond }) => ({
      respond: (share, source) =>
        share.at(-1) === 1 && share.subarray(0, -1).every((byte) => byte === 0)
          ? { share: new Uint8Array(256).fill(1), secret: new Uint8Array(256) }
          : respond(share, source),
    }));
    expect(await failing({ finiteField: lenient })).toEqual([
      "Diffie-Hellman: shares that aren't from 2 to p - 2 are refused on both sides (RFC 7919 §5.1)",
    ]);
  });

  test("whose Diffie-Hellman uses a key pair again", async () => {
    const reusing: FiniteField = {
      in: (group) => {
        const exchange = finiteField.in(group);
        return {
          ...exchange,
          offer: async (source) => {
            const seed = source(29);
            const again = () => exchange.offer(() => Uint8Array.from(seed));
            const { share, dispose } = await again();
            return { share, dispose, finish: async (peerShare) => (await again()).finish(peerShare) };
          },
        };
      },
    };
    expect(await failing({ finiteField: reusing })).toEqual([
      "Diffie-Hellman: a private key gives one secret and no other",
    ]);
  });

  test("whose Diffie-Hellman computes in small groups", async () => {
    const small: FiniteField = {
      in: (group) => {
        try {
          return finiteField.in(group);
        } catch (error) {
          if (group.prime.length !== 256) throw error;
          return { offer: () => Promise.reject(error), respond: () => Promise.reject(error) };
        }
      },
    };
    expect(await failing({ finiteField: small })).toEqual([
      "Diffie-Hellman: groups that are too small, too large or senseless are refused",
    ]);
  });

  const padded = "RSA: what is encrypted has the padding of PKCS#1, another one each time (RFC 8017 §7.2.1)";

  test("whose encryption with RSA pads with one thing for ever", async () => {
    const fixed: RsaEncryption = {
      encrypter: (key) => {
        const encrypter = rsaEncryption.encrypter(key);
        return {
          ...encrypter,
          encrypt: (message) => encrypter.encrypt(message, (length) => new Uint8Array(length).fill(1)),
        };
      },
    };
    expect(await failing({ signatures: [rsa], rsaEncryption: fixed })).toEqual([padded]);
  });

  test("whose encryption with RSA pads nothing", async () => {
    const bare: RsaEncryption = {
      encrypter: (key) => ({
        ...rsaEncryption.encrypter(key),
        encrypt: (message, source) => {
          rsaEncryption.encrypter(key).encrypt(message, source);
          return toBytes(power(toInteger(message), toInteger(key.publicExponent), toInteger(key.modulus)), 128);
        },
      }),
    };
    expect(await failing({ signatures: [rsa], rsaEncryption: bare })).toEqual([padded]);
  });

  /** RSADP by its definition: what it takes of time is nobody's affair here. */
  const decrypt = ({ modulus, privateExponent }: RsaPrivateKey, ciphertext: Uint8Array): Uint8Array =>
    toBytes(power(toInteger(ciphertext), toInteger(privateExponent), toInteger(modulus)), 128);

  test("whose decryption with RSA looks at the padding", async () => {
    const unpadding: RsaEncryption = {
      ...rsaEncryption,
      decrypter: (key) => ({
        modulusLength: 128,
        decrypt: (ciphertext) => {
          const block = decrypt(key, ciphertext);
          return block[1] === 2 ? block : new Uint8Array(128);
        },
      }),
    };
    expect(await failing({ signatures: [rsa], rsaEncryption: unpadding })).toContain(
      "RSA: decryption is the operation alone, whatever comes out (RFC 8017 §5.1.2)",
    );
  });

  test("whose decryption with RSA takes any ciphertext and any key", async () => {
    const lenient: RsaEncryption = {
      ...rsaEncryption,
      decrypter: (key) => ({ modulusLength: 128, decrypt: (ciphertext) => decrypt(key, ciphertext) }),
    };
    expect(await failing({ signatures: [rsa], rsaEncryption: lenient })).toEqual([
      "RSA: a ciphertext that is none for this key is refused",
      "RSA: private keys that are none are refused",
    ]);
  });
});
