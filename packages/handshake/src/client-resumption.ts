import { type Awaitable, type Steps, wait } from "@tlskit/crypto";
import type { ResumptionSecret } from "@tlskit/keyschedule";
import { extensionIn, flagsIn, maxEarlyDataSize, type NewSessionTicket, TlsFlag, tlsFlags } from "@tlskit/messages";
import { type ClientSession, encodeClientSession, maxSessionLifetime } from "@tlskit/sessions";
import { behindHandshakes } from "./behind-handshakes.ts";
import type { ClientSessions } from "./client-sessions.ts";
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

/** What of a client's settings says how sessions are kept. */
type Keeping = Pick<ClientHandshakeSettings<unknown>, "clock" | "sessionLifetime" | "resumptionFailed">;

/** Makes sessions out of the tickets that a client gets, and keeps them. */
export class ClientResumption implements Resumption {
  readonly #context: Keeping;
  readonly #sessions: ClientSessions;
  readonly #secret: ResumptionSecret;
  readonly #parameters: SessionParameters;
  #kept = 0;

  constructor(
    { clock, sessionLifetime, resumptionFailed }: Keeping,
    sessions: ClientSessions,
    secret: ResumptionSecret,
    parameters: SessionParameters,
  ) {
    // Not all of the settings, which a connection would hold then as long as it is there.
    this.#context = { clock, sessionLifetime, resumptionFailed };
    this.#sessions = sessions;
    this.#secret = secret;
    this.#parameters = parameters;
  }

  keep(ticket: NewSessionTicket): void {
    checkTicket(ticket);
    if (this.#kept >= maxTicketsKept) return;
    const kept = keepSession(this.#context, this.#sessions, {
      ...this.#parameters,
      secret: this.#secret.presharedKey(ticket.ticketNonce),
      extendedMainSecret: true,
      ticket: ticket.ticket,
      sessionId: new Uint8Array(0),
      ticketLifetime: ticket.ticketLifetime,
      ticketAgeAdd: ticket.ticketAgeAdd,
      maxEarlyData: extensionIn(ticket, maxEarlyDataSize) ?? 0,
      acrossNames: flagsIn(extensionIn(ticket, tlsFlags) ?? new Uint8Array(0)).includes(TlsFlag.resumptionAcrossNames),
      receivedAt: this.#context.clock(),
    });
    if (kept !== undefined) this.#kept += 1;
  }

  *issue(): Steps<void> {}

  identified(): void {}
}

/** A session that was left with whoever keeps them. */
interface KeptSession {
  readonly bytes: Uint8Array;
  readonly kept: Awaitable<void>;
}

/** Leaves a session with whoever keeps them, if it is one to be kept. */
function keepSession(context: Keeping, sessions: ClientSessions, session: ClientSession): KeptSession | undefined {
  const { sessionLifetime } = context;
  const { receivedAt, ticketLifetime, verifiedAt } = session;
  // RFC 9846 §4.7.1#seven-days, and its last paragraph: new tickets make no CertificateVerify newer.
  const expiresAt = Math.min(
    receivedAt + 1000 * Math.min(ticketLifetime, maxSessionLifetime),
    verifiedAt + 1000 * sessionLifetime,
  );
  if (expiresAt <= receivedAt) return undefined;
  const bytes = encodeClientSession(session);
  return { bytes, kept: behindHandshakes(context, keep(sessions, bytes, expiresAt)) };
}

function* keep(sessions: ClientSessions, bytes: Uint8Array, expiresAt: number): Steps<void> {
  yield* wait(sessions.keep(bytes, expiresAt));
}

/** Before TLS 1.3: the session is there with the handshake's end. */
export function keepingOne(context: Keeping, sessions: ClientSessions, session: ClientSession): Resumption {
  const { resumptionFailed } = context;
  const kept = keepSession(context, sessions, session);
  if (kept === undefined) return keepingNone;
  return { ...keepingNone, failed: () => void behindHandshakes({ resumptionFailed }, forget(sessions, kept)) };
}

function* forget(sessions: ClientSessions, { bytes, kept }: KeptSession): Steps<void> {
  yield* wait(kept);
  yield* wait(sessions.forget?.(bytes));
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
