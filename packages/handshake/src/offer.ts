import { byCode, type NamedGroup } from "@tlskit/ciphersuites";
import { type HashName, type KeyShareOffer, keyExchangeOf, type Steps, wait } from "@tlskit/crypto";
import type { Transcript } from "@tlskit/keyschedule";
import {
  applicationLayerProtocolNegotiation,
  type ClientHello,
  certificateAuthorities,
  clientShares,
  cookie,
  type Extension,
  extension,
  extensionIn,
  postHandshakeAuth,
  type ServerHello,
  selectedGroup,
  serverNameList,
  signatureAlgorithms,
  supportedGroups,
  supportedVersions,
  ticketRequest,
} from "@tlskit/messages";
import { Alert, asciiBytes, peerError } from "@tlskit/wire";
import { attestationsAskedByClient, noAttestations } from "./attestations.ts";
import type { HandshakeIo } from "./io.ts";
import { ownExtensions } from "./own-extensions.ts";
import { pskExtensions, withPsks } from "./psk-extensions.ts";
import type { PskOffer } from "./psk-offer.ts";
import type { ResumableSession, Tls13Session } from "./resumable-session.ts";
import type { ClientHandshakeSettings } from "./settings.ts";
import { tls12, tls13 } from "./version.ts";
import { type EarlierOffer, includesTls13 } from "./versions.ts";

/** A ClientHello with the private keys behind its key shares. */
export interface Offer<Evidence = unknown> {
  readonly hello: ClientHello;
  readonly keyShares: readonly { readonly group: NamedGroup; readonly keyShare: KeyShareOffer }[];
  /** A session to resume first, if there is one: RFC 9846 §4.3.10 has early data go with the first. */
  readonly psks: readonly PskOffer<Evidence>[];
  /** A session of a version before TLS 1.3 to resume, if there is one. */
  readonly earlierSession: ResumableSession<Evidence> | undefined;
  /** The cipher suite that a HelloRetryRequest has settled. */
  readonly settledCipherSuite: number | undefined;
}

export function* makeOffer<Evidence>(
  io: HandshakeIo,
  context: ClientHandshakeSettings<Evidence>,
  resumable: ResumableSession<Evidence> | undefined,
  transcript: Transcript,
): Steps<Offer<Evidence>> {
  const tls13Offered = includesTls13(context.versions);
  const keyShares = tls13Offered ? yield* makeKeyShares(context, context.keyShareGroups) : [];
  const session = resumable !== undefined && isOfTls13(resumable) ? resumable : undefined;
  const earlierSession = session === undefined ? resumable : undefined;
  const psks = tls13Offered
    ? [
        ...(session && context.sessions ? [context.sessions.offer(context, io, session)] : []),
        ...(context.externalPskOffers?.offer(context) ?? []),
      ]
    : [];
  const hello: ClientHello = {
    legacyVersion: context.renegotiates?.legacyVersion ?? Math.min(newestOf(context), tls12), // RFC 9846 §4.2.2#legacy-version-sent, RFC 5246 §7.4.1.2#version
    random: context.random(32),
    legacySessionId: sessionId(context, earlierSession),
    cipherSuites: [
      ...(tls13Offered ? context.cipherSuites.map(({ code }) => code) : []),
      ...new Set(earlierOffers(io, context, earlierSession).flatMap(({ cipherSuites }) => cipherSuites)),
    ],
    legacyCompressionMethods: Uint8Array.of(0), // RFC 9846 §4.2.2#compression-sent, RFC 5246 §7.4.1.2#null-compression, RFC 9325 §3.3#no-compression
    extensions: [
      ...clientExtensions(io, context, keyShares, earlierSession),
      ...(tls13Offered ? pskExtensions(context, psks) : []),
    ],
  };
  return { hello: withPsks(hello, psks, transcript), keyShares, psks, earlierSession, settledCipherSuite: undefined };
}

/** Whether a session is one of TLS 1.3. */
function isOfTls13<Evidence>(resumable: ResumableSession<Evidence>): resumable is Tls13Session<Evidence> {
  return resumable.session.version === tls13;
}

/** A session to resume, by its identifier, or by a random one where that is to show that the server does so. */
function sessionId(
  { middleboxCompatibility, versions, random }: ClientHandshakeSettings<unknown>,
  earlierSession: ResumableSession<unknown> | undefined,
): Uint8Array {
  const known = earlierSession?.session.sessionId ?? new Uint8Array(0);
  if (known.length > 0) return known;
  // RFC 5077 §3.4: with a ticket, an identifier that the server echoes if it takes that.
  // RFC 9846 §E.4: a session id makes the server's answer look like a resumption of TLS 1.2.
  // RFC 9846 §4.2.2#session-id-compatible, §4.2.2#session-id-plain
  const isNeeded = earlierSession !== undefined || (middleboxCompatibility && includesTls13(versions));
  return isNeeded ? random(32) : known;
}

/** Whether a server without a pre-shared key isn't accepted: there is no trust in certificates, or not in them alone. */
export function needsPsk(context: ClientHandshakeSettings<unknown>): boolean {
  return context.verifyPeer === undefined || context.certificateWithExternalPsk;
}

/**
 * RFC 9846 §4.3.1#sent, §4.3.3#sent, §9.2#sent-together, RFC 5246 §7.4.1.4.1#sent, §7.4.1.4.1#anonymous, RFC 9325 §4.2.1#supported-groups, §4.5#asks-for-sha256: what
 * has to be there, and what the context adds; all of it is what the context can do (RFC 9846 §9.3#supports-offers), and
 * it is the same with a session as without (RFC 5246 §7.4.1.4#extensions-with-session, RFC 6066 §1.1#with-session).
 */
