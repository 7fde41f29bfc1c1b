import { EcdhePskClientKeyExchange, EcdhePskServerKeyExchange } from "@tlskit/messages";
import { curveFor, curveOf, offerOnCurve, respondOnCurve } from "./ecdh-shares.ts";
import type { KeyExchangeMethod } from "./key-exchange.ts";
import { checkPskOptions, chosenPsk, hasTls12Psks, type PskOptions, pskNamed } from "./psks.ts";

/**
 * RFC 5489: ephemeral Diffie-Hellman on elliptic curves, which a pre-shared key authenticates: whoever gets the key later
 * reads nothing of what was recorded.
 * @throws {TlsError} `invalid_argument`, `unknown_option`, `out_of_range` (the caller's fault)
 */
export function ecdhePskWith(options: PskOptions): KeyExchangeMethod<EcdhePskServerKeyExchange> {
  const checked = checkPskOptions("ecdhePskWith", options);
  const { identityHint } = checked;
  return {
    name: "ECDHE_PSK",
    serverMessage: { type: EcdhePskServerKeyExchange, isOptional: false },
    check: () => {},
    canServe: () => true,
    client: ({ context }, { identityHint: hint, params }) => {
      const group = curveOf(context, params);
      return {
        *send(io) {
          const psk = yield* chosenPsk(checked, context, hint);
          const { share, secret } = yield* respondOnCurve(context, group, params);
          const bytes = io.send(EcdhePskClientKeyExchange, { identity: psk.identity, public: share });
          return { bytes, secret: secret.withExternalPsk(psk), group };
        },
      };
    },
    server: (context, hello) => {
      const group = curveFor(context, hello);
      if (group === undefined || !hasTls12Psks(context)) return undefined;
      return {
        fits: () => true,
        *begin() {
          const { params, finish } = yield* offerOnCurve(context, group);
          return {
            announcement: {
              params: undefined,
              // RFC 5489 §2: always, with an empty hint where there is none.
              send: (io) => io.send(EcdhePskServerKeyExchange, { identityHint, params }),
            },
            *receive(io) {
              const { message, bytes } = yield* io.receive(EcdhePskClientKeyExchange);
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

/** RFC 5489: as {@link ecdhePskWith} without options has it. */
export const ecdhePsk: KeyExchangeMethod<EcdhePskServerKeyExchange> = /* @__PURE__ */ ecdhePskWith({});
