import { HandshakeType } from "@tlskit/messages";
import { Alert, concat } from "@tlskit/wire";
import { refused } from "../../refusal.ts";
import { afterHandshake, type Deviation, inHandshake } from "../deviation.ts";
import { RecordType } from "../peer.ts";
import { frame } from "../raw-messages.ts";
import { before, type Step, step } from "../script.ts";
import { spoil } from "../spoil.ts";
import type { ScriptedTls13Peer } from "../tls13-peer.ts";
import { record } from "./records.ts";

/** RFC 9846 §4.7.3. */
export function keyUpdate(request: number): Uint8Array {
  return frame(HandshakeType.keyUpdate, Uint8Array.of(request));
}

/** Sends handshake messages that come after the handshake, in one record. */
export function sendAfterwards(...messages: readonly Uint8Array[]): Step<ScriptedTls13Peer> {
  return record(RecordType.handshake, concat(...messages));
}

/** Sends a KeyUpdate and goes over to the new keys. */
export function updateKeys(request: number): Step<ScriptedTls13Peer> {
  return step("KeyUpdate", function* (peer) {
    yield* peer.record(RecordType.handshake, keyUpdate(request));
    yield* peer.updateWriteKeys();
  });
}

/** Handshake messages that nobody may send after the handshake, but for `but`; for some there is a clause of their own. */
function misplaced(but: readonly number[]): readonly (readonly [name: string, message: Uint8Array, clause: string])[] {
  const nothing = new Uint8Array(0);
  const all: readonly (readonly [string, number, Uint8Array])[] = [
    ["hello_request", 0, nothing],
    ["client_hello", HandshakeType.clientHello, new Uint8Array(60)],
    ["server_hello", HandshakeType.serverHello, new Uint8Array(60)],
    ["new_session_ticket", HandshakeType.newSessionTicket, Uint8Array.of(0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 1, 7, 0, 0)],
    ["end_of_early_data", HandshakeType.endOfEarlyData, nothing],
    ["encrypted_extensions", HandshakeType.encryptedExtensions, Uint8Array.of(0, 0)],
    ["certificate", HandshakeType.certificate, Uint8Array.of(0, 0, 0, 0)],
    ["certificate_request", HandshakeType.certificateRequest, Uint8Array.of(1, 5, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3)],
    ["certificate_verify", HandshakeType.certificateVerify, Uint8Array.of(4, 3, 0, 0)],
    ["finished", HandshakeType.finished, new Uint8Array(32)],
    ["message_hash", HandshakeType.messageHash, new Uint8Array(32)],
    ["unknown_message", 99, Uint8Array.of(1, 2, 3)],
  ];
  return all
    .filter(([, code]) => !but.includes(code))
    .map(([name, code, body]) => [name, frame(code, body), clauses[code] ?? "4#order-checked"]);
}

const clauses: Readonly<Record<number, string>> = {
  [HandshakeType.clientHello]: "4.2.2#no-renegotiation",
  [HandshakeType.endOfEarlyData]: "4.6#refused",
  [HandshakeType.certificateRequest]: "4.7.2#unasked-refused",
};

/**
 * What comes after the handshake: the same for both roles.
 * @param allowed codes of the handshake messages that may come, beside KeyUpdate.
 */
