import {
  decodeMessage,
  extensionIn,
  HandshakeType,
  maxEarlyDataSize,
  NewSessionTicket,
  Tls12NewSessionTicket,
} from "@tlskit/messages";
import { tls13 } from "@tlskit/tls";
import { equalBytes } from "@tlskit/wire";
import type { Conversation } from "./conversation.ts";

/** What a server gave to resume by. */
export interface Ticket {
  readonly ticket: Uint8Array;
  /** Nothing where the server leaves it to clients (RFC 5077 §3.3). */
  readonly lifetimeSeconds: number | undefined;
  /** Octets of early data that it says it takes; 0: none. */
  readonly maxEarlyData: number;
}

/** The tickets of a connection, without those of TLS 1.2 that are empty: with these a server changes its mind. */
export function ticketsIn({ info, seen }: Conversation): readonly Ticket[] {
  if (info === undefined) return [];
  const messages = seen.filter(
    ({ from, type, bytes }) => from === "server" && type === "handshake" && bytes[0] === HandshakeType.newSessionTicket,
  );
  const read = info.version === tls13.code ? ofTls13 : ofTls12;
  return messages.map(({ bytes }) => read(bytes)).filter(({ ticket }) => ticket.length > 0);
}

function ofTls13(bytes: Uint8Array): Ticket {
  const message = decodeMessage(NewSessionTicket, bytes);
  return {
    ticket: message.ticket,
    lifetimeSeconds: message.ticketLifetime,
    maxEarlyData: extensionIn(message, maxEarlyDataSize) ?? 0,
  };
}

function ofTls12(bytes: Uint8Array): Ticket {
  const { ticket, ticketLifetimeHint } = decodeMessage(Tls12NewSessionTicket, bytes);
  return { ticket, lifetimeSeconds: ticketLifetimeHint || undefined, maxEarlyData: 0 };
}

/** RFC 5077 §4: octets of the name of the key that a ticket is sealed under, in the form that is recommended and common. */
const keyNameLength = 16;

/** What all tickets begin with, if there are two at least: the name of their key. Chance doesn't make two alike. */
export function keyNameOf(tickets: readonly Pick<Ticket, "ticket">[]): Uint8Array | undefined {
  const [first, ...others] = tickets.map(({ ticket }) => ticket.subarray(0, keyNameLength));
  const isKeyName =
    first?.length === keyNameLength && others.length > 0 && others.every((other) => equalBytes(first, other));
  return isKeyName ? first.slice() : undefined;
}

/** The longest lifetime that is said. */
export function longestLifetime(tickets: readonly Ticket[]): number | undefined {
  const said = tickets.flatMap(({ lifetimeSeconds }) => lifetimeSeconds ?? []);
  return said.length === 0 ? undefined : Math.max(...said);
}
