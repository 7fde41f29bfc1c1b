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
import { type ClientHello, extensionIn, type ServerDhParams, supportedGroups } from "@tlskit/messages";
import { Alert, peerError } from "@tlskit/wire";
import { fromPeerShare } from "../peer-key-share.ts";
import type { ClientHandshakeSettings, ServerHandshakeSettings } from "../settings.ts";
import type { AnsweringShare, OfferedShare } from "./ecdh-shares.ts";
import { isFiniteField } from "./groups.ts";

// RFC 5246 §7.4.3, RFC 7919: ephemeral Diffie-Hellman in finite fields, whatever shows that the other's share is the other's.

/** What a server takes whose `namedGroups` has none, shortest first. */
const groupsUnlessTold: readonly NamedGroup[] = [ffdhe2048, ffdhe3072, ffdhe4096];

/** A client's share in the server's group. */
export function* respondInField(
  { provider, random }: ClientHandshakeSettings<unknown>,
  params: ServerDhParams,
): Steps<AnsweringShare> {
  const group = checkGroup(params, random);
  const inGroup = finiteFieldOf(provider).in({ prime: params.p, generator: params.g });
  // RFC 7919 §5.1: from 2 to p - 2.
  const { share, secret: shared } = yield* fromPeerShare(group ?? { name: "Diffie-Hellman" }, () =>
    inGroup.respond(params.public, random),
  );
  const secret = PreliminarySecret.ofDhe(shared);
  shared.fill(0);
  return { share, secret, group };
}

/** A server's group for a client, if there is one. */
export function fieldFor(
  { namedGroups: accepted }: ServerHandshakeSettings,
  hello: ClientHello,
): NamedGroup | undefined {
  const listed = accepted.filter(({ code }) => isFiniteField(code));
  const ours = listed.length === 0 ? groupsUnlessTold : listed;
  // RFC 7919 §4: a client that lists none doesn't know them, and takes what there is; of one that does it is one of its own.
  const theirs = extensionIn(hello, supportedGroups)?.filter(isFiniteField) ?? [];
  return theirs.length === 0 ? ours[0] : ours.find(({ code }) => theirs.includes(code));
}

/** A server's share in a group. */
export function* offerInField(
  { provider, random }: ServerHandshakeSettings,
  group: NamedGroup,
): Steps<OfferedShare<ServerDhParams>> {
  // The names of finite fields are those of their groups.
  const { prime: p, generator: g } = ffdheGroup(group.name as FfdheName);
  const keyShare = yield* wait(finiteFieldOf(provider).in({ prime: p, generator: g }).offer(random));
  return {
    params: { p, g, public: keyShare.share },
    *finish(share) {
      const shared = yield* fromPeerShare(group, () => keyShare.finish(share));
      keyShare.dispose();
      const secret = PreliminarySecret.ofDhe(shared);
      shared.fill(0);
      return secret;
    },
  };
}

/**
 * RFC 7919 §3, RFC 9325 §4.5: a group that is known, or tested to be safe. With DHE the server has signed it by now, and nobody
 * else can have primes tested here; where nothing is signed, each connection tests one at most, of limited length.
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
