import { earlyDataIndication, HandshakeType } from "@tlskit/messages";
import { Alert, asciiBytes, concat } from "@tlskit/wire";
import { ended, refused } from "../../refusal.ts";
import type { ScriptedClient } from "../client.ts";
import { afterHandshake, type Deviation, type Expectation, inHandshake } from "../deviation.ts";
import { RecordType } from "../peer.ts";
import { frame, RawClientHello, RawFinished, rawExtension } from "../raw-messages.ts";
import {
  after,
  altered,
  alteredBytes,
  before,
  type Edit,
  edits,
  leftOut,
  messageStep,
  type Step,
  sentTwice,
  step,
} from "../script.ts";
import { closeNotify, sharedSteps } from "../shared-steps.ts";
import { incremented, longest, spoil, withExtension, withoutExtension } from "../spoil.ts";
import { offeringEarlyData } from "./client-hello.ts";
import { withRetry } from "./client-retry.ts";
import { inPieces, raw, record, unprotected } from "./records.ts";

type Client = ScriptedClient;

const nothing = new Uint8Array(0);
const first = (...sent: readonly Step<Client>[]): Edit<Client> => before<Client>("ClientHello", ...sent);

/** Sends its latest hello again, without protection; it is not part of the handshake that goes on meanwhile. */
const clientHelloAgain: Step<Client> = step("ClientHello again", function* (client) {
  yield* client.flush();
  client.unprotected(RecordType.handshake, client.lastHello);
});

/** Records that can't be opened: early data under a key that the server hasn't got. */
function earlyData(records: number, length: number): Step<Client> {
  return step("early data", function* (client) {
    yield* client.flush();
    for (let i = 0; i < records; i += 1) client.unprotected(RecordType.applicationData, client.random(length));
  });
}

const announcingEarlyData: Edit<Client> = altered<Client, RawClientHello>("ClientHello", RawClientHello, (hello) =>
  offeringEarlyData(hello),
);

/** The second hello can't repeat early_data (RFC 9846 §4.3.10). */
const retryAfterEarlyData = (records: number, length: number): Edit<Client> =>
  edits(
    withRetry,
    announcingEarlyData,
    after<Client>("ClientHello", earlyData(records, length)),
    altered<Client, RawClientHello>("second ClientHello", RawClientHello, (hello) => withoutExtension(hello, 42)),
  );

