import { isWaitable, type Steps } from "@tlskit/crypto";
import type { ResumptionSecret } from "@tlskit/keyschedule";
import { extensionIn, flagsIn, maxEarlyDataSize, type NewSessionTicket, TlsFlag, tlsFlags } from "@tlskit/messages";
import { type ClientSession, encodeClientSession, maxSessionLifetime } from "@tlskit/sessions";
import { checkPlaces, illegalParameter } from "./extension-rules.ts";
import { maxTicketsKept } from "./limits.ts";
import type { Resumption } from "./resumption.ts";
import type { ClientHandshakeSettings } from "./settings.ts";

/** What is the same for all sessions of a connection. */
export type SessionParameters = Pick<
  ClientSession,
  | "version"
  | "cipherSuite"
  | "signatureScheme"
  | "verifiedAt"
  | "serverName"
  | "alpnProtocol"
  | "binding"
  | "certificate"
  | "externalMark"
>;

/** For a client that keeps no sessions: tickets are looked at, and passed over. */
export const keepingNone: Resumption = { keep: checkTicket, *issue() {}, identified() {} };

/** Makes sessions out of the tickets that a client gets, and keeps them. */
export class ClientResumption implements Resumption {
  readonly #context: ClientHandshakeSettings<unknown>;
  readonly #secret: ResumptionSecret;
  readonly #parameters: SessionParameters;
  #kept = 0;

  constructor(context: ClientHandshakeSettings<unknown>, secret: ResumptionSecret, parameters: SessionParameters) {
    this.#context = context;
    this.#secret = secret;
    this.#parameters = parameters;
  }

  keep(ticket: NewSessionTicket): void {
    checkTicket(ticket);
    if (this.#kept >= maxTicketsKept) return;
    const isKept = keepSession(this.#context, {
      ...this.#parameters,
      presharedKey: this.#secret.presharedKey(ticket.ticketNonce),
      ticket: ticket.ticket,
      sessionId: new Uint8Array(0),
      ticketLifetime: ticket.ticketLifetime,
      ticketAgeAdd: ticket.ticketAgeAdd,
      maxEarlyData: extensionIn(ticket, maxEarlyDataSize) ?? 0,
      acrossNames: flagsIn(extensionIn(ticket, tlsFlags) ?? new Uint8Array(0)).includes(TlsFlag.resumptionAcrossNames),
      receivedAt: this.#context.clock(),
    });
    if (isKept) this.#kept += 1;
  }

  *issue(): Steps<void> {}

  identified(): void {}
}

/**
 * Leaves a session with whoever keeps them, if anybody does. Nothing waits for a store: what it can't keep is a full
 * handshake later.
 * @returns whether it was a session to be kept
 */
export function keepSession(
  { sessions, sessionLifetime, resumptionFailed }: ClientHandshakeSettings<unknown>,
  session: ClientSession,
): boolean {
  const { receivedAt, ticketLifetime, verifiedAt } = session;
  // RFC 9846 §4.7.1#seven-days, and its last paragraph: new tickets make no CertificateVerify newer.
  const expiresAt = Math.min(
    receivedAt + 1000 * Math.min(ticketLifetime, maxSessionLifetime),
    verifiedAt + 1000 * sessionLifetime,
  );
  if (sessions === undefined || expiresAt <= receivedAt) return false;
  try {
    const kept = sessions.keep(encodeClientSession(session), expiresAt);
    if (isWaitable(kept))
      kept.then(
        () => {},
        (error) => resumptionFailed?.(error),
      );
  } catch (error) {
    resumptionFailed?.(error);
  }
  return true;
}

/** @throws {TlsError} for a ticket that no server may send */
function checkTicket(ticket: NewSessionTicket): void {
  // RFC 9846 §4.7.1#unknown-extensions: what has no place there is refused, what nobody knows isn't.
  checkPlaces("newSessionTicket", ticket);
  // draft-ietf-tls-tlsflags §2
  if (extensionIn(ticket, tlsFlags)?.at(-1) === 0) {
    throw illegalParameter("tls_flags", "the last byte of tls_flags is zero");
  }
}
