import { HandshakeType } from "@tlskit/messages";
import { Alert, concat } from "@tlskit/wire";
import { ended, refused } from "../../refusal.ts";
import { type Deviation, inHandshake } from "../deviation.ts";
import { RecordType } from "../peer.ts";
import { frame } from "../raw-messages.ts";
import {
  after,
  alteredBytes,
  before,
  edits,
  leftOut,
  messageStep,
  moved,
  type Script,
  sentTwice,
  step,
} from "../script.ts";
import type { ScriptedServer } from "../server.ts";
import { closeNotify } from "../shared-steps.ts";
import { incremented, longest, spoil } from "../spoil.ts";
import { flush, unprotected } from "./records.ts";

type Server = ScriptedServer;

/** The server's messages with an offset, in the message, of a length that is inside of it, and how long they can be. */
const messages: readonly (readonly [name: string, word: string, innerLengthAt: number, longest: number])[] = [
  ["ServerHello", "server_hello", 4 + 34, longest.serverHello],
  ["EncryptedExtensions", "encrypted_extensions", 5, longest.encryptedExtensions],
  ["Certificate", "certificate", 7, longest.certificate],
  ["CertificateVerify", "certificate_verify", 7, longest.certificateVerify],
];

const certificateRequest = messageStep<Server>("CertificateRequest", (server) => server.certificateRequest());

