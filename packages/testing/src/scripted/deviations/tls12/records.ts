import { Alert } from "@tlskit/wire";
import { ended, refused } from "../../../refusal.ts";
import { afterHandshake, type Deviation, inHandshake } from "../../deviation.ts";
import { RecordType, scriptedData } from "../../peer.ts";
import { frame } from "../../raw-messages.ts";
import { after, before, edits, instead, leftOut, type Step, step } from "../../script.ts";
import type { ScriptedTls12Peer } from "../../tls12/peer.ts";
import { flush, inPieces, record, unprotected } from "../records.ts";

type Peer = ScriptedTls12Peer;
type Sent = Parameters<typeof before<Peer>>[1];

const nothing = new Uint8Array(0);
const changeCipherSpec = unprotected(RecordType.changeCipherSpec, Uint8Array.of(1));
const warning = (description: number): Step<Peer> => record(RecordType.alert, Uint8Array.of(1, description));
const times = (count: number, step: Step<Peer>): Step<Peer>[] => Array.from({ length: count }, () => step);

/** A record that was changed on its way. */
const spoiltRecord = (at: number): Step<Peer> =>
  step("spoilt record", function* (peer) {
    const sealed = yield* peer.sealed(RecordType.applicationData, scriptedData);
    const index = at < 0 ? sealed.length + at : at;
    sealed[index] = (sealed[index] ?? 0) ^ 1;
    peer.raw(sealed);
  });

/** A record that was sent again. */
const repeatedRecord: Step<Peer> = step("record again", function* (peer) {
  const sealed = yield* peer.sealed(RecordType.applicationData, nothing);
  peer.raw(sealed);
  peer.raw(sealed);
});

/** A record before which another was lost. */
const recordBehindLostOne: Step<Peer> = step("record behind a lost one", function* (peer) {
  yield* peer.sealed(RecordType.applicationData, nothing);
  yield* peer.record(RecordType.applicationData, scriptedData);
});

/**
 * Deviations of records, alerts and changes of keys, the same for both roles.
 * @param flightEnd the last message of the peer's first flight that goes out unprotected and isn't its only one.
 */
