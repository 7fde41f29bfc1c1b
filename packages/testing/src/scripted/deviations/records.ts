import { Alert, asciiBytes, concat } from "@tlskit/wire";
import { ended, refused } from "../../refusal.ts";
import { afterHandshake, type Deviation, inHandshake } from "../deviation.ts";
import { RecordType, type ScriptedPeer, scriptedData } from "../peer.ts";
import { after, before, instantStep, instead, type Step, step } from "../script.ts";
import { sharedSteps } from "../shared-steps.ts";
import type { ScriptedTls13Peer } from "../tls13-peer.ts";

const maxContent = 2 ** 14;

/** Sends a record under the keys in use. */
export function record(type: number, content: Uint8Array, padding: number = 0): Step<ScriptedPeer> {
  return step(`record of type ${type}`, (peer) => peer.record(type, content, padding));
}

/** Sends a record without protection. */
export function unprotected(type: number, content: Uint8Array): Step<ScriptedPeer> {
  return step(`unprotected record of type ${type}`, function* (peer) {
    yield* peer.flush();
    peer.unprotected(type, content);
  });
}

/** Sends a protected record with this TLSInnerPlaintext. */
export function inner(bytes: Uint8Array): Step<ScriptedTls13Peer> {
  return step("record with odd contents", (peer) => peer.inner(bytes));
}

/** Sends bytes. */
export function raw(bytes: Uint8Array): Step<ScriptedPeer> {
  return step("bytes", function* (peer) {
    yield* peer.flush();
    peer.raw(bytes);
  });
}

/** Sends the handshake messages that are queued, cut into pieces of so many bytes, with something between the pieces. */
export function inPieces(size: number, between?: Step<ScriptedPeer>): Step<ScriptedPeer> {
  return step("flight in pieces", function* (peer) {
    const flight = peer.takeFlight();
    for (let offset = 0; offset < flight.length; offset += size) {
      if (offset > 0 && between !== undefined) yield* between.run(peer);
      yield* peer.record(RecordType.handshake, flight.subarray(offset, offset + size));
    }
  });
}

/** Sends everything that is queued, padded. */
const padded = (padding: number): Step<ScriptedPeer> =>
  step("padded flight", function* (peer) {
    yield* peer.record(RecordType.handshake, peer.takeFlight(), padding);
  });

export const flush: Step<ScriptedPeer> = step("flush", (peer) => peer.flush());

/** A record that was changed on its way. */
const spoiltRecord: Step<ScriptedPeer> = step("spoilt record", function* (peer) {
  const sealed = yield* peer.sealed(RecordType.applicationData, scriptedData);
  sealed[10] = (sealed[10] ?? 0) ^ 1;
  peer.raw(sealed);
});

/** A record whose header was changed: the AEAD authenticates it (RFC 9846 §5.2). */
const spoiltHeader: Step<ScriptedPeer> = step("record with a spoilt header", function* (peer) {
  const sealed = yield* peer.sealed(RecordType.applicationData, scriptedData);
  sealed[2] = 1;
  peer.raw(sealed);
});

function times<P>(count: number, repeated: Step<P>): Step<P>[] {
  return Array.from({ length: count }, () => repeated);
}

const changeCipherSpec = unprotected(RecordType.changeCipherSpec, Uint8Array.of(1));
const emptyData = record(RecordType.applicationData, new Uint8Array(0));
const empty = new Uint8Array(0);

/**
 * Deviations of the record layer, the same for both roles.
 * @param protectedMessage a handshake message that goes out protected, alone or as the first of its flight.
 * @param flightEnd the step behind which that flight is complete.
 */