export function postHandshakeDeviations<P extends ScriptedTls13Peer>(allowed: readonly number[]): Deviation<P>[] {
  const beforeData = (...sent: Step<ScriptedTls13Peer>[]): Deviation<P>["apply"] => before<P>("data", ...sent);
  return [
    inHandshake(
      "key_update_before_finished",
      "4.7.3#before-finished",
      refused(Alert.unexpectedMessage, "unexpected_message"),
      before<P>("Finished", sendAfterwards(keyUpdate(0))),
    ),
    afterHandshake("key_update", "4.7.3#receiver-next-keys", "accepted", beforeData(updateKeys(0))),
    afterHandshake("key_update_requested", "4.7.3#answered", "accepted", beforeData(updateKeys(1))),
    afterHandshake(
      "several_key_updates",
      "4.7.3#receiver-next-keys",
      "accepted",
      beforeData(updateKeys(1), updateKeys(1), updateKeys(0)),
    ),
    afterHandshake(
      "key_update_of_another_value",
      "4.7.3#value-checked",
      refused(Alert.illegalParameter, "key_update_request"),
      beforeData(updateKeys(2)),
    ),
    afterHandshake(
      "key_update_of_no_bytes",
      "6#syntax",
      refused(Alert.decodeError, "decode_error"),
      beforeData(sendAfterwards(frame(HandshakeType.keyUpdate, new Uint8Array(0)))),
    ),
    afterHandshake(
      "key_update_with_a_trailing_byte",
      "6#syntax",
      refused(Alert.decodeError, "decode_error"),
      beforeData(sendAfterwards(frame(HandshakeType.keyUpdate, new Uint8Array(2)))),
    ),
    afterHandshake(
      "key_update_of_16777215_bytes",
      "6#syntax",
      refused(Alert.decodeError, "decode_error"),
      beforeData(sendAfterwards(spoil.announcing(0xff_ffff)(Uint8Array.of(HandshakeType.keyUpdate)))),
    ),
    afterHandshake(
      "too_many_key_updates",
      "4.7.3",
      refused(Alert.unexpectedMessage, "too_many_key_updates"),
      beforeData(...Array.from({ length: 200 }, () => updateKeys(0))),
    ),
    afterHandshake(
      "key_update_and_more_in_a_record",
      "5.1#key-change-alignment",
      refused(Alert.unexpectedMessage, "message_spans_key_change"),
      beforeData(sendAfterwards(keyUpdate(0), keyUpdate(0))),
    ),
    afterHandshake(
      "key_update_and_a_part_of_a_message_in_a_record",
      "5.1#key-change-alignment",
      refused(Alert.unexpectedMessage, "message_spans_key_change"),
      beforeData(sendAfterwards(keyUpdate(0), Uint8Array.of(HandshakeType.keyUpdate))),
    ),
    afterHandshake(
      "key_update_without_new_keys",
      "4.7.3#old-keys-checked",
      refused(Alert.badRecordMac, "bad_record_mac"),
      beforeData(sendAfterwards(keyUpdate(0))),
    ),
    afterHandshake(
      "new_keys_without_key_update",
      "4.7.3#old-keys-checked",
      refused(Alert.badRecordMac, "bad_record_mac"),
      beforeData(step("new keys", (peer) => peer.updateWriteKeys())),
    ),
    afterHandshake(
      "data_inside_a_message_after_the_handshake",
      "5.1#no-interleaving",
      refused(Alert.unexpectedMessage, "interleaved_record"),
      beforeData(record(RecordType.handshake, keyUpdate(0).subarray(0, 3))),
    ),
    afterHandshake(
      "key_update_in_pieces",
      "5.1",
      "accepted",
      beforeData(
        step("KeyUpdate in pieces", function* (peer) {
          for (const byte of keyUpdate(0)) yield* peer.record(RecordType.handshake, Uint8Array.of(byte));
          yield* peer.updateWriteKeys();
        }),
      ),
    ),
    ...misplaced(allowed).map(([name, message, clause]) =>
      afterHandshake<P>(
        `${name}_after_the_handshake`,
        clause,
        refused(Alert.unexpectedMessage, "unexpected_message"),
        beforeData(sendAfterwards(message)),
      ),
    ),
    ...misplaced([HandshakeType.finished]).map(([name, message]) =>
      inHandshake<P>(
        `${name}_in_the_place_of_finished`,
        "4#order-checked",
        refused(Alert.unexpectedMessage, "unexpected_message"),
        before<P>("Finished", sendAfterwards(message)),
      ),
    ),
  ];
}
