import { type Steps, wait } from "@tlskit/crypto";
import type { ResumptionSecret } from "@tlskit/keyschedule";
import {
  Certificate,
  type Extension,
  encodeFlags,
  extension,
  maxEarlyDataSize,
  NewSessionTicket,
  TlsFlag,
  tlsFlags,
} from "@tlskit/messages";
import { encodeServerSession, type ServerSession } from "@tlskit/sessions";
import { encode } from "@tlskit/wire";
import type { HandshakeIo } from "./io.ts";
import { maxTicketNonce } from "./limits.ts";
import type { ClientIdentity, Resumption } from "./resumption.ts";
import type { ServerHandshakeSettings } from "./settings.ts";

/** What is the same for all tickets of a connection. */
export type TicketParameters = Pick<
  ServerSession,
  | "version"
  | "cipherSuite"
  | "signatureScheme"
  | "verifiedAt"
  | "alpnProtocol"
  | "binding"
  | "externalIdentity"
  | "externalMark"
>;

/** For a client that gets no tickets. */
export const issuingNone: Resumption = { keep() {}, *issue() {}, identified() {} };

/** Makes and sends the tickets that a client gets. */
export class ServerResumption implements Resumption {
  readonly #context: ServerHandshakeSettings;
  readonly #secret: ResumptionSecret;
  readonly #parameters: TicketParameters;
  /** Tickets that are still to be sent. */
  #due: number;
  /** RFC 9846 §4.7.1: the next ticket's nonce, which no other ticket of the connection has. */
  #nonce = 0;
  #client: ClientIdentity | undefined;

  constructor(
    context: ServerHandshakeSettings,
    secret: ResumptionSecret,
    parameters: TicketParameters,
    client: ClientIdentity | undefined,
    count: number,
  ) {
    this.#context = context;
    this.#secret = secret;
    this.#parameters = parameters;
    this.#client = client;
    this.#due = count;
  }

  keep(): void {}

  *issue(io: HandshakeIo): Steps<void> {
    while (this.#due > 0 && this.#nonce < maxTicketNonce) {
      this.#due -= 1;
      const ticket = yield* this.#ticket(io.earlyData !== undefined);
      if (ticket === undefined) return;
      io.send(NewSessionTicket, ticket);
    }
  }

  identified(client: ClientIdentity): void {
    this.#client = client;
    this.#due += 1;
  }

  *#ticket(hostTakesEarlyData: boolean): Steps<NewSessionTicket | undefined> {
    const { clock, random, sessionLifetime, tickets, earlyData, resumptionAcrossNames } = this.#context;
    const issuedAt = clock();
    // RFC 9846 §4.7.1#lifetime-limit, RFC 9325 §3.4#lifetime, and its last paragraph: counted from the last CertificateVerify.
    const expiresAt = this.#parameters.verifiedAt + 1000 * sessionLifetime;
    const ticketLifetime = Math.floor((expiresAt - issuedAt) / 1000);
    // RFC 9846 §4.7.1#age-add
    const ticketAgeAdd = new DataView(Uint8Array.from(random(4)).buffer).getUint32(0);
    const ticketNonce = Uint8Array.of(this.#nonce);
    this.#nonce += 1;
    const maxEarlyData = hostTakesEarlyData ? (earlyData?.maxSize ?? 0) : 0;
    const session = encodeServerSession({
      ...this.#parameters,
      secret: this.#secret.presharedKey(ticketNonce),
      extendedMainSecret: true,
      ticketAgeAdd,
      maxEarlyData,
      issuedAt,
      certificate: this.#client === undefined ? new Uint8Array(0) : encode(Certificate.body, this.#client.certificate),
      clientSignatureScheme: this.#client?.signatureScheme?.code ?? 0,
    });
    if (ticketLifetime < 1 || session === undefined || tickets === undefined) return undefined;
    const extensions: readonly Extension[] = [
      ...(maxEarlyData > 0 ? [extension(maxEarlyDataSize, maxEarlyData)] : []),
      ...(resumptionAcrossNames ? [extension(tlsFlags, encodeFlags([TlsFlag.resumptionAcrossNames]))] : []),
    ];
    try {
      const ticket = yield* wait(tickets.ticketFor(session, expiresAt));
      return ticket && { ticketLifetime, ticketAgeAdd, ticketNonce, ticket, extensions };
    } catch (error) {
      this.#context.resumptionFailed?.(error);
      return undefined;
    }
  }
}
