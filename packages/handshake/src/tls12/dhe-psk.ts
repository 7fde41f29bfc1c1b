import { finiteFieldOf } from "@tlskit/crypto";
import { DhePskClientKeyExchange, DhePskServerKeyExchange } from "@tlskit/messages";
import { fieldFor, offerInField, respondInField } from "./dh-shares.ts";
import type { KeyExchangeMethod } from "./key-exchange.ts";
import { checkPskOptions, chosenPsk, hasTls12Psks, type PskOptions, pskNamed } from "./psks.ts";

/**
 * RFC 4279 §3: ephemeral Diffie-Hellman in finite fields, which a pre-shared key authenticates. Groups are those of `dhe`;
 * a client whose server has one of its own tests it, though it isn't known yet whose it is.
 * @throws {TlsError} `invalid_argument`, `unknown_option`, `out_of_range` (the caller's fault)
 */
export function dhePskWith(options: PskOptions): KeyExchangeMethod<DhePskServerKeyExchange> {
  const checked = checkPskOptions("dhePskWith", options);
  const { identityHint } = checked;
  return {
    name: "DHE_PSK",
    serverMessage: { type: DhePskServerKeyExchange, isOptional: false },
    check: (provider) => {
      finiteFieldOf(provider);
    },
    canServe: () => true,
    client: ({ context }, { identityHint: hint, params }) => ({
      *send(io) {
        const psk = yield* chosenPsk(checked, context, hint);
        const { share, secret, group } = yield* respondInField(context, params);
        const bytes = io.send(DhePskClientKeyExchange, { identity: psk.identity, public: share });
        return { bytes, secret: secret.withExternalPsk(psk), group };
      },
    }),
    server: (context, hello) => {
      const group = fieldFor(context, hello);
      if (group === undefined || !hasTls12Psks(context)) return undefined;
      return {
        fits: () => true,
        *begin() {
          const { params, finish } = yield* offerInField(context, group);
          return {
            announcement: {
              params: undefined,
              // RFC 4279 §3: with an empty hint where there is none.
              send: (io) => io.send(DhePskServerKeyExchange, { identityHint, params }),
            },
            *receive(io) {
              const { message, bytes } = yield* io.receive(DhePskClientKeyExchange);
              const psk = yield* pskNamed(checked, context, message.identity);
              const secret = yield* finish(message.public);
              return { bytes, secret: secret.withExternalPsk(psk), group };
            },
          };
        },
      };
    },
  };
}

/** RFC 4279 §3: as {@link dhePskWith} without options has it. */
export const dhePsk: KeyExchangeMethod<DhePskServerKeyExchange> = /* @__PURE__ */ dhePskWith({});
