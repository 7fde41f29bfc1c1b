import { HandshakeType } from "@tlskit/messages";
import { Alert, asciiBytes, concat } from "@tlskit/wire";
import { ended, refused } from "../../../refusal.ts";
import { afterHandshake, type Deviation, type Expectation, inHandshake } from "../../deviation.ts";
import { RecordType } from "../../peer.ts";
import { frame, RawFinished } from "../../raw-messages.ts";
import {
  after,
  altered,
  alteredBytes,
  before,
  type Edit,
  edits,
  leftOut,
  moved,
  type Step,
  sentTwice,
  step,
} from "../../script.ts";
import { incremented, spoil } from "../../spoil.ts";
import type { ScriptedTls12Client } from "../../tls12/client.ts";
import { flush, record, unprotected } from "../records.ts";

type Client = ScriptedTls12Client;

const nothing = new Uint8Array(0);
const unexpected = refused(Alert.unexpectedMessage, "unexpected_message");
const unexpectedRecord = refused(Alert.unexpectedMessage, "unexpected_record");
const missing = refused(Alert.unexpectedMessage, "missing_change_cipher_spec");
const syntax = refused(Alert.decodeError, "decode_error");

/** In a record of its own. */
const apart = (code: number, body: Uint8Array): Step<Client> => unprotected(RecordType.handshake, frame(code, body));

/** What a client never sends, whatever it says. */
const strangers: readonly (readonly [word: string, code: number])[] = [
  ["hello_request", HandshakeType.helloRequest],
  ["server_hello", HandshakeType.serverHello],
  ["hello_verify_request", 3],
  ["new_session_ticket", HandshakeType.newSessionTicket],
  ["end_of_early_data", HandshakeType.endOfEarlyData],
  ["encrypted_extensions", HandshakeType.encryptedExtensions],
  ["server_key_exchange", HandshakeType.serverKeyExchange],
  ["certificate_request", HandshakeType.certificateRequest],
  ["server_hello_done", HandshakeType.serverHelloDone],
  ["certificate_status", HandshakeType.certificateStatus],
  ["certificate_url", 21],
  ["key_update", HandshakeType.keyUpdate],
  ["message_hash", HandshakeType.messageHash],
  ["unknown_message", 99],
];
/** What a client sends elsewhere, or when it is asked. */
const outOfPlace: readonly (readonly [word: string, code: number])[] = [
  ["certificate", HandshakeType.certificate],
  ["certificate_verify", HandshakeType.certificateVerify],
  ["finished", HandshakeType.finished],
];

const finished = (change: (verifyData: Uint8Array, client: Client) => Uint8Array): Edit<Client> =>
  altered<Client, Uint8Array>("Finished", RawFinished, change);

const wrongFinished: readonly (readonly [word: string, expected: Expectation, edit: Edit<Client>])[] = [
  ["changed_at_its_start", refused(Alert.decryptError, "bad_finished"), finished((bytes) => incremented(bytes, 0))],
  ["changed_at_its_end", refused(Alert.decryptError, "bad_finished"), finished((bytes) => incremented(bytes, -1))],
  ["of_zeros", refused(Alert.decryptError, "bad_finished"), finished(() => new Uint8Array(12))],
  [
    "of_the_server",
    refused(Alert.decryptError, "bad_finished"),
    finished((bytes, client) => client.mainSecret?.verifyData("server", client.transcriptHash) ?? bytes),
  ],
  [
    "of_another_transcript",
    refused(Alert.decryptError, "bad_finished"),
    finished(
      (bytes, { mainSecret, hash, transcript }) =>
        // As if the ClientKeyExchange were no part of it.
        mainSecret?.verifyData("client", hash.digest(concat(...transcript.slice(0, -1)))) ?? bytes,
    ),
  ],
  ["of_no_bytes", syntax, finished(() => nothing)],
  ["of_eleven_bytes", syntax, finished((bytes) => bytes.subarray(1))],
  ["of_thirteen_bytes", syntax, finished((bytes) => concat(bytes, Uint8Array.of(0)))],
  ["as_long_as_in_tls_1_3", syntax, finished((bytes) => concat(bytes, bytes, bytes.subarray(4)))],
];