export function tls12RecordDeviations<P extends Peer>(flightEnd: string): Deviation<P>[] {
  const atEnd = (...sent: Sent[]): Deviation<P>["apply"] => after<P>(flightEnd, ...sent);
  const first = (...sent: Sent[]): Deviation<P>["apply"] => before<P>(flightEnd, flush, ...sent);
  const beforeData = (...sent: Sent[]): Deviation<P>["apply"] => before<P>("data", ...sent);
  const beforeFinished = (...sent: Sent[]): Deviation<P>["apply"] => before<P>("Finished", ...sent);
  const instead12 = (...sent: Sent[]): Deviation<P>["apply"] => instead<P>("change_cipher_spec", flush, ...sent);
  const unexpected = refused(Alert.unexpectedMessage, "unexpected_record");
  const unknown = refused(Alert.unexpectedMessage, "unknown_record_type");
  return [
    // How messages are cut and joined.
    inHandshake("handshake_messages_one_byte_a_record", "RFC 5246 §6.2.1", "accepted", atEnd(inPieces(1))),
    inHandshake("handshake_messages_seven_bytes_a_record", "RFC 5246 §6.2.1", "accepted", atEnd(inPieces(7))),
    inHandshake("finished_one_byte_a_record", "RFC 5246 §6.2.1", "accepted", after<P>("Finished", inPieces(1))),
    inHandshake(
      "empty_handshake_record",
      "RFC 5246 §6.2.1#empty-fragments",
      unexpected,
      first(unprotected(22, nothing)),
    ),
    inHandshake(
      "empty_protected_handshake_record",
      "RFC 5246 §6.2.1#empty-fragments",
      unexpected,
      beforeFinished(record(RecordType.handshake, nothing)),
    ),
    inHandshake(
      "record_too_long",
      "RFC 5246 §6.2.1#length",
      refused(Alert.recordOverflow, "record_overflow"),
      first(unprotected(RecordType.handshake, new Uint8Array(2 ** 14 + 1))),
    ),
    inHandshake("record_of_an_unknown_type", "RFC 5246 §6#types-checked", unknown, first(unprotected(24, nothing))),
    inHandshake(
      "protected_record_of_an_unknown_type",
      "RFC 5246 §6#types-checked",
      unknown,
      beforeFinished(record(24, Uint8Array.of(1))),
    ),

    // change_cipher_spec.
    inHandshake("change_cipher_spec_in_the_middle_of_a_flight", "RFC 5246 §7.1", unexpected, first(changeCipherSpec)),
    inHandshake(
      "change_cipher_spec_inside_a_message",
      "RFC 5246 §7.1",
      unexpected,
      atEnd(inPieces(3, changeCipherSpec)),
    ),
    inHandshake(
      "change_cipher_spec_twice",
      "RFC 5246 §7.1",
      unexpected,
      before<P>("change_cipher_spec", changeCipherSpec),
    ),
    inHandshake(
      "change_cipher_spec_again_under_the_new_keys",
      "RFC 5246 §7.1",
      unexpected,
      beforeFinished(record(RecordType.changeCipherSpec, Uint8Array.of(1))),
    ),
    inHandshake(
      "change_cipher_spec_left_out",
      "RFC 5246 §7.1#new-keys, §7.4.9#checked",
      refused(Alert.unexpectedMessage, "missing_change_cipher_spec"),
      edits<P>(instead12(), leftOut("keys")),
    ),
    ...(
      [
        ["of_another_value", [2]],
        ["of_zero", [0]],
        ["of_two_bytes", [1, 1]],
        ["of_no_bytes", []],
      ] as const
    ).map(([word, body]) =>
      inHandshake<P>(
        `change_cipher_spec_${word}`,
        "RFC 5246 §7.1",
        unexpected,
        instead12(unprotected(RecordType.changeCipherSpec, Uint8Array.from(body))),
      ),
    ),
    afterHandshake(
      "change_cipher_spec_after_the_handshake",
      "RFC 5246 §7.1",
      unexpected,
      beforeData(record(RecordType.changeCipherSpec, Uint8Array.of(1))),
    ),
    afterHandshake(
      "unprotected_change_cipher_spec_after_the_handshake",
      "RFC 5246 §7.1",
      unexpected,
      beforeData(changeCipherSpec),
    ),

    // Data.
    inHandshake(
      "application_data_before_the_keys_change",
      "RFC 5246 §7.3#no-early-data",
      unexpected,
      before<P>("change_cipher_spec", flush, unprotected(RecordType.applicationData, scriptedData)),
    ),
    inHandshake(
      "application_data_before_finished",
      "RFC 5246 §7.3#no-early-data",
      refused(Alert.unexpectedMessage, "early_application_data"),
      beforeFinished(record(RecordType.applicationData, scriptedData)),
    ),
    inHandshake(
      "application_data_inside_finished",
      "RFC 5246 §7.3#no-early-data",
      refused(Alert.unexpectedMessage, "interleaved_record"),
      after<P>("Finished", inPieces(7, record(RecordType.applicationData, scriptedData))),
    ),
    afterHandshake("empty_data", "RFC 5246 §6.2.1", "accepted", beforeData(...times(3, record(23, nothing)))),
    afterHandshake(
      "too_much_empty_data",
      "RFC 5246 §6.2.1",
      refused(Alert.unexpectedMessage, "too_many_useless_records"),
      beforeData(...times(100, record(23, nothing))),
    ),
    afterHandshake(
      "content_too_long",
      "RFC 5246 §6.2.1#length",
      refused(Alert.recordOverflow, "record_overflow"),
      beforeData(record(23, new Uint8Array(2 ** 14 + 1))),
    ),
    ...(
      [
        ["ciphertext", 15],
        ["tag", -1],
      ] as const
    ).map(([word, at]) =>
      afterHandshake<P>(
        `record_whose_${word}_was_changed`,
        "RFC 5246 §6.2.3.3#not-authentic",
        refused(Alert.badRecordMac, "bad_record_mac"),
        beforeData(spoiltRecord(at)),
      ),
    ),
    afterHandshake(
      "record_whose_type_was_changed",
      "RFC 5246 §6.2.3.3#not-authentic",
      refused(Alert.badRecordMac, "bad_record_mac"),
      beforeData(
        step("record of another type", function* (peer) {
          const sealed = yield* peer.sealed(RecordType.applicationData, scriptedData);
          sealed[0] = RecordType.alert;
          peer.raw(sealed);
        }),
      ),
    ),
    afterHandshake(
      "record_again",
      "RFC 5246 §6.2.3.3#not-authentic, §6.1#states-updated",
      refused(Alert.badRecordMac, "bad_record_mac"),
      beforeData(repeatedRecord),
    ),
    afterHandshake(
      "record_left_out",
      "RFC 5246 §6.2.3.3#not-authentic, §6.1#states-updated",
      refused(Alert.badRecordMac, "bad_record_mac"),
      beforeData(recordBehindLostOne),
    ),
    afterHandshake(
      "record_shorter_than_its_tag",
      "RFC 5246 §6.2.3.3#not-authentic",
      refused(Alert.badRecordMac, "bad_record_mac"),
      beforeData(unprotected(RecordType.applicationData, new Uint8Array(15))),
    ),
    afterHandshake(
      "unprotected_data",
      "RFC 5246 §6.2.3.3#not-authentic",
      refused(Alert.badRecordMac, "bad_record_mac"),
      beforeData(unprotected(RecordType.applicationData, scriptedData)),
    ),
    afterHandshake(
      "unprotected_alert",
      "RFC 5246 §6.2.3.3#not-authentic",
      refused(Alert.badRecordMac, "bad_record_mac"),
      beforeData(unprotected(RecordType.alert, Uint8Array.of(2, Alert.internalError))),
    ),

    // Alerts.
    inHandshake(
      "error_alert",
      "RFC 5246 §7.2.2",
      ended("alert_handshake_failure"),
      first(record(RecordType.alert, Uint8Array.of(2, Alert.handshakeFailure))),
    ),
    inHandshake("unknown_error_alert", "RFC 5246 §7.2.2", ended("alert_200"), first(record(21, Uint8Array.of(2, 200)))),
    inHandshake("close_notify", "RFC 5246 §7.2.1", ended("closed_during_handshake"), first(warning(0))),
    ...(
      [
        ["unrecognized_name", Alert.unrecognizedName],
        ["no_renegotiation", Alert.noRenegotiation],
        ["user_canceled", Alert.userCanceled],
        ["handshake_failure", Alert.handshakeFailure],
        ["something_unknown", 200],
      ] as const
    ).flatMap(([word, description]) => [
      inHandshake<P>(`warning_of_${word}`, "RFC 5246 §7.2.2", "accepted", first(warning(description))),
      inHandshake<P>(
        `protected_warning_of_${word}`,
        "RFC 5246 §7.2.2",
        "accepted",
        beforeFinished(warning(description)),
      ),
      afterHandshake<P>(
        `warning_of_${word}_after_the_handshake`,
        "RFC 5246 §7.2.2",
        "accepted",
        beforeData(warning(description)),
      ),
    ]),
    inHandshake(
      "too_many_warnings",
      "RFC 5246 §7.2.2#warning-not-taken",
      refused(Alert.unexpectedMessage, "too_many_alerts"),
      first(...times(50, warning(Alert.unrecognizedName))),
    ),
    afterHandshake(
      "too_many_warnings_after_the_handshake",
      "RFC 5246 §7.2.2#warning-not-taken",
      refused(Alert.unexpectedMessage, "too_many_alerts"),
      beforeData(...times(50, warning(Alert.unrecognizedName))),
    ),
    inHandshake(
      "alert_of_one_byte",
      "RFC 5246 §7.2",
      refused(Alert.decodeError, "decode_error"),
      first(record(21, Uint8Array.of(2))),
    ),
    inHandshake(
      "two_alerts_in_a_record",
      "RFC 5246 §7.2",
      refused(Alert.decodeError, "decode_error"),
      first(record(21, Uint8Array.of(1, 90, 1, 0))),
    ),
    inHandshake("alert_of_no_bytes", "RFC 5246 §6.2.1#empty-fragments", unexpected, first(unprotected(21, nothing))),
    inHandshake(
      "warning_inside_a_message",
      "RFC 5246 §6.2.1#order",
      refused(Alert.unexpectedMessage, "interleaved_record"),
      atEnd(inPieces(3, record(RecordType.alert, Uint8Array.of(1, Alert.userCanceled)))),
    ),
    afterHandshake(
      "error_alert_after_the_handshake",
      "RFC 5246 §7.2.2",
      ended("alert_internal_error"),
      beforeData(record(RecordType.alert, Uint8Array.of(2, Alert.internalError))),
    ),
    afterHandshake(
      "stream_ended_without_close_notify",
      "RFC 5246 §7.2.1",
      ended("truncated"),
      before<P>(
        "data",
        step("end of the stream", function* (peer) {
          yield* peer.flush();
          peer.endStream();
        }),
      ),
    ),
    afterHandshake(
      "data_after_close_notify",
      "RFC 5246 §7.2.1",
      "accepted",
      after<P>("data", warning(Alert.closeNotify), record(RecordType.applicationData, Uint8Array.of(1, 2, 3))),
    ),

    // Messages after the handshake.
    ...(
      [
        ["finished", 20, 12],
        ["key_update", 24, 1],
        ["certificate", 11, 3],
        ["new_session_ticket", 4, 6],
        ["client_key_exchange", 16, 33],
        ["unknown_message", 99, 0],
      ] as const
    ).map(([word, code, length]) =>
      afterHandshake<P>(
        `${word}_after_the_handshake`,
        "RFC 5246 §7.4#order",
        refused(Alert.unexpectedMessage, "unexpected_message"),
        beforeData(record(RecordType.handshake, frame(code, new Uint8Array(length)))),
      ),
    ),
  ];
}
