import { both, client, others, type Section, section } from "../register.ts";

/** What §5 and §6 demand of records and alerts. */
export const records: readonly Section[] = [
  section("5", "Record Protocol", 5, [
    both(
      "change-cipher-spec-dropped",
      [1],
      "drops a change_cipher_spec of 01 between the first ClientHello and the peer's Finished",
    ),
    both("change-cipher-spec-checked", [2], "answers another value, or a protected one, with unexpected_message"),
    both("change-cipher-spec-time", [3], "treats one at any other time as an unexpected type"),
    both("types-sent", [4], "sends the RFC's record types alone"),
    both("types-checked", [5], "answers an unexpected type with unexpected_message"),
  ]),
  section("5.1", "Record Layer", 15, [
    others([1], "who defines content types"),
    both("no-interleaving", [2, 3], "puts no record between the parts of a handshake message, and takes none"),
    both("key-change-alignment", [4, 5], "answers a message that spans a key change with unexpected_message"),
    both("key-change-alignment-sent", [6], "ends a record with the message in front of a key change"),
    both("no-empty-handshake", [7], "sends no handshake record without content"),
    both("one-alert-a-record", [8, 9], "sends a whole alert, and one, in a record, and takes no other"),
    both("version-sent", [10], "says 0x0303 in records; 0x0301 may be in front of the first ClientHello"),
    both("version-ignored", [11], "ignores the version of records"),
    both("length-sent", [12], "sends at most 2^14 bytes in a record"),
    both("length-checked", [13], "answers a longer one with record_overflow"),
    both("second-hello-version", [14], "says 0x0303 in the records of the second ClientHello and of the ServerHello"),
    both("data-protected", [15], "never writes application data unprotected"),
  ]),
  section("5.2", "Record Payload Protection", 5, [
    both("length-sent", [1], "sends at most 2^14 + 256 bytes in a protected record"),
    both("length-checked", [2, 5], "answers a longer one with record_overflow"),
    both("authenticated", [3], "answers a record that can't be opened with bad_record_mac"),
    others([4], "who defines cipher suites"),
  ]),
  section("5.3", "Per-Record Nonce", 3, [
    both("from-zero", [1], "counts records from 0 under each key"),
    both("no-wrap", [2], "never lets the sequence number wrap"),
    others([3], "who defines cipher suites"),
  ]),
  section("5.4", "Record Padding", 5, [
    both("zeros-sent", [1], "pads with zeros"),
    both("no-empty-sent", [2], "sends no protected handshake or alert record without content"),
    both("no-empty-checked", [2], "answers one with unexpected_message"),
    both("scan", [3], "looks for the type only in what the AEAD gave"),
    both("type-checked", [4], "answers a record that is all zeros with unexpected_message"),
    both("inner-length", [5], "sends and takes at most 2^14 + 1 bytes of content, type and padding"),
  ]),
  section("5.5", "Limits on Key Usage", 2, [
    both("limits", [1], "updates its keys, or closes, before they have protected too much"),
    client("early-data", [2], "stays below the limits with early data"),
  ]),
  section("6", "Alert Protocol", 6, [
    both("error-ends", [1], "lets no data be sent or received after an error alert"),
    both("secrets-forgotten", [2], "forgets the secrets of a connection that failed"),
    both("levels", [3], "sends error alerts as fatal, and takes them for errors whatever their level"),
    both("unknown-is-error", [4], "takes an unknown alert for an error"),
    both("syntax", [5], "answers what can't be parsed with decode_error"),
    both("semantics", [6], "answers what parses and makes no sense with illegal_parameter"),
  ]),
  section("6.1", "Closure Alerts", 5, [
    both("data-after-close", [1], "ignores what comes after close_notify"),
    both("close-level", [2], "sends close_notify as a warning"),
    both("canceled-then-closed", [3], "sends close_notify behind user_canceled"),
    both("close-sent", [4], "sends close_notify before it stops writing, unless it sent an error"),
    both("end-of-data", [5], "tells the application that data has ended only after close_notify"),
  ]),
  section("6.2", "Error Alerts", 3, [
    both("closed-at-once", [1, 2], "closes at once at a fatal alert or a fatal error, with no more data either way"),
    both("named-alert", [3], "sends the alert that the RFC names, if it sends one"),
  ]),
];
