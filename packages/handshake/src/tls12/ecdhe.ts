import { EcdheClientKeyExchange, EcdheServerKeyExchange, serverEcdhParams } from "@tlskit/messages";
import { encode } from "@tlskit/wire";
import { curveFor, curveOf, offerOnCurve, respondOnCurve } from "./ecdh-shares.ts";
import type { KeyExchangeMethod } from "./key-exchange.ts";

/** RFC 8422: ephemeral Diffie-Hellman on elliptic curves, signed with the server's certificate. */
export const ecdhe: KeyExchangeMethod<EcdheServerKeyExchange> = {
  name: "ECDHE",
  serverMessage: {
    type: EcdheServerKeyExchange,
    isOptional: false,
    signed: ({ params, signedParams }) => ({ params: encode(serverEcdhParams, params), signedParams }),
  },
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
          announcement: {
            params: encode(serverEcdhParams, params),
            send: (io, signedParams) => io.send(EcdheServerKeyExchange, { params, signedParams }),
          },
          *receive(io) {
            const { message, bytes } = yield* io.receive(EcdheClientKeyExchange);
            return { bytes, secret: yield* finish(message.public), group };
          },
        };
      },
    };
  },
};
