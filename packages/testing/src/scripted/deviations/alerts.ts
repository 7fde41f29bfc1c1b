import { Alert } from "@tlskit/wire";
import { ended, refused } from "../../refusal.ts";
import { afterHandshake, type Deviation, inHandshake } from "../deviation.ts";
import { RecordType, type ScriptedPeer } from "../peer.ts";
import { after, before, step } from "../script.ts";
import { record } from "./records.ts";

const alert = (...bytes: readonly number[]): ReturnType<typeof record> =>
  record(RecordType.alert, Uint8Array.from(bytes));

const endStream = step<ScriptedPeer>("end of the stream", function* (peer) {
  yield* peer.flush();
  peer.endStream();
});

/**
 * Alerts, and ends without one: the same for both roles.
 * @param protectedMessage a handshake message that goes out protected.
 */
export function alertDeviations<P extends ScriptedPeer>(protectedMessage: string): Deviation<P>[] {
  const first = (...sent: ReturnType<typeof record>[]): Deviation<P>["apply"] => before<P>(protectedMessage, ...sent);
  const beforeData = (...sent: ReturnType<typeof record>[]): Deviation<P>["apply"] => before<P>("data", ...sent);
  return [
    inHandshake(
      "error_alert_in_the_handshake",
      "6.2#closed-at-once",
      ended("alert_handshake_failure"),
      first(alert(2, Alert.handshakeFailure)),
    ),
    inHandshake(
      "error_alert_of_warning_level",
      "6#levels",
      ended("alert_handshake_failure"),
      first(alert(1, Alert.handshakeFailure)),
    ),
    inHandshake("unknown_alert_in_the_handshake", "6#unknown-is-error", ended("alert_200"), first(alert(1, 200))),
    inHandshake(
      "close_notify_in_the_handshake",
      "6.1",
      ended("closed_during_handshake"),
      first(alert(1, Alert.closeNotify)),
    ),
    inHandshake("user_canceled_in_the_handshake", "6.1", "accepted", first(alert(1, Alert.userCanceled))),
    inHandshake(
      "user_canceled_and_close_notify_in_the_handshake",
      "6.1",
      ended("closed_during_handshake"),
      first(alert(1, Alert.userCanceled), alert(1, Alert.closeNotify)),
    ),
    inHandshake(
      "too_many_user_canceled",
      "6.1",
      refused(Alert.unexpectedMessage, "too_many_alerts"),
      first(...Array.from({ length: 50 }, () => alert(1, Alert.userCanceled))),
    ),
    inHandshake(
      "alert_of_one_byte",
      "5.1#one-alert-a-record",
      refused(Alert.decodeError, "decode_error"),
      first(alert(2)),
    ),
    inHandshake(
      "two_alerts_in_a_record",
      "5.1#one-alert-a-record",
      refused(Alert.decodeError, "decode_error"),
      first(alert(1, Alert.userCanceled, 1, Alert.closeNotify)),
    ),
    inHandshake(
      "alert_of_no_bytes",
      "5.4#no-empty-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      first(alert()),
    ),
    inHandshake("stream_ended_in_the_handshake", "6.1", ended("truncated"), first(endStream)),

    afterHandshake(
      "error_alert",
      "6#error-ends, 6.2#closed-at-once",
      ended("alert_internal_error"),
      beforeData(alert(2, Alert.internalError)),
    ),
    afterHandshake(
      "error_alert_of_warning_level_after_the_handshake",
      "6#levels",
      ended("alert_access_denied"),
      beforeData(alert(1, Alert.accessDenied)),
    ),
    afterHandshake(
      "no_renegotiation",
      "6",
      ended("alert_no_renegotiation"),
      beforeData(alert(1, Alert.noRenegotiation)),
    ),
    afterHandshake("unknown_alert", "6#unknown-is-error", ended("alert_254"), beforeData(alert(2, 254))),
    afterHandshake("user_canceled", "6.1", "accepted", beforeData(alert(1, Alert.userCanceled))),
    afterHandshake(
      "alert_of_one_byte_after_the_handshake",
      "5.1#one-alert-a-record",
      refused(Alert.decodeError, "decode_error"),
      beforeData(alert(2)),
    ),
    afterHandshake(
      "two_alerts_in_a_record_after_the_handshake",
      "5.1#one-alert-a-record",
      refused(Alert.decodeError, "decode_error"),
      beforeData(alert(1, Alert.userCanceled, 1, Alert.closeNotify)),
    ),
    afterHandshake(
      "alert_of_no_bytes_after_the_handshake",
      "5.4#no-empty-checked",
      refused(Alert.unexpectedMessage, "unexpected_record"),
      beforeData(alert()),
    ),
    afterHandshake("close_notify_of_fatal_level", "6", "accepted", (script) =>
      script.flatMap((found) => (found.name === "close" ? [alert(2, Alert.closeNotify), endStream] : [found])),
    ),
    afterHandshake(
      "data_after_close_notify",
      "6.1#data-after-close",
      "accepted",
      after<P>("data", alert(1, Alert.closeNotify), record(RecordType.applicationData, Uint8Array.of(1, 2, 3))),
    ),
    afterHandshake(
      "stream_ended_without_close_notify",
      "6.1#end-of-data",
      ended("truncated"),
      before<P>("data", endStream),
    ),
  ];
}
