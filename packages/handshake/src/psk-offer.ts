import { type HashFunction, hashOf } from "@tlskit/crypto";
import { EarlyStage, type ExternalPsk, PresharedKey, type PskStage, type Transcript } from "@tlskit/keyschedule";
import {
  ClientHello,
  encodeMessage,
  extension,
  offeredPsks,
  type PskIdentity,
  truncateBeforeBinders,
} from "@tlskit/messages";
import type { Tls13Session } from "./resumable-session.ts";
import type { ClientHandshakeSettings } from "./settings.ts";

/** A pre-shared key in a ClientHello. */
interface OfferedPsk {
  readonly identity: PskIdentity;
  readonly hash: HashFunction;
  readonly stage: PskStage;
  /** Puts all that are offered at a ClientHello's end. */
  readonly bind: (hello: ClientHello, psks: readonly PskOffer<unknown>[], transcript: Transcript) => ClientHello;
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
    bind,
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
      bind,
      externalPsk,
    })),
  );
}

/**
 * A ClientHello with its offer of pre-shared keys.
 * RFC 9846 §4.3.11#last: at its end, since binders are made over all that comes before them (§4.3.11.2).
 */
function bind(hello: ClientHello, psks: readonly PskOffer<unknown>[], transcript: Transcript): ClientHello {
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
