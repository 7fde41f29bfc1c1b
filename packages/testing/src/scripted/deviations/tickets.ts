import { HandshakeType, maxEarlyDataSize, tlsFlags } from "@tlskit/messages";
import { Alert, concat } from "@tlskit/wire";
import { privateUse } from "../../private-use.ts";
import { refused } from "../../refusal.ts";
import { afterHandshake, type Deviation } from "../deviation.ts";
import { frame, type RawExtension, rawExtension } from "../raw-messages.ts";
import { before, type Edit, type Step } from "../script.ts";
import type { ScriptedServer } from "../server.ts";
import { longest, spoil } from "../spoil.ts";
import { sendAfterwards } from "./post-handshake.ts";

type Server = ScriptedServer;

const beforeData = (...sent: Step<Server>[]): Edit<Server> => before<Server>("data", ...sent);

/** RFC 9846 §4.7.1: of 7,200 seconds unless told otherwise. */
function ticket(...extensions: readonly RawExtension[]): Uint8Array {
  return ticketFor(7200, ...extensions);
}

function ticketFor(lifetime: number, ...extensions: readonly RawExtension[]): Uint8Array {
  const encoded = concat(
    ...extensions.map(({ code, data }) =>
      concat(Uint8Array.of(code >> 8, code & 0xff, data.length >> 8, data.length & 0xff), data),
    ),
  );
  const seconds = [24, 16, 8, 0].map((bits) => (lifetime >>> bits) & 0xff);
  const fixed = Uint8Array.of(...seconds, 1, 2, 3, 4, 1, 0, 0, 4, 9, 9, 9, 9);
  return frame(
    HandshakeType.newSessionTicket,
    concat(fixed, Uint8Array.of(encoded.length >> 8, encoded.length & 0xff), encoded),
  );
}

const earlyData = rawExtension(maxEarlyDataSize, 16384);

/** draft-ietf-tls-tlsflags §2 */
function flags(...bytes: readonly number[]): RawExtension {
  return { code: tlsFlags.code, data: Uint8Array.of(bytes.length, ...bytes) };
}

/** Tickets, which a client that resumes nothing reads and drops, and another one keeps (RFC 9846 §4.7.1). */
export const ticketDeviations: readonly Deviation<Server>[] = [
  afterHandshake("new_session_ticket", "4.7.1#tolerated", "accepted", beforeData(sendAfterwards(ticket()))),
  afterHandshake(
    "several_new_session_tickets_in_a_record",
    "4.7.1#tolerated",
    "accepted",
    beforeData(sendAfterwards(ticket(), ticket(), ticket())),
  ),
  afterHandshake(
    "a_hundred_new_session_tickets",
    "4.7.1#tolerated",
    "accepted",
    beforeData(sendAfterwards(...Array.from({ length: 100 }, () => ticket()))),
  ),
  ...[0, 604_801, 0xffff_ffff].map((lifetime) =>
    afterHandshake<Server>(
      `new_session_ticket_of_${lifetime}_seconds`,
      "4.7.1#tolerated",
      "accepted",
      beforeData(sendAfterwards(ticketFor(lifetime))),
    ),
  ),
  afterHandshake(
    "new_session_ticket_with_flags",
    "4.7.1#unknown-extensions",
    "accepted",
    beforeData(sendAfterwards(ticket(flags(0xff, 1, 0, 0x80)))),
  ),
  afterHandshake(
    "new_session_ticket_with_flags_in_more_bytes_than_they_take",
    "4.7.1",
    refused(Alert.illegalParameter, "tls_flags"),
    beforeData(sendAfterwards(ticket(flags(1, 0)))),
  ),
  afterHandshake(
    "new_session_ticket_with_no_flags",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    beforeData(sendAfterwards(ticket(flags()))),
  ),
  afterHandshake(
    "new_session_ticket_for_early_data",
    "4.7.1#tolerated",
    "accepted",
    beforeData(sendAfterwards(ticket(earlyData))),
  ),
  afterHandshake(
    "new_session_ticket_with_an_unknown_extension",
    "4.7.1#unknown-extensions",
    "accepted",
    beforeData(sendAfterwards(ticket({ code: privateUse.extension, data: Uint8Array.of(1) }))),
  ),
  afterHandshake(
    "new_session_ticket_with_early_data_twice",
    "4.3#no-duplicates",
    refused(Alert.decodeError, "duplicate_extension"),
    beforeData(sendAfterwards(ticket(earlyData, earlyData))),
  ),
  afterHandshake(
    "new_session_ticket_with_key_share",
    "4.3#places-checked",
    refused(Alert.illegalParameter, "forbidden_extension"),
    beforeData(sendAfterwards(ticket({ code: 51, data: Uint8Array.of(0, 0) }))),
  ),
  afterHandshake(
    "new_session_ticket_truncated",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    beforeData(sendAfterwards(frame(HandshakeType.newSessionTicket, ticket().subarray(4, -1)))),
  ),
  afterHandshake(
    "new_session_ticket_without_ticket",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    beforeData(
      sendAfterwards(frame(HandshakeType.newSessionTicket, Uint8Array.of(0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0))),
    ),
  ),
  ...[longest.newSessionTicket + 1, 0xff_ffff].map((length) =>
    afterHandshake<Server>(
      `new_session_ticket_of_${length}_bytes`,
      "6#syntax",
      refused(Alert.decodeError, "decode_error"),
      beforeData(sendAfterwards(spoil.announcing(length)(Uint8Array.of(HandshakeType.newSessionTicket)))),
    ),
  ),
];
