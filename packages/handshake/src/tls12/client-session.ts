import type { Tls12NewSessionTicket } from "@tlskit/messages";
import type { ClientSession } from "@tlskit/sessions";
import type { ClientHandshakeSettings } from "../settings.ts";

/** What of a session comes with its ticket, or of when it is kept. */
type OfTicket = "ticket" | "ticketLifetime" | "ticketAgeAdd" | "maxEarlyData" | "acrossNames" | "receivedAt";

/** A session by a new ticket, or by its identifier; nothing if there is neither. */
export function sessionFrom(
  { clock, sessionLifetime }: ClientHandshakeSettings<unknown>,
  parameters: Omit<ClientSession, OfTicket>,
  newTicket: Tls12NewSessionTicket | undefined,
): ClientSession | undefined {
  // RFC 5077 §3.3: an empty one says that the server has changed its mind.
  const { ticket, ticketLifetimeHint } = newTicket ?? { ticket: new Uint8Array(0), ticketLifetimeHint: 0 };
  if (ticket.length === 0 && parameters.sessionId.length === 0) return undefined;
  return {
    ...parameters,
    // RFC 5077 §3.4: what the server says besides a ticket means nothing.
    sessionId: ticket.length > 0 ? new Uint8Array(0) : parameters.sessionId,
    ticket,
    // RFC 5077 §3.3#lifetime: 0 leaves it to the client.
    ticketLifetime: ticketLifetimeHint || sessionLifetime,
    ticketAgeAdd: 0,
    maxEarlyData: 0,
    acrossNames: false,
    receivedAt: clock(),
  };
}
