import { type NamedGroup, secp256r1 } from "@tlskit/ciphersuites";
import { keyExchangeOf, type Steps, wait } from "@tlskit/crypto";
import { PreliminarySecret } from "@tlskit/keyschedule";
import { type ClientHello, extensionIn, namedCurve, type ServerEcdhParams, supportedGroups } from "@tlskit/messages";
import { codePoint } from "../code-points.ts";
import { illegalParameter } from "../extension-rules.ts";
import { fromPeerShare } from "../peer-key-share.ts";
import type { ClientHandshakeSettings, ServerHandshakeSettings } from "../settings.ts";
import { groupOfEcdhe, groupsOfEcdhe } from "./groups.ts";
import type { Agreement } from "./key-exchange.ts";

// RFC 8422: ephemeral Diffie-Hellman on elliptic curves, whatever shows that the other's share is the other's.

/** RFC 8422 §4: a client that says nothing of groups takes any; this one everybody has. */
export const groupsUnlessTold: readonly number[] = [secp256r1.code];

/** RFC 8422 §5.4: a group that was offered, by its name. */
export function curveOf(
  { namedGroups }: ClientHandshakeSettings<unknown>,
  { curveType, namedCurve: code }: ServerEcdhParams,
): NamedGroup {
  if (curveType !== namedCurve) {
    throw illegalParameter("curve_type", `the server's curve has the type ${curveType}, not a name`);
  }
  const group = groupOfEcdhe(namedGroups, code);
  if (group === undefined) {
    throw illegalParameter(
      "group_not_offered",
      `the server's key exchange is in ${codePoint(code)}, which was not offered`,
    );
  }
  return group;
}

/** A share that answers another, and the secret of both. */
export type AnsweringShare = Omit<Agreement, "bytes"> & { readonly share: Uint8Array };

/** A client's share on the server's curve. */
export function* respondOnCurve(
  { provider, random }: ClientHandshakeSettings<unknown>,
  group: NamedGroup,
  { public: theirs }: ServerEcdhParams,
): Steps<AnsweringShare> {
  const { share, secret: shared } = yield* fromPeerShare(group, () =>
    keyExchangeOf(provider, group.keyExchange).respond(theirs, random),
  );
  const secret = PreliminarySecret.ofEcdhe(shared);
  shared.fill(0);
  return { share, secret, group };
}

/** RFC 8422 §4#respected, §5.1#considered: a server's group for a client, if there is one. */
export function curveFor({ namedGroups }: ServerHandshakeSettings, hello: ClientHello): NamedGroup | undefined {
  const groups = extensionIn(hello, supportedGroups) ?? groupsUnlessTold;
  return groupsOfEcdhe(namedGroups).find(({ code }) => groups.includes(code));
}

/** A share, and what comes of it with the client's. */
export interface OfferedShare<Params> {
  readonly params: Params;
  finish(share: Uint8Array): Steps<PreliminarySecret>;
}

/** A server's share on a curve. */
export function* offerOnCurve(
  { provider, random }: ServerHandshakeSettings,
  group: NamedGroup,
): Steps<OfferedShare<ServerEcdhParams>> {
  const keyShare = yield* wait(keyExchangeOf(provider, group.keyExchange).offer(random));
  return {
    params: { curveType: namedCurve, namedCurve: group.code, public: keyShare.share },
    *finish(share) {
      const shared = yield* fromPeerShare(group, () => keyShare.finish(share));
      keyShare.dispose();
      const secret = PreliminarySecret.ofEcdhe(shared);
      shared.fill(0);
      return secret;
    },
  };
}