/** What comes first, or with the first hello. */
const beginnings: readonly Deviation<Client>[] = [
  inHandshake("nothing_odd", "2", "accepted", (script) => script),
  ...(
    [
      ["hello_request", 0],
      ["server_hello", HandshakeType.serverHello],
      ["encrypted_extensions", HandshakeType.encryptedExtensions],
      ["certificate", HandshakeType.certificate],
      ["finished", HandshakeType.finished],
      ["key_update", HandshakeType.keyUpdate],
      ["end_of_early_data", HandshakeType.endOfEarlyData],
      ["message_hash", HandshakeType.messageHash],
      ["unknown_message", 99],
    ] as const
  ).map(([word, code]) =>
    inHandshake<Client>(
      `${word}_before_client_hello`,
      "4#order-checked",
      refused(Alert.unexpectedMessage, "unexpected_message"),
      first(unprotected(RecordType.handshake, frame(code, new Uint8Array(32)))),
    ),
  ),
  inHandshake(
    "application_data_before_client_hello",
    "5#types-checked",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    first(unprotected(RecordType.applicationData, new Uint8Array(32))),
  ),
  inHandshake(
    "change_cipher_spec_before_client_hello",
    "5#change-cipher-spec-time",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    first(unprotected(RecordType.changeCipherSpec, Uint8Array.of(1))),
  ),
  inHandshake(
    "error_alert_before_client_hello",
    "6.2#closed-at-once",
    ended("alert_handshake_failure"),
    first(unprotected(RecordType.alert, Uint8Array.of(2, 40))),
  ),
  inHandshake(
    "close_notify_before_client_hello",
    "6.1",
    ended("closed_during_handshake"),
    first(unprotected(RecordType.alert, closeNotify)),
  ),
  inHandshake(
    "alert_of_one_byte_before_client_hello",
    "5.1#one-alert-a-record",
    refused(Alert.decodeError, "decode_error"),
    first(unprotected(RecordType.alert, Uint8Array.of(2))),
  ),
  inHandshake(
    "empty_record_before_client_hello",
    "5.1",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    first(unprotected(RecordType.handshake, nothing)),
  ),
  inHandshake(
    "record_too_long_before_client_hello",
    "5.1#length-checked",
    refused(Alert.recordOverflow, "record_overflow"),
    first(unprotected(RecordType.handshake, new Uint8Array(2 ** 14 + 1))),
  ),
  inHandshake(
    "http_request",
    "5#types-checked",
    ended("http_request"),
    first(raw(asciiBytes("GET / HTTP/1.1\r\n\r\n"))),
  ),
  inHandshake(
    "ssl_2_client_hello",
    "E.5",
    refused(Alert.protocolVersion, "ssl_2_client_hello"),
    first(raw(Uint8Array.of(0x80, 0x2e, 1, 3, 1, 0, 0x15, 0, 0, 0, 0x10))),
  ),
  inHandshake(
    "stream_ended_before_client_hello",
    "6.1",
    ended("truncated"),
    first(
      step("end of the stream", function* (client) {
        yield* client.flush();
        client.endStream();
      }),
    ),
  ),
  inHandshake("client_hello_one_byte_a_record", "5.1", "accepted", after("ClientHello", inPieces(1))),
  inHandshake(
    "client_hello_with_change_cipher_spec_inside",
    "5.1#no-interleaving",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    after("ClientHello", inPieces(50, unprotected(RecordType.changeCipherSpec, Uint8Array.of(1)))),
  ),
  ...[0x0000, 0x0300, 0x0301, 0x7f7f].map((version) =>
    inHandshake<Client>(
      `legacy_record_version_${version.toString(16).padStart(4, "0")}`,
      "5.1",
      "accepted",
      after(
        "ClientHello",
        step("record of a version", function* (client) {
          const flight = client.takeFlight();
          yield* client.flush();
          client.raw(
            concat(Uint8Array.of(22, version >> 8, version & 0xff, flight.length >> 8, flight.length & 0xff), flight),
          );
        }),
      ),
    ),
  ),
  inHandshake(
    "client_hello_and_more_in_a_record",
    "5.1#key-change-alignment",
    refused(Alert.unexpectedMessage, "message_spans_key_change"),
    after(
      "ClientHello",
      messageStep<Client>("Finished too early", (client) => client.finished()),
    ),
  ),
  inHandshake(
    "client_hello_twice_in_a_record",
    "5.1#key-change-alignment",
    refused(Alert.unexpectedMessage, "message_spans_key_change"),
    sentTwice("ClientHello"),
  ),
  inHandshake(
    "client_hello_twice",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    after("ClientHello", clientHelloAgain),
  ),
  inHandshake(
    "early_data_not_announced",
    "4.3.10",
    refused(Alert.badRecordMac, "bad_record_mac"),
    after("ClientHello", earlyData(1, 100)),
  ),
  inHandshake(
    "unprotected_error_alert_after_client_hello",
    "6.2#closed-at-once",
    ended("alert_handshake_failure"),
    after("ClientHello", unprotected(RecordType.alert, Uint8Array.of(2, 40))),
  ),
];

/** Early data, which a server that accepts none passes over (RFC 9846 §4.3.10). */
const early: readonly Deviation<Client>[] = [
  inHandshake(
    "early_data",
    "4.3.10#three-ways",
    "accepted",
    edits(announcingEarlyData, after("ClientHello", earlyData(4, 2000))),
  ),
  inHandshake(
    "early_data_without_pre_shared_key",
    "4.3.10#three-ways",
    "accepted",
    edits(
      altered<Client, RawClientHello>("ClientHello", RawClientHello, (hello) =>
        withExtension(hello, rawExtension(earlyDataIndication, null)),
      ),
      after("ClientHello", earlyData(4, 2000)),
    ),
  ),
  inHandshake("early_data_announced_and_not_sent", "4.3.10#three-ways", "accepted", announcingEarlyData),
  inHandshake(
    "early_data_over_the_limit",
    "4.3.10",
    refused(Alert.unexpectedMessage, "too_much_early_data"),
    edits(announcingEarlyData, after("ClientHello", earlyData(40, 16000))),
  ),
  inHandshake("early_data_and_hello_retry_request", "4.3.10#three-ways", "accepted", retryAfterEarlyData(4, 2000)),
  inHandshake(
    "early_data_over_the_limit_and_hello_retry_request",
    "4.3.10",
    refused(Alert.unexpectedMessage, "too_much_early_data"),
    retryAfterEarlyData(40, 16000),
  ),
  inHandshake(
    "third_client_hello",
    "4.2.2#no-renegotiation",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    edits(withRetry, before<Client>("receive ServerHello", clientHelloAgain)),
  ),
  inHandshake(
    "early_data_after_the_second_client_hello",
    "4.3.10",
    refused(Alert.badRecordMac, "bad_record_mac"),
    edits(retryAfterEarlyData(1, 100), before<Client>("receive ServerHello", earlyData(1, 100))),
  ),
  afterHandshake(
    "early_data_after_finished",
    "4.3.10",
    refused(Alert.badRecordMac, "bad_record_mac"),
    edits(announcingEarlyData, after("Finished", earlyData(1, 100))),
  ),
];

