import { type Awaitable, type Steps, wait } from "@tlskit/crypto";
import type { ExternalPsk } from "@tlskit/keyschedule";
import {
  type ClientHello,
  extendedMainSecret,
  extensionIn,
  sessionTicket,
  type Tls12NewSessionTicket,
} from "@tlskit/messages";
import { encodeServerSession, type ServerSession, type SessionIdentifiers } from "@tlskit/sessions";
import { callerError } from "@tlskit/wire";
import { behindHandshakes } from "../behind-handshakes.ts";
import type { Resumption } from "../resumption.ts";
import type { ServerHandshakeSettings } from "../settings.ts";
import type { EarlierProtocol } from "./protocol.ts";

/** A session in a store, by its name there. */
export interface NamedSession {
  readonly identifiers: SessionIdentifiers;
  readonly identifier: Uint8Array;
}

/** A session's bytes, and until when it is of use. */
interface Made {
  readonly bytes: Uint8Array;
  readonly expiresAt: number;
}

/** What a session is made of. */
type Parameters = Omit<
  ServerSession,
  "version" | "ticketAgeAdd" | "maxEarlyData" | "issuedAt" | "externalIdentity" | "externalMark"
> & {
  /** The pre-shared key from outside that it began with. */
  readonly externalPsk: ExternalPsk | undefined;
};

const none = new Uint8Array(0);

/**
 * What a client gets to resume its session by: a ticket if it asks for one, otherwise an identifier if sessions are in a store.
 * The ServerHello says which, before there is a session. A ticket is a name in the store as well where there is one, so that no
 * handshake waits until its session is kept.
 */
export class GivenSession implements Resumption {
  /** RFC 5077 §3.2#announced: whether a NewSessionTicket comes. */
  readonly announcesTicket: boolean;
  /** What the ServerHello has for a session id. */
  readonly identifier: Uint8Array;
  readonly #context: ServerHandshakeSettings;
  readonly #named: NamedSession | undefined;
  #made: Made | undefined;
  #kept: Awaitable<void> = undefined;

  private constructor(
    context: ServerHandshakeSettings,
    announcesTicket: boolean,
    identifier: Uint8Array,
    named: NamedSession | undefined,
  ) {
    this.#context = context;
    this.announcesTicket = announcesTicket;
    this.identifier = identifier;
    this.#named = named;
  }

  /** In a full handshake. */
  static fresh(context: ServerHandshakeSettings, hello: ClientHello): GivenSession {
    const isExtended = extensionIn(hello, extendedMainSecret) !== undefined;
    // RFC 7627 §5.3#session-without
    if (!isExtended && !context.dangerousResumptionWithoutExtendedMainSecret) {
      return new GivenSession(context, false, none, undefined);
    }
    const announcesTicket = givesTicket(context, hello);
    const isNamed = !announcesTicket || context.tickets?.identifiers?.besideTickets !== true;
    const named = isNamed && context.ticketCount > 0 ? newName(context) : undefined;
    // RFC 5246 §7.4.1.2#session-id, RFC 5077 §3.4#no-session-id
    return new GivenSession(context, announcesTicket, announcesTicket ? none : (named?.identifier ?? none), named);
  }

  /**
   * In a handshake that resumes: a ticket that is the session itself is made anew, since its key may be an old one.
   * @param named the session, if it is in a store, where it stays as it is.
   */
  static again(context: ServerHandshakeSettings, hello: ClientHello, named: NamedSession | undefined): GivenSession {
    // RFC 5246 §7.4.1.3, RFC 5077 §3.4#session-id-echoed
    return new GivenSession(context, named === undefined && givesTicket(context, hello), hello.legacySessionId, named);
  }

  /**
   * The session is there. In contrast to TLS 1.3 a client waits for a ticket (RFC 5077 §3.3).
   * @returns the ticket that was announced, an empty one if there can't be one; nothing if none was.
   */
  *made(
    protocol: EarlierProtocol,
    { externalPsk, ...parameters }: Parameters,
  ): Steps<Tls12NewSessionTicket | undefined> {
    const { clock, provider, sessionLifetime } = this.#context;
    const issuedAt = clock();
    // RFC 9325 §3.4#lifetime: counted from when the server last proved who it is.
    const expiresAt = parameters.verifiedAt + 1000 * sessionLifetime;
    const ticketLifetimeHint = Math.floor((expiresAt - issuedAt) / 1000);
    const bytes = encodeServerSession({
      ...parameters,
      version: protocol.code,
      ticketAgeAdd: 0,
      maxEarlyData: 0,
      issuedAt,
      externalIdentity: externalPsk?.identity ?? none,
      externalMark: externalPsk?.mark(provider, "SHA-256") ?? none,
    });
    const made = ticketLifetimeHint < 1 || bytes === undefined ? undefined : { bytes, expiresAt };
    if (this.#named !== undefined) this.#made = made;
    if (!this.announcesTicket) return undefined;
    const ticket = made && (this.#named?.identifier ?? (yield* this.#sealed(made)));
    return ticket === undefined ? { ticketLifetimeHint: 0, ticket: none } : { ticketLifetimeHint, ticket };
  }

  *#sealed({ bytes, expiresAt }: Made): Steps<Uint8Array | undefined> {
    const { tickets, resumptionFailed } = this.#context;
    try {
      return yield* wait(tickets?.ticketFor(bytes, expiresAt));
    } catch (error) {
      resumptionFailed?.(error);
      return undefined;
    }
  }

  /** RFC 5246 §7.3: the handshake is done, and who asks for the session before it is kept has a full one. */
  *issue(): Steps<void> {
    const [named, made] = [this.#named, this.#made];
    this.#made = undefined;
    if (named === undefined || made === undefined) return;
    this.#kept = behindHandshakes(this.#context, keep(named, made));
    yield* wait(this.#kept);
  }

  /**
   * RFC 5246 §7.2.2#session-forgotten: as far as sessions are in a store. Not where a handshake fails that would have resumed one:
   * whoever has seen an identifier go by could take the session away by it.
   */
  failed(): void {
    if (this.#named !== undefined) behindHandshakes(this.#context, forget(this.#named, this.#kept));
  }

  keep(): void {}

  identified(): void {}
}

function* keep({ identifiers, identifier }: NamedSession, { bytes, expiresAt }: Made): Steps<void> {
  yield* wait(identifiers.keep(identifier, bytes, expiresAt));
}

function* forget({ identifiers, identifier }: NamedSession, kept: Awaitable<void>): Steps<void> {
  yield* wait(kept);
  yield* wait(identifiers.forget(identifier));
}

/** RFC 5077 §3.2#announced, §3.2#not-unasked */
function givesTicket({ tickets, ticketCount }: ServerHandshakeSettings, hello: ClientHello): boolean {
  return tickets !== undefined && ticketCount > 0 && extensionIn(hello, sessionTicket) !== undefined;
}

/** A name that the store gives at once; none if it can't. */
function newName({ tickets, resumptionFailed }: ServerHandshakeSettings): NamedSession | undefined {
  const identifiers = tickets?.identifiers;
  if (identifiers === undefined) return undefined;
  try {
    const identifier = identifiers.next();
    // RFC 5246 §7.4.1.2: `opaque SessionID<0..32>`, where an empty one says that there is none.
    if (!(identifier.length >= 1 && identifier.length <= 32)) {
      throw callerError("out_of_range", `an identifier has 1 to 32 bytes, not ${identifier.length}`);
    }
    return { identifiers, identifier };
  } catch (error) {
    resumptionFailed?.(error);
    return undefined;
  }
}