function clientExtensions(
  io: HandshakeIo,
  context: ClientHandshakeSettings<unknown>,
  keyShares: Offer["keyShares"],
  earlierSession: ResumableSession<unknown> | undefined,
): readonly Extension[] {
  const { serverName, alpnProtocols, ticketRequest: tickets, certificateAuthorities: authorities, versions } = context;
  const tls13Offered = includesTls13(versions);
  return [
    ...(serverName === undefined ? [] : [extension(serverNameList, [{ nameType: 0, name: asciiBytes(serverName) }])]),
    ...attestationsAskedByClient(context.attestations ?? noAttestations),
    ...(tls13Offered
      ? [
          extension(
            supportedGroups,
            context.namedGroups.map(({ code }) => code),
          ),
        ]
      : []),
    // RFC 9846 §4.3.3#sent: not where no certificate is accepted. RFC 5246 §7.4.1.4.1: nor where nothing is offered that has it.
    ...(context.verifyPeer === undefined || newestOf(context) < tls12
      ? []
      : [
          extension(
            signatureAlgorithms,
            context.signatureSchemes.map(({ code }) => code),
          ),
        ]),
    ...(alpnProtocols.length === 0
      ? []
      : [extension(applicationLayerProtocolNegotiation, alpnProtocols.map(asciiBytes))]),
    ...(tls13Offered
      ? [
          extension(
            supportedVersions,
            versions.map(({ code }) => code),
          ),
        ]
      : []),
    // RFC 9846 §4.3.4
    ...(authorities.length === 0 ? [] : [extension(certificateAuthorities, authorities)]),
    ...(tls13Offered
      ? [
          extension(
            clientShares,
            keyShares.map(({ group, keyShare }) => ({ group: group.code, keyExchange: keyShare.share })),
          ),
          ...(context.postHandshakeAuth !== undefined ? [extension(postHandshakeAuth, null)] : []),
        ]
      : []),
    ...extensionsOnce(earlierOffers(io, context, earlierSession)),
    // RFC 9149 §3
    ...(tickets === undefined || context.sessions === undefined ? [] : [extension(ticketRequest, tickets)]),
    ...ownExtensions(context.extensions),
  ];
}

/** ProtocolVersion: the versions come newest first. */
function newestOf({ versions }: ClientHandshakeSettings<unknown>): number {
  return versions[0]?.code ?? tls13;
}

/** Versions before TLS 1.3 have them in common. */
function extensionsOnce(offers: readonly EarlierOffer[]): readonly Extension[] {
  const all = offers.flatMap(({ extensions }) => extensions);
  return all.filter(({ code }, index) => all.findIndex((other) => other.code === code) === index);
}

/** What is offered for versions before TLS 1.3. */
function earlierOffers(
  io: HandshakeIo,
  context: ClientHandshakeSettings<unknown>,
  earlierSession: ResumableSession<unknown> | undefined,
): readonly EarlierOffer[] {
  return context.versions.flatMap(({ earlier }) => earlier?.offer(io, context, earlierSession) ?? []);
}

/** RFC 9846 §4.3.8#shares-independent, §4.3.8#no-reuse: each share is made for this connection, by itself. */
export function* makeKeyShares(
  context: ClientHandshakeSettings<unknown>,
  groups: readonly NamedGroup[],
): Steps<Offer["keyShares"]> {
  const keyShares = [];
  for (const group of groups) {
    const keyShare = yield* wait(keyExchangeOf(context.provider, group.keyExchange).offer(context.random));
    keyShares.push({ group, keyShare });
  }
  return keyShares;
}

/** Their private keys have done what they were for. Those of a handshake that fails before go with the garbage. */
export function disposeOf(keyShares: Offer["keyShares"]): void {
  for (const { keyShare } of keyShares) keyShare.dispose();
}

/** RFC 9846 §4.2.2#second-hello, §4.2.4#answered: the same ClientHello, but for the key share and the cookie. */
export function* retryOffer<Evidence>(
  io: HandshakeIo,
  context: ClientHandshakeSettings<Evidence>,
  offer: Offer<Evidence>,
  retry: ServerHello,
  hash: HashName,
  transcript: Transcript,
): Steps<Offer<Evidence>> {
  const group = byCode(context.namedGroups, extensionIn(retry, selectedGroup) ?? 0);
  // RFC 9846 §4.3.8#retry-share
  const keyShares = group === undefined ? offer.keyShares : yield* makeKeyShares(context, [group]);
  if (group !== undefined) disposeOf(offer.keyShares);
  // RFC 9846 §4.3.2#echoed
  const retryCookie = extensionIn(retry, cookie);
  // RFC 9846 §4.2.2: a pre-shared key stays if its hash is that of the cipher suite, and has a new binder.
  // RFC 9846 §4.3.10#not-after-retry: early data doesn't.
  const psks = offer.psks
    .filter((psk) => psk.hash.name === hash)
    .map((psk) => ("resumable" in psk ? { ...psk, earlyData: false } : psk));
  for (const { hash: other, stage } of offer.psks) if (other.name !== hash) stage.abandon();
  if (psks.length === 0 && needsPsk(context)) {
    throw peerError(
      "no_psk_left",
      Alert.handshakeFailure,
      "no pre-shared key is for the cipher suite that the server chose",
    );
  }
  const hello: ClientHello = {
    ...offer.hello,
    extensions: [
      ...clientExtensions(io, context, keyShares, offer.earlierSession),
      ...(retryCookie === undefined ? [] : [extension(cookie, retryCookie)]),
      ...pskExtensions(context, psks),
    ],
  };
  return {
    hello: withPsks(hello, psks, transcript),
    keyShares,
    psks,
    earlierSession: offer.earlierSession,
    settledCipherSuite: retry.cipherSuite,
  };
}