export function recordDeviations<P extends ScriptedTls13Peer>(
  protectedMessage: string,
  flightEnd: string,
): Deviation<P>[] {
  /** Behind the flight's first message, so that the step decides how it goes out. */
  const flightAs = (sending: Step<ScriptedPeer>): Deviation<P>["apply"] => after<P>(flightEnd, sending);
  const first = (sent: Step<ScriptedTls13Peer>): Deviation<P>["apply"] => before<P>(protectedMessage, sent);
  const beforeData = (...sent: Step<ScriptedTls13Peer>[]): Deviation<P>["apply"] => before<P>("data", ...sent);
  return [
    // How messages are cut and joined (§5.1).
    inHandshake("handshake_messages_one_byte_a_record", "5.1", "accepted", flightAs(inPieces(1))),
    inHandshake("handshake_messages_seven_bytes_a_record", "5.1", "accepted", flightAs(inPieces(7))),
    inHandshake(
      "application_data_inside_a_message",
      "5.1#no-interleaving",
      refused(Alert.unexpectedMessage, "interleaved_record"),
      flightAs(inPieces(7, record(RecordType.applicationData, scriptedData))),
    ),
    inHandshake(
      "empty_application_data_inside_a_message",
      "5.1#no-interleaving",
      refused(Alert.unexpectedMessage, "interleaved_record"),
      flightAs(inPieces(7, emptyData)),
    ),
    inHandshake(
      "warning_alert_inside_a_message",
      "5.1#no-interleaving",
      refused(Alert.unexpectedMessage, "interleaved_record"),
      flightAs(inPieces(7, record(RecordType.alert, Uint8Array.of(1, Alert.userCanceled)))),
    ),
    inHandshake(
      "close_notify_inside_a_message",
      "5.1#no-interleaving",
      refused(Alert.unexpectedMessage, "interleaved_record"),
      flightAs(inPieces(7, record(RecordType.alert, Uint8Array.of(1, Alert.closeNotify)))),
    ),
    inHandshake(
      "error_alert_inside_a_message",
      "6.2",
      ended("alert_internal_error"),
      flightAs(inPieces(7, record(RecordType.alert, Uint8Array.of(2, Alert.internalError)))),
    ),
    inHandshake(
      "change_cipher_spec_inside_a_message",
      "5.1#no-interleaving",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      flightAs(inPieces(7, changeCipherSpec)),
    ),
    inHandshake(
      "application_data_before_finished",
      "5#types-checked",
      refused(Alert.unexpectedMessage, "early_application_data"),
      before<P>("Finished", record(RecordType.applicationData, scriptedData)),
    ),

    // Empty records and padding (§5.1, §5.4).
    inHandshake(
      "empty_protected_handshake_record",
      "5.4#no-empty-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      first(record(RecordType.handshake, empty)),
    ),
    inHandshake(
      "all_padding_record",
      "5.4#type-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      first(inner(new Uint8Array(100))),
    ),
    inHandshake(
      "record_without_a_type",
      "5.4#type-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      first(inner(empty)),
    ),
    inHandshake("padded_handshake_records", "5.4", "accepted", flightAs(padded(300))),
    afterHandshake(
      "all_padding_record_after_the_handshake",
      "5.4#type-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      beforeData(inner(new Uint8Array(1))),
    ),
    afterHandshake(
      "padded_data",
      "5.4",
      "accepted",
      instead<P>("data", record(RecordType.applicationData, scriptedData, 1000)),
    ),
    afterHandshake(
      "data_padded_to_a_full_record",
      "5.4",
      "accepted",
      instead<P>("data", record(RecordType.applicationData, scriptedData, maxContent - scriptedData.length)),
    ),
    afterHandshake("empty_data", "5.1", "accepted", beforeData(...times(3, emptyData))),
    afterHandshake(
      "empty_padded_data",
      "5.4",
      "accepted",
      beforeData(record(RecordType.applicationData, empty, maxContent)),
    ),
    afterHandshake(
      "too_much_empty_data",
      "5.1",
      refused(Alert.unexpectedMessage, "too_many_useless_records"),
      beforeData(...times(100, emptyData)),
    ),
    afterHandshake(
      "empty_handshake_record_after_the_handshake",
      "5.4#no-empty-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      beforeData(record(RecordType.handshake, empty)),
    ),

    // Lengths (§5.1, §5.2).
    inHandshake(
      "protected_record_too_long_by_its_header",
      "5.2#length-checked",
      refused(Alert.recordOverflow, "record_overflow"),
      first(raw(Uint8Array.of(23, 3, 3, (maxContent + 257) >> 8, (maxContent + 257) & 0xff))),
    ),
    inHandshake(
      "protected_content_too_long",
      "5.4#inner-length",
      refused(Alert.recordOverflow, "record_overflow"),
      first(inner(concat(new Uint8Array(maxContent + 1).fill(1), Uint8Array.of(RecordType.handshake)))),
    ),
    afterHandshake(
      "data_too_long",
      "5.4#inner-length",
      refused(Alert.recordOverflow, "record_overflow"),
      beforeData(inner(concat(new Uint8Array(maxContent + 1), Uint8Array.of(RecordType.applicationData)))),
    ),
    afterHandshake(
      "data_too_long_by_padding",
      "5.4#inner-length",
      refused(Alert.recordOverflow, "record_overflow"),
      beforeData(
        inner(
          concat(
            scriptedData,
            Uint8Array.of(RecordType.applicationData),
            new Uint8Array(maxContent + 1 - scriptedData.length),
          ),
        ),
      ),
    ),

    // Authenticity (§5.2).
    inHandshake(
      "spoilt_record",
      "5.2#authenticated",
      refused(Alert.badRecordMac, "bad_record_mac"),
      first(spoiltRecord),
    ),
    inHandshake(
      "spoilt_record_header",
      "5.2#authenticated",
      refused(Alert.badRecordMac, "bad_record_mac"),
      first(spoiltHeader),
    ),
    inHandshake(
      "protected_record_of_no_bytes",
      "5.2#authenticated",
      refused(Alert.badRecordMac, "bad_record_mac"),
      first(raw(Uint8Array.of(23, 3, 3, 0, 0))),
    ),
    inHandshake(
      "protected_record_shorter_than_its_tag",
      "5.2#authenticated",
      refused(Alert.badRecordMac, "bad_record_mac"),
      first(raw(Uint8Array.of(23, 3, 3, 0, 3, 1, 2, 3))),
    ),
    afterHandshake(
      "spoilt_data",
      "5.2#authenticated",
      refused(Alert.badRecordMac, "bad_record_mac"),
      beforeData(spoiltRecord),
    ),
    afterHandshake(
      "data_repeated",
      "5.3",
      refused(Alert.badRecordMac, "bad_record_mac"),
      beforeData(
        step("record sent twice", function* (peer) {
          const sealed = yield* peer.sealed(RecordType.applicationData, empty);
          peer.raw(sealed);
          peer.raw(sealed);
        }),
      ),
    ),
    afterHandshake(
      "data_left_out",
      "5.3",
      refused(Alert.badRecordMac, "bad_record_mac"),
      beforeData(
        step("record not sent", function* (peer) {
          yield* peer.sealed(RecordType.applicationData, empty);
        }),
      ),
    ),

    // Types (§5).
    ...[0, 19, 24, 255].map((type) =>
      inHandshake<P>(
        `unprotected_record_of_type_${type}`,
        "5#types-checked",
        refused(Alert.unexpectedMessage, "unknown_record_type"),
        first(unprotected(type, Uint8Array.of(1, 2, 3))),
      ),
    ),
    ...[19, 20, 24, 255].map((type) =>
      inHandshake<P>(
        `protected_record_of_type_${type}`,
        type === RecordType.changeCipherSpec ? "5#change-cipher-spec-checked" : "5#types-checked",
        refused(Alert.unexpectedMessage, "unexpected_record"),
        first(record(type, Uint8Array.of(1))),
      ),
    ),
    afterHandshake(
      "protected_heartbeat",
      "5#types-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      beforeData(record(24, Uint8Array.of(1, 0, 1, 65))),
    ),
    inHandshake(
      "text_instead_of_a_record",
      "5#types-checked",
      refused(Alert.unexpectedMessage, "unknown_record_type"),
      first(raw(asciiBytes("HTTP/1.1 400\r\n\r\n"))),
    ),

    // change_cipher_spec (§5).
    inHandshake("change_cipher_spec_left_out", "E.4", "accepted", (script) =>
      script.filter(({ name }) => name !== sharedSteps.changeCipherSpec.name),
    ),
    inHandshake(
      "several_change_cipher_specs",
      "5#change-cipher-spec-dropped",
      "accepted",
      first(
        step("three", function* (peer) {
          for (const sent of times(3, changeCipherSpec)) yield* sent.run(peer);
        }),
      ),
    ),
    inHandshake(
      "too_many_change_cipher_specs",
      "5",
      refused(Alert.unexpectedMessage, "too_many_useless_records"),
      before<P>(protectedMessage, ...times(100, changeCipherSpec)),
    ),
    inHandshake(
      "change_cipher_spec_of_another_value",
      "5#change-cipher-spec-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      first(unprotected(RecordType.changeCipherSpec, Uint8Array.of(2))),
    ),
    inHandshake(
      "change_cipher_spec_of_two_bytes",
      "5#change-cipher-spec-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      first(unprotected(RecordType.changeCipherSpec, Uint8Array.of(1, 1))),
    ),
    inHandshake(
      "change_cipher_spec_of_no_bytes",
      "5#change-cipher-spec-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      first(unprotected(RecordType.changeCipherSpec, empty)),
    ),
    afterHandshake(
      "change_cipher_spec_after_finished",
      "5#change-cipher-spec-time",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      beforeData(changeCipherSpec),
    ),

    // Records without protection where there has to be some (§5).
    inHandshake(
      "unprotected_handshake_message_after_keys",
      "5#types-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      after<P>(
        protectedMessage,
        instantStep("unprotected flight", (peer) => peer.unprotected(RecordType.handshake, peer.takeFlight())),
      ),
    ),
    afterHandshake(
      "unprotected_close_notify_after_the_handshake",
      "5#types-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      beforeData(unprotected(RecordType.alert, Uint8Array.of(1, Alert.closeNotify))),
    ),
    afterHandshake(
      "unprotected_error_alert_after_the_handshake",
      "5#types-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      beforeData(unprotected(RecordType.alert, Uint8Array.of(2, Alert.internalError))),
    ),
    afterHandshake(
      "unprotected_handshake_message_after_the_handshake",
      "5#types-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      beforeData(unprotected(RecordType.handshake, Uint8Array.of(24, 0, 0, 1, 0))),
    ),
  ];
}
