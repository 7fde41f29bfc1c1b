import { HandshakeType } from "@tlskit/messages";
import { Alert, concat } from "@tlskit/wire";
import { refused } from "../../../refusal.ts";
import { afterHandshake, type Deviation, inHandshake } from "../../deviation.ts";
import { RecordType } from "../../peer.ts";
import { frame } from "../../raw-messages.ts";
import {
  after,
  altered,
  alteredBytes,
  before,
  type Edit,
  edits,
  instead,
  leftOut,
  messageStep,
  moved,
  sentTwice,
  step,
} from "../../script.ts";
import { spoil } from "../../spoil.ts";
import { RawTls12NewSessionTicket } from "../../tls12/raw-messages.ts";
import type { ScriptedTls12Server } from "../../tls12/server.ts";
import { flush, record } from "../records.ts";

type Server = ScriptedTls12Server;

const syntax = refused(Alert.decodeError, "decode_error");
const missing = refused(Alert.unexpectedMessage, "missing_change_cipher_spec");

const ticket = (change: (message: RawTls12NewSessionTicket) => Partial<RawTls12NewSessionTicket>): Edit<Server> =>
  altered<Server, RawTls12NewSessionTicket>("NewSessionTicket", RawTls12NewSessionTicket, (message) => ({
    ...message,
    ...change(message),
  }));

const unannounced: Edit<Server> = edits(
  leftOut<Server>("a ticket is going to come"),
  before<Server>("NewSessionTicket", flush),
);

/** RFC 5077 §3.3, for a client that wants tickets, of a server whose script gives one, resuming or not. */
export const tls12TicketDeviations: readonly Deviation<Server>[] = [
  inHandshake("ticket", "RFC 5077 §3.3#issued", "accepted", (script) => [...script]),
  inHandshake(
    "empty_ticket",
    "RFC 5077 §3.3",
    "accepted",
    ticket(() => ({ ticket: new Uint8Array(0) })),
  ),
  inHandshake(
    "ticket_for_no_time_that_is_told",
    "RFC 5077 §3.3#lifetime",
    "accepted",
    ticket(() => ({ lifetimeHint: 0 })),
  ),
  inHandshake(
    "ticket_for_ever",
    "RFC 5077 §3.3#lifetime",
    "accepted",
    ticket(() => ({ lifetimeHint: 0xffff_ffff })),
  ),
  inHandshake(
    "ticket_as_long_as_can_be",
    "RFC 5077 §3.3",
    "accepted",
    ticket(() => ({ ticket: new Uint8Array(0xffff) })),
  ),
  inHandshake(
    "ticket_that_was_announced_and_left_out",
    "RFC 5077 §3.3#issued",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    leftOut("NewSessionTicket"),
  ),
  inHandshake("ticket_that_was_not_announced", "RFC 5077 §3.3#only-announced", missing, unannounced),
  inHandshake(
    "ticket_twice",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "message_spans_key_change"),
    sentTwice("NewSessionTicket"),
  ),
  inHandshake(
    "ticket_behind_the_change_of_keys",
    "RFC 5246 §7.4#order, RFC 5077 §3.3",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    moved("NewSessionTicket", "change_cipher_spec"),
  ),
  inHandshake(
    "part_of_a_ticket_in_front_of_the_change_of_keys",
    "RFC 5246 §7.1",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    instead<Server>(
      "NewSessionTicket",
      step("part of a ticket", function* (server) {
        yield* server.flush();
        server.unprotected(RecordType.handshake, server.newSessionTicket().subarray(0, 50));
      }),
    ),
  ),
  inHandshake(
    "ticket_without_its_last_byte",
    "RFC 5246 §7.2.2",
    syntax,
    alteredBytes("NewSessionTicket", spoil.withoutLastByte),
  ),
  inHandshake(
    "ticket_with_a_trailing_byte",
    "RFC 5246 §7.2.2",
    syntax,
    alteredBytes("NewSessionTicket", spoil.withTrailingByte),
  ),
  inHandshake("ticket_without_a_body", "RFC 5246 §7.2.2", syntax, alteredBytes("NewSessionTicket", spoil.withoutBody)),
  inHandshake(
    "ticket_as_in_tls_1_3",
    "RFC 5077 §3.3",
    syntax,
    alteredBytes("NewSessionTicket", () =>
      frame(HandshakeType.newSessionTicket, Uint8Array.of(0, 0, 14, 16, 0, 0, 0, 0, 1, 1, 0, 1, 7, 0, 0)),
    ),
  ),
  afterHandshake(
    "ticket_after_the_handshake",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before<Server>(
      "data",
      record(
        RecordType.handshake,
        frame(HandshakeType.newSessionTicket, concat(new Uint8Array(4), Uint8Array.of(0, 1, 7))),
      ),
    ),
  ),
];

/** For a client that has no use for tickets, and hasn't asked for any. */
export const tls12UnaskedTicketDeviations: readonly Deviation<Server>[] = [
  inHandshake(
    "ticket_that_was_not_asked_for",
    "RFC 5246 §7.4.1.4#extensions-checked, RFC 5077 §3.2#not-wanted",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    (script) => [...script],
  ),
  inHandshake("ticket_that_was_neither_asked_for_nor_announced", "RFC 5077 §3.3#only-announced", missing, unannounced),
];

/** In the first flight of a full handshake, where the client's Finished hasn't come. */
export const tls12EarlyTicketDeviations: readonly Deviation<Server>[] = (
  ["ServerHello", "Certificate", "ServerKeyExchange"] as const
).map((name) =>
  inHandshake<Server>(
    `ticket_behind_${name.toLowerCase()}`,
    "RFC 5246 §7.4#order, RFC 5077 §3.3#finished-first",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    after<Server>(
      name,
      messageStep("early NewSessionTicket", (server) => server.newSessionTicket()),
    ),
  ),
);