/** Its hello, which is no part of the handshake that is under way or done. */
const helloAgain: Step<Client> = step("ClientHello again", (client) =>
  client.record(RecordType.handshake, client.hello),
);
const hellosAgain = (count: number): Step<Client>[] => Array.from({ length: count }, () => helloAgain);

/** The order of a client's messages in TLS 1.2, and its Finished. */
export const tls12ClientFlowDeviations: readonly Deviation<Client>[] = [
  inHandshake("nothing_odd", "RFC 5246 §7.3", "accepted", (script) => script),

  // In front of the ClientHello.
  ...[...strangers, ...outOfPlace, ["client_key_exchange", HandshakeType.clientKeyExchange] as const].map(
    ([word, code]) =>
      inHandshake<Client>(
        `${word}_before_clienthello`,
        "RFC 5246 §7.4#order",
        unexpected,
        before<Client>("ClientHello", apart(code, new Uint8Array(40))),
      ),
  ),
  inHandshake(
    "change_cipher_spec_before_clienthello",
    "RFC 5246 §7.1",
    unexpectedRecord,
    before<Client>("ClientHello", unprotected(RecordType.changeCipherSpec, Uint8Array.of(1))),
  ),
  inHandshake(
    "application_data_before_clienthello",
    "RFC 5246 §7.3#no-early-data",
    unexpectedRecord,
    before<Client>("ClientHello", unprotected(RecordType.applicationData, asciiBytes("data"))),
  ),

  // Missing, repeated, in another order (§7.4).
  inHandshake("clientkeyexchange_left_out", "RFC 5246 §7.4#order", unexpectedRecord, leftOut("ClientKeyExchange")),
  inHandshake(
    "clientkeyexchange_and_the_change_of_keys_left_out",
    "RFC 5246 §7.4#order",
    unexpected,
    edits<Client>(leftOut("ClientKeyExchange"), leftOut("change_cipher_spec"), leftOut("keys")),
  ),
  inHandshake(
    "clientkeyexchange_twice",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "message_spans_key_change"),
    sentTwice("ClientKeyExchange"),
  ),
  inHandshake(
    "clientkeyexchange_twice_in_two_records",
    "RFC 5246 §7.4#order",
    missing,
    after<Client>(
      "ClientKeyExchange",
      flush,
      apart(HandshakeType.clientKeyExchange, new Uint8Array(33).fill(32, 0, 1)),
    ),
  ),
  inHandshake(
    "clienthello_twice",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "excess_handshake_data"),
    sentTwice("ClientHello"),
  ),
  inHandshake(
    "clienthello_twice_in_two_records",
    "RFC 5246 §7.4#order",
    unexpected,
    after<Client>("ClientHello", flush, helloAgain),
  ),
  inHandshake(
    "clienthello_again_behind_the_server_s_flight",
    "RFC 5246 §7.4#order",
    unexpected,
    before<Client>("ClientKeyExchange", helloAgain),
  ),
  inHandshake(
    "clientkeyexchange_before_the_server_s_flight",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "excess_handshake_data"),
    edits<Client>(moved("receive ServerHelloDone", "ClientKeyExchange")),
  ),
  ...[...strangers, ...outOfPlace].flatMap(([word, code]) => [
    inHandshake<Client>(
      `${word}_before_clientkeyexchange`,
      "RFC 5246 §7.4#order",
      unexpected,
      before<Client>("ClientKeyExchange", apart(code, new Uint8Array(40))),
    ),
    inHandshake<Client>(
      `${word}_behind_clientkeyexchange`,
      "RFC 5246 §7.4#order",
      missing,
      before<Client>("change_cipher_spec", flush, apart(code, new Uint8Array(40))),
    ),
  ]),
  ...strangers.map(([word, code]) =>
    inHandshake<Client>(
      `protected_${word}_before_finished`,
      "RFC 5246 §7.4#order",
      unexpected,
      before<Client>("Finished", record(RecordType.handshake, frame(code, new Uint8Array(40)))),
    ),
  ),

  // Lengths.
  ...(["ClientHello", "ClientKeyExchange"] as const).flatMap((name) => [
    inHandshake<Client>(
      `${name.toLowerCase()}_without_its_last_byte`,
      "RFC 5246 §7.4.1.2#format",
      syntax,
      alteredBytes(name, spoil.withoutLastByte),
    ),
    inHandshake<Client>(
      `${name.toLowerCase()}_with_a_trailing_byte`,
      "RFC 5246 §7.4.1.2#format",
      syntax,
      alteredBytes(name, spoil.withTrailingByte),
    ),
    inHandshake<Client>(
      `${name.toLowerCase()}_without_a_body`,
      "RFC 5246 §7.4.1.2#format",
      syntax,
      alteredBytes(name, spoil.withoutBody),
    ),
  ]),

  // Finished (§7.4.9).
  ...wrongFinished.map(([word, expected, apply]) =>
    inHandshake<Client>(`finished_${word}`, "RFC 5246 §7.4.9#checked", expected, apply),
  ),
  inHandshake(
    "finished_before_the_keys_change",
    "RFC 5246 §7.1#new-keys, §7.4.9#checked",
    missing,
    edits<Client>(
      before("Finished", flush),
      moved("change_cipher_spec", "Finished"),
      moved("keys", "change_cipher_spec"),
    ),
  ),
  inHandshake(
    "finished_under_the_old_keys",
    "RFC 5246 §7.1#new-keys, §7.4.9#checked",
    refused(Alert.badRecordMac, "bad_record_mac"),
    leftOut("keys"),
  ),
  inHandshake(
    "finished_twice",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "excess_handshake_data"),
    sentTwice("Finished"),
  ),
  afterHandshake(
    "finished_twice_in_two_records",
    "RFC 5246 §7.4#order",
    unexpected,
    before<Client>("data", record(RecordType.handshake, frame(HandshakeType.finished, new Uint8Array(12)))),
  ),

  // Another handshake (RFC 5746).
  afterHandshake(
    "clienthello_after_the_handshake",
    "RFC 5746 §4.4#refused",
    "accepted",
    before<Client>("data", ...hellosAgain(2)),
  ),
  afterHandshake(
    "too_many_clienthellos_after_the_handshake",
    "RFC 5746 §4.4#refused",
    refused(Alert.unexpectedMessage, "too_many_renegotiations"),
    before<Client>("data", ...hellosAgain(20)),
  ),
  afterHandshake(
    "clienthello_after_the_handshake_that_can_t_be_read",
    "RFC 5246 §7.4.1.2#format",
    syntax,
    before<Client>("data", record(RecordType.handshake, frame(HandshakeType.clientHello, new Uint8Array(40)))),
  ),
  afterHandshake(
    "clienthello_after_the_handshake_that_goes_on",
    "RFC 5746 §4.4#refused",
    unexpected,
    before<Client>(
      "data",
      helloAgain,
      record(RecordType.handshake, frame(HandshakeType.clientKeyExchange, new Uint8Array(33).fill(32, 0, 1))),
    ),
  ),
  ...strangers.map(([word, code]) =>
    afterHandshake<Client>(
      `${word}_after_the_handshake_of_a_client`,
      "RFC 5246 §7.4#order",
      unexpected,
      before<Client>("data", record(RecordType.handshake, frame(code, new Uint8Array(40)))),
    ),
  ),

  // The end.
  inHandshake(
    "stream_ended_behind_clienthello",
    "RFC 5246 §7.2.1",
    ended("truncated"),
    after<Client>(
      "ClientHello",
      step("end of the stream", function* (client) {
        yield* client.flush();
        client.endStream();
      }),
    ),
  ),
];
