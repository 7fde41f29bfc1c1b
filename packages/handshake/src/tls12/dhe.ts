import { byName, ffdhe2048, ffdhe3072, ffdhe4096, type NamedGroup, namedGroups } from "@tlskit/ciphersuites";
import {
  CryptoError,
  checkFiniteFieldGroup,
  type FfdheName,
  ffdheGroup,
  finiteFieldOf,
  type Random,
  type Steps,
  wait,
} from "@tlskit/crypto";
import { PreliminarySecret } from "@tlskit/keyschedule";
import {
  DheClientKeyExchange,
  DheServerKeyExchange,
  extensionIn,
  type ServerDhParams,
  serverDhParams,
  supportedGroups,
} from "@tlskit/messages";
import { Alert, encode, peerError } from "@tlskit/wire";
import { fromPeerShare } from "../peer-key-share.ts";
import { isFiniteField } from "./groups.ts";
import type { BegunExchange, KeyExchangeMethod } from "./key-exchange.ts";

/** What a server takes whose `namedGroups` has none, shortest first. */
const groupsUnlessTold: readonly NamedGroup[] = [ffdhe2048, ffdhe3072, ffdhe4096];

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
  client: ({ context: { provider, random } }, { params }) => ({
    *send(io) {
      const group = checkGroup(params, random);
      const inGroup = finiteFieldOf(provider).in({ prime: params.p, generator: params.g });
      // RFC 7919 §5.1: from 2 to p - 2.
      const { share, secret: shared } = yield* fromPeerShare(group ?? { name: "Diffie-Hellman" }, () =>
        inGroup.respond(params.public, random),
      );
      const bytes = io.send(DheClientKeyExchange, { public: share });
      const secret = PreliminarySecret.ofDhe(shared);
      shared.fill(0);
      return { bytes, secret, group };
    },
  }),
  server: ({ provider, namedGroups: accepted, random }, hello) => {
    const listed = accepted.filter(({ code }) => isFiniteField(code));
    const ours = listed.length === 0 ? groupsUnlessTold : listed;
    // RFC 7919 §4: a client that lists none doesn't know them, and takes what there is; of one that does it is one of its own.
    const theirs = extensionIn(hello, supportedGroups)?.filter(isFiniteField) ?? [];
    const group = theirs.length === 0 ? ours[0] : ours.find(({ code }) => theirs.includes(code));
    if (group === undefined) return undefined;
    const begin = function* (): Steps<BegunExchange> {
      // The names of finite fields are those of their groups.
      const { prime: p, generator: g } = ffdheGroup(group.name as FfdheName);
      const keyShare = yield* wait(finiteFieldOf(provider).in({ prime: p, generator: g }).offer(random));
      const params = { p, g, public: keyShare.share };
      return {
        announcement: {
          params: encode(serverDhParams, params),
          send: (io, signedParams) => io.send(DheServerKeyExchange, { params, signedParams }),
        },
        *receive(io) {
          const { message, bytes } = yield* io.receive(DheClientKeyExchange);
          const shared = yield* fromPeerShare(group, () => keyShare.finish(message.public));
          keyShare.dispose();
          const secret = PreliminarySecret.ofDhe(shared);
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

/**
 * RFC 7919 §3, RFC 9325 §4.5: a group that is known, or tested to be safe. The server has signed it by now: nobody else can
 * have primes tested here.
 */
function checkGroup({ p: prime, g: generator }: ServerDhParams, random: Random): NamedGroup | undefined {
  try {
    const name = checkFiniteFieldGroup({ prime, generator }, random);
    return name && byName(namedGroups, name);
  } catch (error) {
    if (error instanceof CryptoError && error.code === "unsafe_group") {
      throw peerError(
        "unsafe_group",
        Alert.insufficientSecurity,
        `the server's group for Diffie-Hellman isn't safe: ${error.message}`,
      );
    }
    throw error;
  }
}
