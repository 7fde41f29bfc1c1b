import { decodeMessage, extendedMainSecret, HandshakeType, ServerHello, sessionTicket } from "@tlskit/messages";
import { type DangerousClientInfo, tls13 } from "@tlskit/tls";
import { equalBytes } from "@tlskit/wire";
import { clientContext } from "../connection/client-context.ts";
import type { Conversation } from "../connection/conversation.ts";
import { establishedIn, wholeIn } from "../connection/established.ts";
import { resumedVisit } from "../connection/resumed-visit.ts";
import { keyNameOf, longestLifetime, type Ticket, ticketsIn } from "../connection/tickets.ts";
import { converseAgain, earlierVisit, evidenceOf, newestVisit } from "../connection/visits.ts";
import type { ResumptionFact } from "../facts.ts";
import { type Check, type FoundSoFar, foundOf, type Scanning } from "../scanning.ts";
import { isBeforeTls13, type Version, versionOf } from "../version.ts";

/** What of the facts a version has, and the tickets that they are made of. */
interface Found {
  readonly fact: ResumptionFact;
  readonly tickets: readonly Ticket[];
}

const nothing: Found = { fact: {}, tickets: [] };

/** How a server lets clients resume sessions: by pre-shared keys, tickets, identifiers; for how long, and under which key. */
export const resumption: Check<"resumption"> = {
  name: "resumption",
  about: "resumption of sessions",
  needs: ["versions"],
  run: async (scanning, found) => {
    const { conversation } = await scanning.shared(newestVisit);
    const isTls13 = conversation.info?.version === tls13.code;
    // What nothing is known of isn't what there is nothing of.
    if (!isTls13 && speaksTls13(found)) establishedIn(conversation);
    const newest = isTls13 ? await ofTls13(scanning, conversation) : nothing;
    const earlier = speaksEarlier(found, isTls13) ? await ofEarlier(scanning) : nothing;
    const ticketKeyName = keyNameOf([...newest.tickets, ...earlier.tickets]);
    return { ...newest.fact, ...earlier.fact, ...(ticketKeyName === undefined ? {} : { ticketKeyName }) };
  },
};

function speaksTls13({ versions: outcome }: FoundSoFar): boolean {
  return foundOf(outcome)?.some(({ version, spoken }) => spoken && version === "TLS 1.3") === true;
}

/** Whether there is a version before TLS 1.3 that can be had here; where nobody knows it is tried if there is no other. */
function speaksEarlier({ versions: outcome }: FoundSoFar, isTls13: boolean): boolean {
  const spoken = foundOf(outcome);
  if (spoken === undefined) return !isTls13;
  return spoken.some(({ version, spoken: isSpoken }) => isSpoken && isBeforeTls13(version));
}

async function ofTls13(scanning: Scanning, first: Conversation): Promise<Found> {
  scanning.note(evidenceOf("a connection of TLS 1.3", first));
  if (ticketsIn(first).length === 0) wholeIn(first);
  const resumed = await scanning.shared(resumedVisit);
  if (resumed !== undefined) noteResumed(scanning, resumed);
  const tickets = ticketsIn(first);
  const lifetimeSeconds = longestLifetime(tickets);
  return {
    fact: {
      psk: {
        resumed: resumed?.info?.resumed === true,
        tickets: tickets.length,
        ...(lifetimeSeconds === undefined ? {} : { lifetimeSeconds }),
      },
    },
    tickets: [...tickets, ...(resumed === undefined ? [] : ticketsIn(resumed))],
  };
}

/** @throws {TlsError} `silent` of a server that has stopped answering: one that hangs up doesn't resume */
function noteResumed(scanning: Scanning, conversation: Conversation): void {
  scanning.note(evidenceOf("another one that resumes it", conversation));
  if (conversation.end.how === "silent") establishedIn(conversation);
}

async function ofEarlier(scanning: Scanning): Promise<Found> {
  const { context, conversation } = await scanning.shared(earlierVisit);
  const info = establishedIn(conversation);
  scanning.note(evidenceOf(`a connection of ${nameOf(info)}`, conversation));
  const tickets = ticketsIn(conversation);
  const [session] = conversation.sessions;
  const again = session && (await converseAgain(scanning, context, { session }));
  if (again !== undefined) noteResumed(scanning, again);
  const resumed = again?.info?.resumed === true;
  // RFC 5077 §3.4: a client that gets a ticket is told no identifier, or one that means nothing.
  const isTicket = tickets.length > 0;
  const lifetimeSeconds = longestLifetime(tickets);
  return {
    fact: {
      ...(isTicket ? { ticket: { resumed, ...(lifetimeSeconds === undefined ? {} : { lifetimeSeconds }) } } : {}),
      identifier: { resumed: isTicket ? await resumesByIdentifier(scanning) : resumed },
    },
    tickets: [...tickets, ...(again === undefined ? [] : ticketsIn(again))],
  };
}

/**
 * RFC 5246 §7.4.1.3: whether a session is resumed by its identifier, by a client that takes no tickets. The whole of the first
 * connection is needed, since servers keep no session before that; of the second one a hello is enough, since a server that
 * echoes an identifier in its ServerHello resumes.
 */
async function resumesByIdentifier(scanning: Scanning): Promise<boolean> {
  const context = clientContext(scanning, { versions: "before TLS 1.3", sessions: false });
  const conversation = await converseAgain(scanning, context, {});
  const info = establishedIn(conversation);
  const sessionId = serverHelloIn(conversation)?.legacySessionIdEcho;
  if (sessionId === undefined || sessionId.length === 0) return false;
  scanning.note(evidenceOf("a connection without tickets", conversation));
  const { serverHello, chain, seen } = await scanning.probe(
    {
      versions: [nameOf(info)],
      cipherSuites: [info.cipherSuite.code],
      sessionId,
      // RFC 7627 §5.3: a session that has it is resumed with it alone.
      extensions: [{ code: extendedMainSecret.code, data: new Uint8Array(0) }],
      leftOut: [sessionTicket.code],
    },
    "hello",
  );
  scanning.note({ about: "a hello with its identifier", messages: seen });
  return serverHello !== undefined && chain === undefined && equalBytes(serverHello.legacySessionIdEcho, sessionId);
}

function serverHelloIn({ seen }: Conversation): ServerHello | undefined {
  const message = seen.find(
    ({ from, type, bytes }) => from === "server" && type === "handshake" && bytes[0] === HandshakeType.serverHello,
  );
  return message && decodeMessage(ServerHello, message.bytes);
}

function nameOf({ version }: DangerousClientInfo): Version {
  return versionOf(version) ?? "TLS 1.2";
}
