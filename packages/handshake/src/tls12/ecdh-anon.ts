import { EcdhAnonServerKeyExchange, EcdheClientKeyExchange } from "@tlskit/messages";
import { curveFor, curveOf, offerOnCurve, respondOnCurve } from "./ecdh-shares.ts";
import type { KeyExchangeMethod } from "./key-exchange.ts";

/** RFC 8422 §2.3: ephemeral Diffie-Hellman on elliptic curves with whoever answers: whoever is on the way reads and changes everything. */
export const dangerousEcdhAnon: KeyExchangeMethod<EcdhAnonServerKeyExchange> = {
  name: "ECDH_anon",
  serverMessage: { type: EcdhAnonServerKeyExchange, isOptional: false },
  check: () => {},
  canServe: () => true,
  client: ({ context }, { params }) => {
    const group = curveOf(context, params);
    return {
      *send(io) {
        const { share, ...agreed } = yield* respondOnCurve(context, group, params);
        return { bytes: io.send(EcdheClientKeyExchange, { public: share }), ...agreed };
      },
    };
  },
  server: (context, hello) => {
    const group = curveFor(context, hello);
    if (group === undefined) return undefined;
    return {
      fits: () => true,
      *begin() {
        const { params, finish } = yield* offerOnCurve(context, group);
        return {
          announcement: { params: undefined, send: (io) => io.send(EcdhAnonServerKeyExchange, { params }) },
          *receive(io) {
            const { message, bytes } = yield* io.receive(EcdheClientKeyExchange);
            return { bytes, secret: yield* finish(message.public), group };
          },
        };
      },
    };
  },
};
