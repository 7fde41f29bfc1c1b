import { type HashFunction, hashOf } from "@tlskit/crypto";
import { EarlyStage, PresharedKey, type PskStage, type Transcript } from "@tlskit/keyschedule";
import {
  ClientHello,
  type Extension,
  earlyDataIndication,
  encodeMessage,
  extension,
  offeredPsks,
  pskKeyExchangeModes,
  truncateBeforeBinders,
} from "@tlskit/messages";
import type { ResumableSession } from "./resumable-session.ts";
import type { ClientHandshakeSettings } from "./settings.ts";

/** RFC 9846 §4.3.9. */
export const PskKeyExchangeMode = { pskKe: 0, pskDheKe: 1 } as const;

/** RFC 9846 §4.3.9#sent, §9.2#psk-extensions: a client that sends these may be sent tickets; our servers and clients have psk_ke by option alone. */
export function pskModes({
  dangerousPskWithoutKeyExchange,
}: {
  readonly dangerousPskWithoutKeyExchange: boolean;
}): readonly number[] {
  const { pskKe, pskDheKe } = PskKeyExchangeMode;
  return dangerousPskWithoutKeyExchange ? [pskDheKe, pskKe] : [pskDheKe];
}

/** A pre-shared key in a ClientHello. */
export interface PskOffer<Evidence> {
  readonly resumable: ResumableSession<Evidence>;
  readonly hash: HashFunction;
  readonly stage: PskStage;
  /** RFC 9846 §4.3.10#first-psk: whether early data is offered with it, which is the first there is. */
  readonly earlyData: boolean;
}

/** An offer to resume, for one ClientHello. */
export function makePskOffer<Evidence>(
  context: ClientHandshakeSettings<Evidence>,
  resumable: ResumableSession<Evidence>,
  earlyData: boolean,
): PskOffer<Evidence> {
  const hash = hashOf(context.provider, resumable.cipherSuite.hash);
  return {
    resumable,
    hash,
    stage: EarlyStage.withPsk(PresharedKey.ofTicket(hash, resumable.session.presharedKey)),
    earlyData,
  };
}

/** The extensions that let a server send tickets and take one. */
export function modesAndEarlyData(
  context: ClientHandshakeSettings<unknown>,
  psk: PskOffer<unknown> | undefined,
): readonly Extension[] {
  return [
    ...(context.sessions === undefined ? [] : [extension(pskKeyExchangeModes, pskModes(context))]),
    // RFC 9846 §4.3.10#sent
    ...(psk?.earlyData === true ? [extension(earlyDataIndication, null)] : []),
  ];
}

/**
 * A ClientHello with its offer of a pre-shared key.
 * RFC 9846 §4.3.11#last: at its end, since the binder is made over all that comes before it (§4.3.11.2).
 */
export function withPsk(
  hello: ClientHello,
  { resumable, hash, stage }: PskOffer<unknown>,
  transcript: Transcript,
): ClientHello {
  const { session, age } = resumable;
  const identities = [
    // RFC 9846 §4.3.11.1
    { identity: session.ticket, obfuscatedTicketAge: (Math.trunc(age) + session.ticketAgeAdd) % 2 ** 32 },
  ];
  const withBinder = (binder: Uint8Array): ClientHello => ({
    ...hello,
    extensions: [...(hello.extensions ?? []), extension(offeredPsks, { identities, binders: [binder] })],
  });
  const placeholder = new Uint8Array(hash.length);
  const truncated = truncateBeforeBinders(encodeMessage(ClientHello, withBinder(placeholder)), {
    identities,
    binders: [placeholder],
  });
  return withBinder(stage.binder(transcript.before(hash, truncated)));
}
