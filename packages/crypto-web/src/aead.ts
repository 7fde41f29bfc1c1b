import { type AeadAlgorithm, type AeadName, type Awaitable, checkPlace, cryptoError, isWaitable } from "@tlskit/crypto";
import { isAboutData, webCryptoFailed } from "./failures.ts";
import { type Bytes, copied, type SubtleCryptography } from "./subtle.ts";

const nonceLength = 12;
const tagLength = 16;

/**
 * AES-GCM by WebCrypto, which answers later. The key can't be extracted from then on. What was asked for first is handed over
 * first, in the very call, or all of it as soon as the key is imported; nothing waits for an answer before it.
 */
export function aesGcm<K>(
  subtle: SubtleCryptography<K>,
  name: AeadName & `AES-${string}-GCM`,
  keyLength: number,
): AeadAlgorithm {
  const parameters = (nonce: Uint8Array, additionalData: Uint8Array) => {
    if (nonce.length !== nonceLength) {
      throw cryptoError("invalid_argument", `${name} takes a nonce of ${nonceLength} bytes, got ${nonce.length}`);
    }
    return {
      name: "AES-GCM",
      iv: readable(nonce),
      additionalData: readable(additionalData),
      tagLength: 8 * tagLength,
    };
  };
  return {
    name,
    keyLength,
    nonceLength,
    tagLength,
    synchronous: false,
    withKey: (given) => {
      if (given.length !== keyLength) {
        throw cryptoError("invalid_argument", `${name} takes a key of ${keyLength} bytes, got ${given.length}`);
      }
      let imported: Awaitable<K> | undefined = importKey(subtle, given, name);
      imported.then(
        (ready) => {
          if (imported !== undefined) imported = ready;
        },
        () => undefined, // whoever uses the key is told
      );
      /** Hands over now if the key is there. */
      const use = async (work: (key: K) => PromiseLike<ArrayBuffer>): Promise<Uint8Array> => {
        if (imported === undefined) throw cryptoError("invalid_argument", "the AEAD was disposed of");
        return new Uint8Array(await work(isWaitable(imported) ? await imported : imported));
      };
      return {
        seal: async (nonce, additionalData, pieces, into, at) => {
          const how = parameters(nonce, additionalData);
          const length = pieces.reduce((sum, piece) => sum + piece.length, tagLength);
          checkPlace([nonce, additionalData], pieces, into, at, length);
          const [only, ...others] = pieces;
          const own = only !== undefined && others.length === 0 ? undefined : joined(pieces, length - tagLength);
          const plaintext = own ?? readable(only ?? noBytes);
          try {
            into.set(await use((key) => subtle.encrypt(how, key, plaintext)), at);
          } catch (error) {
            throw webCryptoFailed(name, error);
          } finally {
            own?.fill(0);
          }
        },
        open: async (nonce, additionalData, ciphertext, into, at) => {
          const how = parameters(nonce, additionalData);
          const length = Math.max(0, ciphertext.length - tagLength);
          checkPlace([nonce, additionalData], [ciphertext], into, at, length);
          const data = readable(ciphertext);
          try {
            const plaintext = await use((key) => subtle.decrypt(how, key, data));
            into.set(plaintext, at);
            plaintext.fill(0);
          } catch (error) {
            into.fill(0, at, at + length);
            if (!isAboutData(error)) throw webCryptoFailed(name, error);
            throw cryptoError("authentication_failed", "the ciphertext is not authentic");
          }
        },
        dispose: () => {
          imported = undefined;
        },
      };
    },
  };
}

const noBytes = new Uint8Array(0);

/**
 * What WebCrypto may read, which is nobody's to change until it has answered. It takes no memory that is shared, or whose length
 * may change: of that it gets a copy.
 */
function readable(bytes: Uint8Array): Bytes {
  const { buffer } = bytes;
  const isPlain = buffer instanceof ArrayBuffer && buffer.resizable !== true;
  return isPlain ? new Uint8Array(buffer, bytes.byteOffset, bytes.length) : copied(bytes);
}

/** The bytes given are copied in this very call. */
async function importKey<K>(subtle: SubtleCryptography<K>, given: Uint8Array, name: AeadName): Promise<K> {
  const key = copied(given);
  try {
    return await subtle.importKey("raw", key, { name: "AES-GCM" }, false, ["encrypt", "decrypt"]);
  } catch (error) {
    throw webCryptoFailed(`a key of ${name}`, error);
  } finally {
    key.fill(0);
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Bytes {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