const finished = (change: (verifyData: Uint8Array, client: Client) => Uint8Array): Edit<Client> =>
  altered<Client, Uint8Array>("Finished", RawFinished, change);

const wrongFinished: readonly (readonly [word: string, Expectation, Edit<Client>])[] = [
  ["changed_at_its_start", refused(Alert.decryptError, "bad_finished"), finished((bytes) => incremented(bytes, 0))],
  ["changed_at_its_end", refused(Alert.decryptError, "bad_finished"), finished((bytes) => incremented(bytes, -1))],
  ["of_zeros", refused(Alert.decryptError, "bad_finished"), finished((bytes) => new Uint8Array(bytes.length))],
  [
    "of_the_server",
    refused(Alert.decryptError, "bad_finished"),
    finished((bytes, client) => client.handshakeStage?.server.verifyData(client.transcriptHash) ?? bytes),
  ],
  [
    "of_another_transcript",
    refused(Alert.decryptError, "bad_finished"),
    finished((bytes, client) => client.handshakeStage?.client.verifyData(client.random(bytes.length)) ?? bytes),
  ],
  ["truncated", refused(Alert.decodeError, "decode_error"), alteredBytes("Finished", spoil.withoutLastByte)],
  ["with_trailing_byte", refused(Alert.decodeError, "decode_error"), alteredBytes("Finished", spoil.withTrailingByte)],
  ["without_body", refused(Alert.decodeError, "decode_error"), alteredBytes("Finished", spoil.withoutBody)],
  ["as_in_tls_1_2", refused(Alert.decodeError, "decode_error"), finished((bytes) => bytes.subarray(0, 12))],
  [
    `of_${longest.finished + 1}_bytes`,
    refused(Alert.decodeError, "decode_error"),
    alteredBytes("Finished", spoil.announcing(longest.finished + 1)),
  ],
  [
    "of_16777215_bytes",
    refused(Alert.decodeError, "decode_error"),
    alteredBytes("Finished", spoil.announcing(0xff_ffff)),
  ],
];

/** The client's second flight. */
const endings: readonly Deviation<Client>[] = [
  ...wrongFinished.map(([word, expected, apply]) =>
    inHandshake<Client>(`finished_${word}`, "4.5.3#verified", expected, apply),
  ),
  inHandshake("finished_left_out", "4.5.3", refused(Alert.badRecordMac, "bad_record_mac"), leftOut("Finished")),
  inHandshake(
    "finished_left_out_without_new_keys",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "early_application_data"),
    edits(leftOut<Client>("Finished"), leftOut("application keys")),
  ),
  inHandshake(
    "finished_without_protection",
    "5#types-checked",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    leftOut("handshake keys"),
  ),
  inHandshake(
    "finished_twice_in_a_record",
    "5.1#key-change-alignment",
    refused(Alert.unexpectedMessage, "message_spans_key_change"),
    sentTwice("Finished"),
  ),
  inHandshake(
    "finished_and_a_part_of_a_message_in_a_record",
    "5.1#key-change-alignment",
    refused(Alert.unexpectedMessage, "message_spans_key_change"),
    after(
      "Finished",
      step<Client>("a byte", function* (client) {
        yield* client.record(RecordType.handshake, concat(client.takeFlight(), Uint8Array.of(HandshakeType.keyUpdate)));
      }),
    ),
  ),
  inHandshake(
    "certificate_not_asked_for",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before(
      "Finished",
      messageStep<Client>("Certificate", (client) => client.emptyCertificate()),
    ),
  ),
  inHandshake(
    "certificate_verify_not_asked_for",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before(
      "Finished",
      messageStep<Client>("CertificateVerify", () => frame(HandshakeType.certificateVerify, Uint8Array.of(4, 3, 0, 0))),
    ),
  ),
  inHandshake(
    "end_of_early_data_not_expected",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before(
      "Finished",
      messageStep<Client>("EndOfEarlyData", () => frame(HandshakeType.endOfEarlyData, nothing)),
    ),
  ),
  inHandshake(
    "protected_client_hello",
    "4.2.2#no-renegotiation",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before(
      "Finished",
      messageStep<Client>("ClientHello again", (client) => client.secondClientHello()),
    ),
  ),
  inHandshake(
    "application_data_under_old_keys",
    "4.5.3",
    refused(Alert.unexpectedMessage, "early_application_data"),
    before("Finished", record(RecordType.applicationData, Uint8Array.of(1))),
  ),
  inHandshake(
    "several_change_cipher_specs_after_client_hello",
    "5#change-cipher-spec-dropped",
    "accepted",
    after("ClientHello", sharedSteps.changeCipherSpec, sharedSteps.changeCipherSpec),
  ),
];

/** Messages left out, twice, early, late, cut short and too long (RFC 9846 §2, §4, §6.2). */
export const clientFlowDeviations: readonly Deviation<Client>[] = [...beginnings, ...early, ...endings];
