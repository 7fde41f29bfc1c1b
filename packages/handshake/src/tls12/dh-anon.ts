import { finiteFieldOf } from "@tlskit/crypto";
import { DhAnonServerKeyExchange, DheClientKeyExchange } from "@tlskit/messages";
import { fieldFor, offerInField, respondInField } from "./dh-shares.ts";
import type { KeyExchangeMethod } from "./key-exchange.ts";

/** RFC 5246 §F.1.1.1: ephemeral Diffie-Hellman in finite fields with whoever answers: whoever is on the way reads and changes everything. */
export const dangerousDhAnon: KeyExchangeMethod<DhAnonServerKeyExchange> = {
  name: "DH_anon",
  serverMessage: { type: DhAnonServerKeyExchange, isOptional: false },
  check: (provider) => {
    finiteFieldOf(provider);
  },
  canServe: () => true,
  client: ({ context }, { params }) => ({
    *send(io) {
      const { share, ...agreed } = yield* respondInField(context, params);
      return { bytes: io.send(DheClientKeyExchange, { public: share }), ...agreed };
    },
  }),
  server: (context, hello) => {
    const group = fieldFor(context, hello);
    if (group === undefined) return undefined;
    return {
      fits: () => true,
      *begin() {
        const { params, finish } = yield* offerInField(context, group);
        return {
          announcement: { params: undefined, send: (io) => io.send(DhAnonServerKeyExchange, { params }) },
          *receive(io) {
            const { message, bytes } = yield* io.receive(DheClientKeyExchange);
            return { bytes, secret: yield* finish(message.public), group };
          },
        };
      },
    };
  },
};
