import { encrypterFor, wait } from "@tlskit/crypto";
import { decryptPreliminarySecret, encryptPreliminarySecret } from "@tlskit/keyschedule";
import { RsaClientKeyExchange } from "@tlskit/messages";
import { callerError } from "@tlskit/wire";
import type { BegunExchange, KeyExchangeMethod } from "./key-exchange.ts";
import { decrypterOf, encryptionKeyOf } from "./rsa-keys.ts";

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
