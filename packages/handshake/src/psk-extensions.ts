import type { Transcript } from "@tlskit/keyschedule";
import {
  type ClientHello,
  certWithExternPsk,
  type Extension,
  earlyDataIndication,
  extension,
  pskKeyExchangeModes,
} from "@tlskit/messages";
import type { PskOffer, SessionOffer } from "./psk-offer.ts";
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

/** A ClientHello with its offer of pre-shared keys, if there are any: how is for these to know. */
export function withPsks(hello: ClientHello, psks: readonly PskOffer<unknown>[], transcript: Transcript): ClientHello {
  return psks[0]?.bind(hello, psks, transcript) ?? hello;
}
