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
    const { sessions, clock, sessionLifetime } = this.#context;
    if (sessions === undefined || this.#kept >= maxTicketsKept) return;
    const receivedAt = clock();
    // RFC 9846 §4.7.1#seven-days, and its last paragraph: new tickets make no CertificateVerify newer.
    const expiresAt = Math.min(
      receivedAt + 1000 * Math.min(ticket.ticketLifetime, maxSessionLifetime),
      this.#parameters.verifiedAt + 1000 * sessionLifetime,
    );
    if (expiresAt <= receivedAt) return;
    this.#kept += 1;
    const session = encodeClientSession({
      ...this.#parameters,
      presharedKey: this.#secret.presharedKey(ticket.ticketNonce),
      ticket: ticket.ticket,
      ticketLifetime: ticket.ticketLifetime,
      ticketAgeAdd: ticket.ticketAgeAdd,
      maxEarlyData: extensionIn(ticket, maxEarlyDataSize) ?? 0,
      acrossNames: flagsIn(extensionIn(ticket, tlsFlags) ?? new Uint8Array(0)).includes(TlsFlag.resumptionAcrossNames),
      receivedAt,
    });
    // Nothing waits for a store: what it can't keep is a full handshake later.
    try {
      const kept = sessions.keep(session, expiresAt);
      if (isWaitable(kept))
        kept.then(
          () => {},
          (error) => this.#context.resumptionFailed?.(error),
        );
    } catch (error) {
      this.#context.resumptionFailed?.(error);
    }
  }

  *issue(): Steps<void> {}

  identified(): void {}
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
