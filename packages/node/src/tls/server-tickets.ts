import { constants, randomBytes } from "node:crypto";
import type { EventEmitter } from "node:events";
import { nodeProvider } from "@tlskit/crypto-node";
import { SealedTickets, type SessionIdentifiers, type Tickets } from "@tlskit/sessions";
import type { Awaitable } from "@tlskit/tls";
import { ServerTicketKeys } from "../options/server-tickets.ts";
import type { ServerConnectionOptions } from "./options.ts";

/** What a server is told of its sessions. */
export type ServerTicketOptions = Pick<ServerConnectionOptions, "secureOptions" | "sessionTimeout" | "ticketKeys">;

/** Bytes of a session's name: nobody guesses one, and an identifier of TLS 1.2 has no more. */
const nameLength = 32;

/**
 * What resumes a server's sessions, as with `node:tls`: tickets that are sealed with the server's keys; and for clients that
 * take none, or with `SSL_OP_NO_TICKET` for all, sessions that whoever listens to `newSession` keeps and whoever listens to
 * `resumeSession` gives back. Listeners count from the next connection on.
 */
export class ServerTickets implements Tickets {
  readonly keys: ServerTicketKeys;
  readonly #server: EventEmitter;
  readonly #sealed: SealedTickets | undefined;
  readonly #identifiers: SessionIdentifiers;

  /** @throws {TlsError} `invalid_argument`, `out_of_range` (the caller's fault) */
  constructor(server: EventEmitter, { ticketKeys, sessionTimeout, secureOptions = 0 }: ServerTicketOptions) {
    const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
    this.#server = server;
    this.keys = new ServerTicketKeys(
      { provider: nodeProvider, random, clock: Date.now, sessionLifetime: sessionTimeout },
      ticketKeys,
    );
    const takesNone = (secureOptions & constants.SSL_OP_NO_TICKET) !== 0;
    this.#sealed = takesNone ? undefined : new SealedTickets({ provider: nodeProvider, random, keys: this.keys });
    this.#identifiers = {
      besideTickets: !takesNone,
      next: () => random(nameLength),
      keep: (identifier, session) => this.#keep(identifier, session),
      // There is no event by which node:tls would tell it.
      forget: () => undefined,
    };
  }

  /** Whether there is any way to resume a session now. */
  get areMade(): boolean {
    return this.#sealed !== undefined || this.#areKept;
  }

  get #areKept(): boolean {
    return this.#server.listenerCount("newSession") > 0;
  }

  get identifiers(): SessionIdentifiers | undefined {
    return this.#areKept ? this.#identifiers : undefined;
  }

  ticketFor(session: Uint8Array): Awaitable<Uint8Array | undefined> {
    if (this.#sealed !== undefined) return this.#sealed.ticketFor(session);
    if (!this.#areKept) return undefined;
    const name = this.#identifiers.next();
    return this.#keep(name, session).then(() => name);
  }

  sessionOf(name: Uint8Array): Awaitable<Uint8Array | undefined> {
    const sealed = this.#sealed?.sessionOf(name);
    return this.#server.listenerCount("resumeSession") === 0 ? sealed : this.#sealedOrKept(sealed, name);
  }

  async #sealedOrKept(sealed: Awaitable<Uint8Array | undefined>, name: Uint8Array): Promise<Uint8Array | undefined> {
    const session = await sealed;
    return session ?? (name.length === nameLength ? await this.#kept(name) : undefined);
  }

  #keep(name: Uint8Array, session: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#server.emit("newSession", Buffer.from(name), Buffer.from(session), () => resolve());
    });
  }

  #kept(name: Uint8Array): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
      this.#server.emit("resumeSession", Buffer.from(name), (error: unknown, session?: Uint8Array | null) => {
        if (error !== null && error !== undefined) reject(error);
        else resolve(session ?? undefined);
      });
    });
  }
}
