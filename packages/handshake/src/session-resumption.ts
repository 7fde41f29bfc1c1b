import type { Steps } from "@tlskit/crypto";
import type { ResumptionSecret } from "@tlskit/keyschedule";
import type { ClientSession } from "@tlskit/sessions";
import { aFunction, check, objectWith, optional } from "@tlskit/wire/arguments";
import { ClientResumption, keepingOne, type SessionParameters } from "./client-resumption.ts";
import type { ClientSessions } from "./client-sessions.ts";
import { type EarlyDataOffer, SessionEarlyData } from "./early-data-offer.ts";
import type { HandshakeIo } from "./io.ts";
import { offerSession, type SessionOffer } from "./psk-offer.ts";
import { allowsEarlyData, ResumableSession, type Tls13Session } from "./resumable-session.ts";
import type { Resumption } from "./resumption.ts";
import type { ClientHandshakeSettings } from "./settings.ts";

/** How a client resumes sessions, and keeps those that come. */
export interface SessionResumption {
  /** The session to resume, if there is one that may be. */
  recall<Evidence>(context: ClientHandshakeSettings<Evidence>): Steps<ResumableSession<Evidence> | undefined>;
  /** Offers it, for one ClientHello of TLS 1.3, with early data if it allows that and there is any. */
  offer<Evidence>(
    context: ClientHandshakeSettings<Evidence>,
    io: HandshakeIo,
    resumable: Tls13Session<Evidence>,
  ): SessionOffer<Evidence>;
  earlyData(io: HandshakeIo): EarlyDataOffer;
  /** Makes sessions of the tickets that come. */
  keeping(
    context: ClientHandshakeSettings<unknown>,
    secret: ResumptionSecret,
    parameters: SessionParameters,
  ): Resumption;
  /** Before TLS 1.3: keeps the one session that there is. */
  keepingOne(context: ClientHandshakeSettings<unknown>, session: ClientSession): Resumption;
}

const someSessions = objectWith("a source of sessions", {
  take: aFunction,
  keep: aFunction,
  forget: optional(aFunction),
});

/**
 * Resumes sessions of this source: what a client's `sessions` are. Who doesn't name it has only full handshakes, and nothing of
 * this in the bundle.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function resumption(sessions: ClientSessions): SessionResumption {
  check(sessions, "sessions", someSessions);
  return {
    recall: (context) => ResumableSession.recall(context, sessions),
    offer: (context, io, resumable) =>
      offerSession(context, resumable, io.earlyData !== undefined && allowsEarlyData(context, resumable.session)),
    earlyData: (io) => new SessionEarlyData(io),
    keeping: (context, secret, parameters) => new ClientResumption(context, sessions, secret, parameters),
    keepingOne: (context, session) => keepingOne(context, sessions, session),
  };
}
