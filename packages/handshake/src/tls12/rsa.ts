import {
  CryptoError,
  type CryptoProvider,
  type Decrypter,
  decrypterFor,
  encrypterFor,
  type RsaPublicKey,
  wait,
} from "@tlskit/crypto";
import { decryptPreliminarySecret, encryptPreliminarySecret } from "@tlskit/keyschedule";
import { RsaClientKeyExchange } from "@tlskit/messages";
import { callerError } from "@tlskit/wire";
import type { Credential } from "../credential.ts";
import { illegalParameter } from "../extension-rules.ts";
import type { BegunExchange, KeyExchangeMethod } from "./key-exchange.ts";

/** Those made ready: a credential is for one provider. */
const decrypters = /* @__PURE__ */ new WeakMap<Credential, Decrypter>();

/**
 * RFC 5246 §7.4.7.1: the client encrypts a secret to the key in the server's certificate. Whoever gets this key, however much
 * later, reads everything (there is no forward secrecy), and whoever can tell by a server's answers what was wrong with a
 * ciphertext reads it without (Bleichenbacher 1998): for peers that have nothing else.
 */
export const rsa: KeyExchangeMethod = {
  name: "RSA",
  serverMessage: undefined,
  check: () => {},
  canServe: (provider, credentials) =>
    credentials.some((credential) => decrypterOf(provider, credential) !== undefined),
  client: ({ context: { provider, random }, hello, peer }) => {
    const key = encryptionKeyOf(peer?.encryptionKey);
    return {
      *send(io) {
        const encrypter = encrypterFor(provider, key);
        // RFC 5246 §7.4.7.1#version-sent
        const { secret, encrypted } = yield* encryptPreliminarySecret(encrypter, hello.legacyVersion, random);
        // RFC 5246 §7.4.7.1#length
        const bytes = io.send(RsaClientKeyExchange, { encryptedPreliminarySecret: encrypted });
        return { bytes, secret, group: undefined };
      },
    };
  },
  server: ({ provider, random }, hello) => ({
    // RFC 5246 §7.4.2#rsa-encryption
    fits: (credential) => decrypterOf(provider, credential) !== undefined,
    begin: (credential) => {
      const decrypter = credential && decrypterOf(provider, credential);
      if (decrypter === undefined)
        throw callerError("unsupported_choice", "a certificate was chosen whose key doesn't decrypt");
      return wait<BegunExchange>({
        announcement: undefined,
        *receive(io) {
          const { message, bytes } = yield* io.receive(RsaClientKeyExchange);
          // RFC 5246 §7.4.7.1#no-oracle: whatever is wrong with it, the client's Finished is what doesn't fit.
          const secret = yield* decryptPreliminarySecret(
            decrypter,
            message.encryptedPreliminarySecret,
            hello.legacyVersion,
            random,
          );
          return { bytes, secret, group: undefined };
        },
      });
    },
  }),
};

/** RFC 5246 §7.4.2: the key has to be RSA's, and one that may encrypt. */
function encryptionKeyOf(key: RsaPublicKey | undefined): RsaPublicKey {
  if (key !== undefined) return key;
  throw illegalParameter("certificate_key_usage", "the certificate's key is not for the key exchange by RSA");
}

/** What decrypts with a certificate's key; nothing if it may not, isn't here, or the provider has no such thing. */
function decrypterOf(provider: CryptoProvider, credential: Credential): Decrypter | undefined {
  const { decryptionKey } = credential;
  if (decryptionKey === undefined) return undefined;
  try {
    const decrypter = decrypters.get(credential) ?? decrypterFor(provider, decryptionKey);
    decrypters.set(credential, decrypter);
    return decrypter;
  } catch (error) {
    if (error instanceof CryptoError && error.code === "unsupported") return undefined;
    throw error;
  }
}
