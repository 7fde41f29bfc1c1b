import { wait } from "@tlskit/crypto";
import { PreliminarySecret } from "@tlskit/keyschedule";
import { PskClientKeyExchange, PskServerKeyExchange } from "@tlskit/messages";
import type { BegunExchange, KeyExchangeMethod } from "./key-exchange.ts";
import { checkPskOptions, chosenPsk, hasTls12Psks, hintAlone, type PskOptions, pskNamed } from "./psks.ts";

/**
 * RFC 4279 §2: a pre-shared key alone. Whoever gets the key, however much later, reads everything (there is no forward
 * secrecy), and whoever records a handshake can try keys for it: for devices that can't do ECDHE_PSK.
 * @throws {TlsError} `invalid_argument`, `unknown_option`, `out_of_range` (the caller's fault)
 */
export function pskWith(options: PskOptions): KeyExchangeMethod<PskServerKeyExchange | undefined> {
  const checked = checkPskOptions("pskWith", options);
  return {
    name: "PSK",
    serverMessage: { type: PskServerKeyExchange, isOptional: true },
    check: () => {},
    canServe: () => true,
    client: ({ context }, message) => ({
      *send(io) {
        const psk = yield* chosenPsk(checked, context, message?.identityHint);
        const bytes = io.send(PskClientKeyExchange, { identity: psk.identity });
        return { bytes, secret: PreliminarySecret.ofExternalPsk(psk), group: undefined };
      },
    }),
    server: (context) => {
      if (!hasTls12Psks(context)) return undefined;
      return {
        fits: () => true,
        begin: () =>
          wait<BegunExchange>({
            announcement: hintAlone(checked),
            *receive(io) {
              const { message, bytes } = yield* io.receive(PskClientKeyExchange);
              const psk = yield* pskNamed(checked, context, message.identity);
              return { bytes, secret: PreliminarySecret.ofExternalPsk(psk), group: undefined };
            },
          }),
      };
    },
  };
}

/** RFC 4279 §2: a pre-shared key alone, as {@link pskWith} without options has it. */
export const psk: KeyExchangeMethod<PskServerKeyExchange | undefined> = /* @__PURE__ */ pskWith({});
