import { absent, both, byChoice, notOffered, others, repeated, type Section, section } from "../register.ts";

const noCompression = notOffered("records are never compressed");

/** What §4 to §7.2 demand: signatures, records, alerts. */
export const records: readonly Section[] = [
  section("4.7", "Cryptographic Attributes", 2, [
    both("digest-info", [1], "encodes the DigestInfo of an RSA signature in DER"),
    both("null-parameters", [2], "says NULL for the hash's parameters in it"),
    both(
      "parameters-left-out",
      [2],
      "accepts a DigestInfo without parameters",
      byChoice(
        "a signature is compared with the one right encoding, as in other implementations, so that a forger finds no room",
      ),
    ),
  ]),
  section("5", "HMAC and the Pseudorandom Function", 1, [others([1], "who defines cipher suites")]),
  section("6", "The TLS Record Protocol", 2, [
    both("types-sent", [1], "sends no records of a type that neither the RFC nor an extension defines"),
    both("types-checked", [2], "answers a record of another type with unexpected_message"),
  ]),
  section("6.1", "Connection States", 3, [
    both("states-updated", [1], "updates a direction's state with each record"),
    both("number-from-zero", [2, 3], "counts records from 0 whenever keys change"),
  ]),
  section("6.2.1", "Fragmentation", 4, [
    both("length", [1], "puts at most 2^14 bytes into a record, and takes no more"),
    both("empty-fragments", [2], "sends handshake, alert and change_cipher_spec records with content"),
    both("order", [3], "hands records on in the order in which they were protected"),
    both("interleaved-data", [4], "takes application data between the messages of a later handshake"),
  ]),
  section("6.2.2", "Record Compression and Decompression", 2, [
    both(
      "decompression-failure",
      [1],
      "answers what would decompress to more than 2^14 bytes with decompression_failure",
      noCompression,
    ),
    both("compressed-length", [2], "compresses a fragment to at most 2^14 + 1024 bytes", noCompression),
  ]),
  section("6.2.3", "Record Payload Protection", 1, [
    both("length", [1], "has at most 2^14 + 2048 bytes in a protected record, and takes no more"),
  ]),
  section("6.2.3.2", "CBC Block Cipher", 5, [
    both("iv", [1], "takes an unpredictable IV for each record"),
    both("padding-sent", [2, 4], "fills the last block with padding bytes that say the padding's length"),
    both("padding-checked", [3], "checks all of the padding, and answers a fault in it with bad_record_mac"),
    both("padding-time", [5], "takes as long over wrong padding as over right"),
  ]),
  section("6.2.3.3", "AEAD Ciphers", 4, [
    others([1, 3], "who defines cipher suites"),
    both("implicit-nonce", [2], "should take the implicit part of nonces out of the key block"),
    both("not-authentic", [4], "answers a record that isn't authentic with bad_record_mac"),
  ]),
  section("7.1", "Change Cipher Spec Protocol", 2, [
    both("new-keys", [1, 2], "sends everything behind its ChangeCipherSpec under the new keys"),
  ]),
  section("7.2", "Alert Protocol", 1, [repeated(1, "7.2.2#session-forgotten")]),
  section("7.2.1", "Closure Alerts", 1, [
    both("close-answered", [1], "answers close_notify with its own at once, and drops what it had still to write"),
  ]),
  section("7.2.2", "Error Alerts", 9, [
    both(
      "session-forgotten",
      [1, 2],
      "forgets secrets and session of a connection that failed, so that none resumes it",
    ),
    both("alert-sent", [3], "sends the alert that a fatal condition has before it closes"),
    both("alert-fatal", [4], "sends an alert behind which it closes as fatal"),
    both("warning-not-taken", [5], "should send a fatal alert if it doesn't go on after a warning"),
    both("bad-padding", [6], "answers half a block and wrong padding with bad_record_mac"),
    both(
      "no-reserved-alerts",
      [7, 8, 9],
      "sends neither decryption_failed, no_certificate nor export_restriction",
      absent("no code sends them"),
    ),
  ]),
];
