import { finiteFieldOf } from "@tlskit/crypto";
import { DheClientKeyExchange, DheServerKeyExchange, serverDhParams } from "@tlskit/messages";
import { encode } from "@tlskit/wire";
import { fieldFor, offerInField, respondInField } from "./dh-shares.ts";
import type { KeyExchangeMethod } from "./key-exchange.ts";

/**
 * RFC 5246 §7.4.3, RFC 7919: ephemeral Diffie-Hellman in finite fields, signed with the server's certificate. A server has the
 * groups of RFC 7919 that its `namedGroups` lists, of 2,048 to 4,096 bits if there are none; a client takes whatever is safe,
 * since servers that don't know RFC 7919 have groups of their own.
 */
export const dhe: KeyExchangeMethod<DheServerKeyExchange> = {
  name: "DHE",
  serverMessage: {
    type: DheServerKeyExchange,
    isOptional: false,
    signed: ({ params, signedParams }) => ({ params: encode(serverDhParams, params), signedParams }),
  },
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
          announcement: {
            params: encode(serverDhParams, params),
            send: (io, signedParams) => io.send(DheServerKeyExchange, { params, signedParams }),
          },
          *receive(io) {
            const { message, bytes } = yield* io.receive(DheClientKeyExchange);
            return { bytes, secret: yield* finish(message.public), group };
          },
        };
      },
    };
  },
};
