import { type HashFunction, hashOf } from "@tlskit/crypto";
import { EarlyStage, type ExternalPsk, PresharedKey, type PskStage, type Transcript } from "@tlskit/keyschedule";
import {
  ClientHello,
  certWithExternPsk,
  type Extension,
  earlyDataIndication,
  encodeMessage,
  extension,
  offeredPsks,
  type PskIdentity,
  pskKeyExchangeModes,
  truncateBeforeBinders,
} from "@tlskit/messages";
import type { Tls13Session } from "./resumable-session.ts";
import type { ClientHandshakeSettings } from "./settings.ts";

/** RFC 9846 §4.3.9. */
export const PskKeyExchangeMode = { pskKe: 0, pskDheKe: 1 } as const;

/** RFC 9846 §4.3.9#sent, §9.2#psk-extensions, RFC 9325 §3.4#key-share: a client that sends these may be sent tickets; our servers and clients have psk_ke by option alone. */
export function pskModes({
  dangerousPskWithoutKeyExchange,
}: {
  readonly dangerousPskWithoutKeyExchange: boolean;
}): readonly number[] {
  const { pskKe, pskDheKe } = PskKeyExchangeMode;
  return dangerousPskWithoutKeyExchange ? [pskDheKe, pskKe] : [pskDheKe];
}

/** A pre-shared key in a ClientHello. */
interface OfferedPsk {
  readonly identity: PskIdentity;
  readonly hash: HashFunction;
  readonly stage: PskStage;
}

/** A session's, to resume it. */
export interface SessionOffer<Evidence> extends OfferedPsk {
  readonly resumable: Tls13Session<Evidence>;
  /** RFC 9846 §4.3.10#first-psk: whether early data is offered with it, which is the first there is. */
  readonly earlyData: boolean;
}

/** One from outside. */
export interface ExternalOffer extends OfferedPsk {
  readonly externalPsk: ExternalPsk;
}

export type PskOffer<Evidence> = SessionOffer<Evidence> | ExternalOffer;

/** An offer to resume, for one ClientHello. */
export function offerSession<Evidence>(
  context: ClientHandshakeSettings<Evidence>,
  resumable: Tls13Session<Evidence>,
  earlyData: boolean,
): SessionOffer<Evidence> {
  const { session, age, cipherSuite } = resumable;
  const hash = hashOf(context.provider, cipherSuite.hash);
  return {
    // RFC 9846 §4.3.11.1
    identity: { identity: session.ticket, obfuscatedTicketAge: (Math.trunc(age) + session.ticketAgeAdd) % 2 ** 32 },
    hash,
    stage: EarlyStage.withPsk(PresharedKey.ofTicket(hash, session.secret)),
    resumable,
    earlyData,
  };
}

/** The keys from outside, each under a name for each hash that it is for. */
export function offerExternalPsks({
  provider,
  cipherSuites,
  externalPsks,
}: ClientHandshakeSettings<unknown>): readonly ExternalOffer[] {
  const hashes = cipherSuites.map(({ hash }) => hash);
  return externalPsks.flatMap((externalPsk) =>
    externalPsk.hashesAmong(hashes).map((hash) => ({
      // RFC 9846 §4.3.11, RFC 8773 §5.1#age: an age of 0
      identity: { identity: externalPsk.identityFor(hash), obfuscatedTicketAge: 0 },
      hash: hashOf(provider, hash),
      stage: EarlyStage.withPsk(externalPsk.keyFor(provider, hash)),
      externalPsk,
    })),
  );
}

/** The session among them, with which early data goes. */
export function earlyDataOffer<Evidence>(psks: readonly PskOffer<Evidence>[]): SessionOffer<Evidence> | undefined {
  const [first] = psks;
  return first !== undefined && "resumable" in first && first.earlyData ? first : undefined;
}

/** The extensions that let a server send tickets and take a pre-shared key. */
export function pskExtensions(
  context: ClientHandshakeSettings<unknown>,
  psks: readonly PskOffer<unknown>[],
): readonly Extension[] {
  const usesPsks = context.sessions !== undefined || context.externalPsks.length > 0;
  return [
    ...(usesPsks ? [extension(pskKeyExchangeModes, pskModes(context))] : []),
    // RFC 9846 §4.3.10#sent; with a session alone, so never beside the next one (RFC 8773 §4#no-early-data)
    ...(earlyDataOffer(psks) === undefined ? [] : [extension(earlyDataIndication, null)]),
    // RFC 8773 §4#accompanied, §4#no-early-data, §5.1#psk-dhe-ke: since no session is resumed then, there is no early data.
    ...(context.certificateWithExternalPsk ? [extension(certWithExternPsk, null)] : []),
  ];
}

/**
 * A ClientHello with its offer of pre-shared keys.
 * RFC 9846 §4.3.11#last: at its end, since binders are made over all that comes before them (§4.3.11.2).
 */
export function withPsks(hello: ClientHello, psks: readonly PskOffer<unknown>[], transcript: Transcript): ClientHello {
  if (psks.length === 0) return hello;
  const identities = psks.map(({ identity }) => identity);
  const withBinders = (binders: readonly Uint8Array[]): ClientHello => ({
    ...hello,
    extensions: [...(hello.extensions ?? []), extension(offeredPsks, { identities, binders })],
  });
  const placeholders = psks.map(({ hash }) => new Uint8Array(hash.length));
  const truncated = truncateBeforeBinders(encodeMessage(ClientHello, withBinders(placeholders)), {
    identities,
    binders: placeholders,
  });
  return withBinders(psks.map(({ hash, stage }) => stage.binder(transcript.before(hash, truncated))));
}