/** Messages left out, twice, early, late, cut short and too long (RFC 9846 §2, §4, §6.2). */
export const serverFlowDeviations: readonly Deviation<Server>[] = [
  inHandshake("nothing_odd", "2", "accepted", (script) => script),
  inHandshake("each_message_in_a_record", "5.1", "accepted", eachInItsRecord),

  ...[...messages, ["Finished", "finished"] as const].flatMap(([name, word]): Deviation<Server>[] => [
    // A Finished of the wrong length can't be parsed, as verify_data has the hash's (§4.5.3).
    inHandshake(
      `${word}_truncated`,
      "6#syntax",
      refused(Alert.decodeError, "decode_error"),
      alteredBytes(name, spoil.withoutLastByte),
    ),
    inHandshake(
      `${word}_with_trailing_byte`,
      "6#syntax",
      refused(Alert.decodeError, "decode_error"),
      alteredBytes(name, spoil.withTrailingByte),
    ),
    inHandshake(
      `${word}_without_body`,
      "6#syntax",
      refused(Alert.decodeError, "decode_error"),
      alteredBytes(name, spoil.withoutBody),
    ),
  ]),
  // The longest that there can be is wrong in nothing, but more than anybody has to take.
  ...messages.map(([name, word, , most]) =>
    inHandshake<Server>(
      `${word}_as_long_as_can_be`,
      "6.2",
      refused(Alert.internalError, "message_too_long"),
      alteredBytes(name, spoil.announcing(most)),
    ),
  ),
  ...[...messages, ["Finished", "finished", 0, longest.finished] as const]
    .filter(([, , , most]) => most < 0xff_ffff)
    .flatMap(([name, word, , most]) =>
      [most + 1, 0xff_ffff].map((length) =>
        inHandshake<Server>(
          `${word}_of_${length}_bytes`,
          "6#syntax",
          refused(Alert.decodeError, "decode_error"),
          alteredBytes(name, spoil.announcing(length)),
        ),
      ),
    ),
  ...messages.map(([name, word, at]) =>
    inHandshake<Server>(
      `${word}_with_an_inner_length_too_long`,
      "6#syntax",
      refused(Alert.decodeError, "decode_error"),
      alteredBytes(name, (message) => incremented(message, at)),
    ),
  ),

  inHandshake(
    "server_hello_left_out",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    leftOut("ServerHello"),
  ),
  inHandshake(
    "encrypted_extensions_left_out",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    leftOut("EncryptedExtensions"),
  ),
  inHandshake(
    "certificate_and_certificate_verify_left_out",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    edits(leftOut<Server>("Certificate"), leftOut("CertificateVerify")),
  ),
  inHandshake(
    "certificate_left_out",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    leftOut("Certificate"),
  ),
  // Some client takes a server for authentic whose key nobody has seen at work.
  inHandshake(
    "certificate_verify_left_out",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    leftOut("CertificateVerify"),
  ),
  inHandshake(
    "finished_left_out",
    "4.5.3",
    refused(Alert.badRecordMac, "bad_record_mac"),
    edits(leftOut<Server>("Finished"), leftOut("receive Finished")),
  ),
  inHandshake(
    "finished_left_out_without_new_keys",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "early_application_data"),
    edits(leftOut<Server>("Finished"), leftOut("application keys"), leftOut("receive Finished")),
  ),
  inHandshake(
    "finished_alone",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    edits(leftOut<Server>("EncryptedExtensions"), leftOut("Certificate"), leftOut("CertificateVerify")),
  ),

  inHandshake(
    "server_hello_twice_in_a_record",
    "5.1#key-change-alignment",
    refused(Alert.unexpectedMessage, "message_spans_key_change"),
    sentTwice("ServerHello"),
  ),
  inHandshake(
    "server_hello_twice",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    after(
      "handshake keys",
      messageStep<Server>("second ServerHello", (server) => server.serverHello()),
    ),
  ),
  inHandshake(
    "encrypted_extensions_twice",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    sentTwice("EncryptedExtensions"),
  ),
  inHandshake(
    "certificate_twice",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    sentTwice("Certificate"),
  ),
  inHandshake(
    "certificate_verify_twice",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    sentTwice("CertificateVerify"),
  ),
  inHandshake(
    "finished_twice_in_a_record",
    "5.1#key-change-alignment",
    refused(Alert.unexpectedMessage, "message_spans_key_change"),
    sentTwice("Finished"),
  ),
  inHandshake(
    "certificate_request_twice",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before("Certificate", certificateRequest, certificateRequest),
  ),

  inHandshake(
    "encrypted_extensions_before_server_hello",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before(
      "ServerHello",
      messageStep<Server>("early EncryptedExtensions", (server) => server.encryptedExtensions()),
    ),
  ),
  inHandshake(
    "certificate_before_encrypted_extensions",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    moved("EncryptedExtensions", "Certificate"),
  ),
  inHandshake(
    "certificate_verify_before_certificate",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    moved("Certificate", "CertificateVerify"),
  ),
  inHandshake(
    "finished_before_certificate_verify",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    moved("CertificateVerify", "Finished"),
  ),
  inHandshake(
    "certificate_request_before_encrypted_extensions",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before("EncryptedExtensions", certificateRequest),
  ),
  inHandshake(
    "certificate_request_after_certificate",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    after("Certificate", certificateRequest),
  ),
  inHandshake(
    "certificate_request_after_certificate_verify",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    after("CertificateVerify", certificateRequest),
  ),

  // Messages of other kinds, without protection.
  ...(
    [
      ["hello_request", 0],
      ["client_hello", HandshakeType.clientHello],
      ["hello_verify_request", 3],
      ["new_session_ticket", HandshakeType.newSessionTicket],
      ["key_update", HandshakeType.keyUpdate],
      ["finished", HandshakeType.finished],
      ["message_hash", HandshakeType.messageHash],
      ["unknown_message", 99],
    ] as const
  ).map(([word, code]) =>
    inHandshake<Server>(
      `${word}_before_server_hello`,
      "4#order-checked",
      refused(Alert.unexpectedMessage, "unexpected_message"),
      before("ServerHello", unprotected(RecordType.handshake, frame(code, new Uint8Array(40)))),
    ),
  ),
  inHandshake(
    "application_data_before_server_hello",
    "5#types-checked",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    before("ServerHello", unprotected(RecordType.applicationData, new Uint8Array(40))),
  ),
  inHandshake(
    "unprotected_handshake_record_of_no_bytes",
    "5.1",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    before("ServerHello", unprotected(RecordType.handshake, new Uint8Array(0))),
  ),
  inHandshake(
    "unprotected_record_too_long",
    "5.1#length-checked",
    refused(Alert.recordOverflow, "record_overflow"),
    before("ServerHello", unprotected(RecordType.handshake, new Uint8Array(2 ** 14 + 1))),
  ),
  inHandshake(
    "unprotected_alert_of_no_bytes",
    "5.1",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    before("ServerHello", unprotected(RecordType.alert, new Uint8Array(0))),
  ),
  inHandshake(
    "unprotected_alert_of_one_byte",
    "5.1#one-alert-a-record",
    refused(Alert.decodeError, "decode_error"),
    before("ServerHello", unprotected(RecordType.alert, Uint8Array.of(2))),
  ),
  inHandshake(
    "error_alert_before_server_hello",
    "6.2#closed-at-once",
    ended("alert_handshake_failure"),
    before("ServerHello", unprotected(RecordType.alert, Uint8Array.of(2, Alert.handshakeFailure))),
  ),
  inHandshake(
    "error_alert_after_server_hello_without_protection",
    "6.2#closed-at-once",
    ended("alert_internal_error"),
    before("EncryptedExtensions", unprotected(RecordType.alert, Uint8Array.of(2, Alert.internalError))),
  ),
  inHandshake(
    "close_notify_before_server_hello",
    "6.1",
    ended("closed_during_handshake"),
    before("ServerHello", unprotected(RecordType.alert, closeNotify)),
  ),
  inHandshake(
    "change_cipher_spec_before_server_hello",
    "5#change-cipher-spec-dropped",
    "accepted",
    before("ServerHello", unprotected(RecordType.changeCipherSpec, Uint8Array.of(1))),
  ),

  // Keys change at a record's end (§5.1).
  inHandshake(
    "server_hello_and_encrypted_extensions_in_a_record",
    "5.1#key-change-alignment",
    refused(Alert.unexpectedMessage, "message_spans_key_change"),
    after(
      "ServerHello",
      messageStep<Server>("EncryptedExtensions too early", (server) => server.encryptedExtensions()),
    ),
  ),
  inHandshake(
    "server_hello_and_a_part_of_a_message_in_a_record",
    "5.1#key-change-alignment",
    refused(Alert.unexpectedMessage, "message_spans_key_change"),
    after(
      "ServerHello",
      step<Server>("a byte", function* (server) {
        yield* server.record(
          RecordType.handshake,
          concat(server.takeFlight(), Uint8Array.of(HandshakeType.encryptedExtensions)),
        );
      }),
    ),
  ),
  inHandshake(
    "finished_and_new_session_ticket_in_a_record",
    "5.1#key-change-alignment",
    refused(Alert.unexpectedMessage, "message_spans_key_change"),
    after(
      "Finished",
      messageStep<Server>("NewSessionTicket", () =>
        frame(HandshakeType.newSessionTicket, Uint8Array.of(0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 1, 7, 0, 0)),
      ),
    ),
  ),
];

function eachInItsRecord(script: Script<Server>): Script<Server> {
  return script.flatMap((found) => (found.make === undefined ? [found] : [found, flush]));
}
