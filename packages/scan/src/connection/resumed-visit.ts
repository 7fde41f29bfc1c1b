import { decodeClientSession } from "@tlskit/sessions";
import { asciiBytes } from "@tlskit/wire";
import { getRequest } from "../http/request.ts";
import { responseIn } from "../http/response.ts";
import type { Scanning, Shared } from "../scanning.ts";
import type { Conversation } from "./conversation.ts";
import { converseAgain, newestVisit, type Visit } from "./visits.ts";

/**
 * A connection that resumes a session of the newest version, if that gave one: with early data where it may have some.
 */
export const resumedVisit: Shared<Conversation | undefined> = async (scanning) => {
  const newest = await scanning.shared(newestVisit);
  const session = bestForEarlyData(newest.conversation.sessions);
  if (session === undefined) return undefined;
  const { context } = newest;
  if (earlyDataOf(session) === 0) return converseAgain(scanning, context, { session });
  const early = await converseAgain(scanning, context, { session, earlyData: harmlessData(scanning, newest) });
  // A server that can't stand early data may resume nevertheless.
  return early.info === undefined ? converseAgain(scanning, context, { session }) : early;
};

/** Octets of early data that a session may have. */
export function earlyDataOf(session: Uint8Array): number {
  return decodeClientSession(session)?.maxEarlyData ?? 0;
}

/** Data that does no harm, however often it comes (RFC 8470): a request of HTTP, otherwise an empty line. */
export function harmlessData({ target }: Pick<Scanning, "target">, { conversation }: Visit): Uint8Array {
  return typeof responseIn(conversation.data) === "object" ? getRequest(target) : asciiBytes("\r\n");
}

function bestForEarlyData(sessions: readonly Uint8Array[]): Uint8Array | undefined {
  return sessions.find((session) => earlyDataOf(session) > 0) ?? sessions[0];
}
