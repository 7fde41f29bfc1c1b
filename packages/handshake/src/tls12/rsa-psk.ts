import { encrypterFor, wait } from "@tlskit/crypto";
import { decryptPreliminarySecret, encryptPreliminarySecret } from "@tlskit/keyschedule";
import { PskServerKeyExchange, RsaPskClientKeyExchange } from "@tlskit/messages";
import { callerError } from "@tlskit/wire";
import type { BegunExchange, KeyExchangeMethod } from "./key-exchange.ts";
import { checkPskOptions, chosenPsk, hasTls12Psks, hintAlone, type PskOptions, pskNamed } from "./psks.ts";
import { decrypterOf, encryptionKeyOf } from "./rsa-keys.ts";

/**
 * RFC 4279 §4: a secret that the client encrypts to the key in the server's certificate, and a pre-shared key besides, by which
 * both are authenticated. Whoever gets both keys, however much later, reads everything: there is no forward secrecy.
 * @throws {TlsError} `invalid_argument`, `unknown_option`, `out_of_range` (the caller's fault)
 */
export function rsaPskWith(options: PskOptions): KeyExchangeMethod<PskServerKeyExchange | undefined> {
  const checked = checkPskOptions("rsaPskWith", options);
  return {
    name: "RSA_PSK",
    serverMessage: { type: PskServerKeyExchange, isOptional: true },
    check: () => {},
    canServe: (provider, credentials) =>
      credentials.some((credential) => decrypterOf(provider, credential) !== undefined),
    client: ({ context, hello, peer }, message) => {
      const key = encryptionKeyOf(peer?.encryptionKey);
      return {
        *send(io) {
          const { provider, random } = context;
          const psk = yield* chosenPsk(checked, context, message?.identityHint);
          const encrypter = encrypterFor(provider, key);
          // RFC 5246 §7.4.7.1#version-sent, RFC 4279 §4
          const { secret, encrypted } = yield* encryptPreliminarySecret(encrypter, hello.legacyVersion, random);
          const bytes = io.send(RsaPskClientKeyExchange, {
            identity: psk.identity,
            encryptedPreliminarySecret: encrypted,
          });
          return { bytes, secret: secret.withExternalPsk(psk), group: undefined };
        },
      };
    },
    server: (context, hello) => {
      if (!hasTls12Psks(context)) return undefined;
      const { provider, random } = context;
      return {
        // RFC 5246 §7.4.2#rsa-encryption
        fits: (credential) => decrypterOf(provider, credential) !== undefined,
        begin: (credential) => {
          const decrypter = credential && decrypterOf(provider, credential);
          if (decrypter === undefined)
            throw callerError("unsupported_choice", "a certificate was chosen whose key doesn't decrypt");
          return wait<BegunExchange>({
            announcement: hintAlone(checked),
            *receive(io) {
              const { message, bytes } = yield* io.receive(RsaPskClientKeyExchange);
              const psk = yield* pskNamed(checked, context, message.identity);
              // RFC 5246 §7.4.7.1#no-oracle: whatever is wrong with it, the client's Finished is what doesn't fit.
              const secret = yield* decryptPreliminarySecret(
                decrypter,
                message.encryptedPreliminarySecret,
                hello.legacyVersion,
                random,
              );
              return { bytes, secret: secret.withExternalPsk(psk), group: undefined };
            },
          });
        },
      };
    },
  };
}

/** RFC 4279 §4: as {@link rsaPskWith} without options has it. */
export const rsaPsk: KeyExchangeMethod<PskServerKeyExchange | undefined> = /* @__PURE__ */ rsaPskWith({});
