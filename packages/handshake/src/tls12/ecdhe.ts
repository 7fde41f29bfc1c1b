import { type NamedGroup, secp256r1 } from "@tlskit/ciphersuites";
import { namedGroupName } from "@tlskit/ciphersuites/names";
import { keyExchangeOf, type Steps, wait } from "@tlskit/crypto";
import { PreliminarySecret } from "@tlskit/keyschedule";
import {
  EcdheClientKeyExchange,
  EcdheServerKeyExchange,
  extensionIn,
  namedCurve,
  type ServerEcdhParams,
  serverEcdhParams,
  supportedGroups,
} from "@tlskit/messages";
import { encode } from "@tlskit/wire";
import { nameOf } from "../code-points.ts";
import { illegalParameter } from "../extension-rules.ts";
import { fromPeerShare } from "../peer-key-share.ts";
import type { ClientHandshakeSettings } from "../settings.ts";
import { groupOfEcdhe, groupsOfEcdhe } from "./groups.ts";
import type { BegunExchange, KeyExchangeMethod } from "./key-exchange.ts";

/** RFC 8422 §4: a client that says nothing of groups takes any; this one everybody has. */
export const groupsUnlessTold: readonly number[] = [secp256r1.code];

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
    const group = checkParams(context, params);
    return {
      *send(io) {
        const { share, secret: shared } = yield* fromPeerShare(group, () =>
          keyExchangeOf(context.provider, group.keyExchange).respond(params.public, context.random),
        );
        const bytes = io.send(EcdheClientKeyExchange, { public: share });
        const secret = PreliminarySecret.ofEcdhe(shared);
        shared.fill(0);
        return { bytes, secret, group };
      },
    };
  },
  // RFC 8422 §4#respected, §5.1#considered
  server: (context, hello) => {
    const groups = extensionIn(hello, supportedGroups) ?? groupsUnlessTold;
    const group = groupsOfEcdhe(context.namedGroups).find(({ code }) => groups.includes(code));
    if (group === undefined) return undefined;
    const begin = function* (): Steps<BegunExchange> {
      const keyShare = yield* wait(keyExchangeOf(context.provider, group.keyExchange).offer(context.random));
      const params = { curveType: namedCurve, namedCurve: group.code, public: keyShare.share };
      return {
        announcement: {
          params: encode(serverEcdhParams, params),
          send: (io, signedParams) => io.send(EcdheServerKeyExchange, { params, signedParams }),
        },
        *receive(io) {
          const { message, bytes } = yield* io.receive(EcdheClientKeyExchange);
          const shared = yield* fromPeerShare(group, () => keyShare.finish(message.public));
          keyShare.dispose();
          const secret = PreliminarySecret.ofEcdhe(shared);
          shared.fill(0);
          return { bytes, secret, group };
        },
      };
    };
    return {
      fits: () => true,
      begin,
    };
  },
};

/** RFC 8422 §5.4: a group that was offered, by its name. */
function checkParams({ namedGroups }: ClientHandshakeSettings<unknown>, params: ServerEcdhParams): NamedGroup {
  if (params.curveType !== namedCurve) {
    throw illegalParameter("curve_type", `the server's curve has the type ${params.curveType}, not a name`);
  }
  const group = groupOfEcdhe(namedGroups, params.namedCurve);
  if (group === undefined) {
    throw illegalParameter(
      "group_not_offered",
      `the server's key exchange is in ${nameOf(params.namedCurve, namedGroupName)}, which was not offered`,
    );
  }
  return group;
}
