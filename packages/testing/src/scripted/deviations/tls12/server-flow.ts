import { HandshakeType } from "@tlskit/messages";
import { Alert, concat } from "@tlskit/wire";
import { refused } from "../../../refusal.ts";
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
  messageStep,
  moved,
  type Step,
  sentTwice,
  step,
} from "../../script.ts";
import { incremented, spoil } from "../../spoil.ts";
import type { ScriptedTls12Server } from "../../tls12/server.ts";
import { flush, record, unprotected } from "../records.ts";

type Server = ScriptedTls12Server;

const unexpected = refused(Alert.unexpectedMessage, "unexpected_message");
const syntax = refused(Alert.decodeError, "decode_error");
const firstFlight = ["ServerHello", "Certificate", "ServerKeyExchange", "ServerHelloDone"] as const;

/** In a record of its own. */
const apart = (code: number, body: Uint8Array): Step<Server> => unprotected(RecordType.handshake, frame(code, body));

/** What has no place in a server's first flight, whatever it says. */
const strangers: readonly (readonly [word: string, code: number])[] = [
  ["client_hello", HandshakeType.clientHello],
  ["hello_verify_request", 3],
  ["new_session_ticket", HandshakeType.newSessionTicket],
  ["encrypted_extensions", HandshakeType.encryptedExtensions],
  ["certificate_verify", HandshakeType.certificateVerify],
  ["client_key_exchange", HandshakeType.clientKeyExchange],
  ["finished", HandshakeType.finished],
  ["certificate_url", 21],
  ["supplemental_data", 23],
  ["key_update", HandshakeType.keyUpdate],
  ["message_hash", HandshakeType.messageHash],
  ["unknown_message", 99],
];

const helloRequests = (count: number): Step<Server>[] =>
  Array.from({ length: count }, () => apart(HandshakeType.helloRequest, new Uint8Array(0)));

const finished = (change: (verifyData: Uint8Array, server: Server) => Uint8Array): Edit<Server> =>
  altered<Server, Uint8Array>("Finished", RawFinished, change);

const wrongFinished: readonly (readonly [word: string, expected: Expectation, edit: Edit<Server>])[] = [
  ["changed_at_its_start", refused(Alert.decryptError, "bad_finished"), finished((bytes) => incremented(bytes, 0))],
  ["changed_at_its_end", refused(Alert.decryptError, "bad_finished"), finished((bytes) => incremented(bytes, -1))],
  ["of_zeros", refused(Alert.decryptError, "bad_finished"), finished(() => new Uint8Array(12))],
  [
    "of_the_client",
    refused(Alert.decryptError, "bad_finished"),
    finished((bytes, server) => server.mainSecret?.verifyData("client", server.transcriptHash) ?? bytes),
  ],
  [
    "of_another_transcript",
    refused(Alert.decryptError, "bad_finished"),
    finished((bytes, { mainSecret, hash, transcript }) => {
      // As if the client's Finished were no part of it.
      return mainSecret?.verifyData("server", hash.digest(concat(...transcript.slice(0, -1)))) ?? bytes;
    }),
  ],
  ["of_no_bytes", syntax, finished(() => new Uint8Array(0))],
  ["of_eleven_bytes", syntax, finished((bytes) => bytes.subarray(1))],
  ["of_thirteen_bytes", syntax, finished((bytes) => concat(bytes, Uint8Array.of(0)))],
  ["as_long_as_in_tls_1_3", syntax, finished((bytes) => concat(bytes, bytes, bytes.subarray(4)))],
];

/** The order of a server's messages in TLS 1.2, and its Finished. */
export const tls12ServerFlowDeviations: readonly Deviation<Server>[] = [
  inHandshake("nothing_odd", "RFC 5246 §7.3", "accepted", (script) => script),

  // Missing, repeated, in another order (§7.4).
  ...firstFlight
    .slice(0, -1)
    .map((name) =>
      inHandshake<Server>(`${name.toLowerCase()}_left_out`, "RFC 5246 §7.4#order", unexpected, leftOut(name)),
    ),
  inHandshake(
    "serverhellodone_left_out",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "unexpected_record"),
    edits<Server>(leftOut("ServerHelloDone"), leftOut("receive Finished")),
  ),
  ...firstFlight
    .slice(0, -1)
    .map((name) =>
      inHandshake<Server>(`${name.toLowerCase()}_twice`, "RFC 5246 §7.4#order", unexpected, sentTwice(name)),
    ),
  inHandshake(
    "serverhellodone_twice",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "excess_handshake_data"),
    sentTwice("ServerHelloDone"),
  ),
  inHandshake(
    "serverhellodone_twice_in_two_records",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "missing_change_cipher_spec"),
    after("ServerHelloDone", flush, apart(HandshakeType.serverHelloDone, new Uint8Array(0))),
  ),
  inHandshake(
    "certificate_behind_serverkeyexchange",
    "RFC 5246 §7.4#order",
    unexpected,
    moved("Certificate", "ServerKeyExchange"),
  ),
  inHandshake(
    "serverkeyexchange_behind_serverhellodone",
    "RFC 5246 §7.4#order",
    unexpected,
    moved("ServerKeyExchange", "ServerHelloDone"),
  ),
  inHandshake("certificate_before_serverhello", "RFC 5246 §7.4#order", unexpected, (script) =>
    moved<Server>("ServerHello", "Certificate")(script),
  ),
  ...firstFlight.flatMap((name) =>
    strangers.map(([word, code]) =>
      inHandshake<Server>(
        `${word}_before_${name.toLowerCase()}`,
        "RFC 5246 §7.4#order",
        unexpected,
        before<Server>(name, flush, apart(code, new Uint8Array(40))),
      ),
    ),
  ),
  ...strangers.map(([word, code]) =>
    inHandshake<Server>(
      `${word}_before_the_keys_change`,
      "RFC 5246 §7.4#order",
      refused(Alert.unexpectedMessage, "missing_change_cipher_spec"),
      before<Server>("change_cipher_spec", flush, apart(code, new Uint8Array(40))),
    ),
  ),
  ...strangers
    .filter(([word]) => word !== "finished")
    .map(([word, code]) =>
      inHandshake<Server>(
        `protected_${word}_before_finished`,
        "RFC 5246 §7.4#order",
        unexpected,
        before<Server>("Finished", record(RecordType.handshake, frame(code, new Uint8Array(40)))),
      ),
    ),

  // HelloRequests (§7.4.1.1).
  ...firstFlight
    .slice(1)
    .map((name) =>
      inHandshake<Server>(
        `hello_request_before_${name.toLowerCase()}`,
        "RFC 5246 §7.4#hello-request-ignored, §7.4.1.1#not-hashed",
        "accepted",
        before<Server>(name, flush, ...helloRequests(2)),
      ),
    ),
  inHandshake(
    "hello_request_before_the_keys_change",
    "RFC 5246 §7.4#hello-request-ignored, §7.4.1.1#not-hashed",
    "accepted",
    before("change_cipher_spec", flush, ...helloRequests(2)),
  ),
  inHandshake(
    "hello_request_before_finished",
    "RFC 5246 §7.4#hello-request-ignored, §7.4.1.1#not-hashed",
    "accepted",
    before("Finished", ...protectedHelloRequests(2)),
  ),
  ...(
    [
      ["hello_request", HandshakeType.helloRequest, new Uint8Array(0)],
      ["certificate", HandshakeType.certificate, new Uint8Array(3)],
      ["finished", HandshakeType.finished, new Uint8Array(12)],
    ] as const
  ).map(([word, code, body]) =>
    inHandshake<Server>(
      `${word}_behind_finished_in_its_record`,
      "RFC 5246 §7.4#order",
      refused(Alert.unexpectedMessage, "excess_handshake_data"),
      after<Server>(
        "Finished",
        messageStep("more", () => frame(code, body)),
      ),
    ),
  ),
  inHandshake(
    "too_many_hello_requests",
    "RFC 5246 §7.4.1.1",
    refused(Alert.unexpectedMessage, "too_many_hello_requests"),
    before("Certificate", flush, ...helloRequests(20)),
  ),
  inHandshake(
    "hello_request_with_a_body",
    "RFC 5246 §7.4.1.1",
    syntax,
    before("Certificate", flush, apart(HandshakeType.helloRequest, Uint8Array.of(0))),
  ),

  // Lengths.
  ...(["ServerHello", "Certificate", "ServerKeyExchange"] as const).flatMap((name) => [
    inHandshake<Server>(
      `${name.toLowerCase()}_without_its_last_byte`,
      "RFC 5246 §7.2.2",
      syntax,
      alteredBytes(name, spoil.withoutLastByte),
    ),
    inHandshake<Server>(
      `${name.toLowerCase()}_with_a_trailing_byte`,
      "RFC 5246 §7.2.2",
      syntax,
      alteredBytes(name, spoil.withTrailingByte),
    ),
    inHandshake<Server>(
      `${name.toLowerCase()}_without_a_body`,
      "RFC 5246 §7.2.2",
      syntax,
      alteredBytes(name, spoil.withoutBody),
    ),
  ]),
  inHandshake(
    "serverhellodone_with_a_body",
    "RFC 5246 §7.4.5",
    syntax,
    alteredBytes("ServerHelloDone", spoil.withTrailingByte),
  ),

  // Finished (§7.4.9).
  ...wrongFinished.map(([word, expected, apply]) =>
    inHandshake<Server>(`finished_${word}`, "RFC 5246 §7.4.9#checked", expected, apply),
  ),
  inHandshake(
    "right_finished_before_the_keys_change",
    "RFC 5246 §7.1#new-keys, §7.4.9#checked",
    refused(Alert.unexpectedMessage, "missing_change_cipher_spec"),
    edits<Server>(moved("change_cipher_spec", "Finished"), moved("keys", "change_cipher_spec")),
  ),
  inHandshake(
    "finished_under_the_old_keys",
    "RFC 5246 §7.1#new-keys, §7.4.9#checked",
    refused(Alert.badRecordMac, "bad_record_mac"),
    leftOut("keys"),
  ),
  {
    ...inHandshake<Server>(
      "finished_before_the_client_s",
      "RFC 5246 §7.4#order, §7.4.9#checked",
      refused(Alert.badRecordMac, "bad_record_mac"),
      leftOut("receive Finished"),
    ),
    alertUnreadable: true,
  },
  afterHandshake("finished_twice", "RFC 5246 §7.4#order", unexpected, after("Finished", flush, messageAgain())),
  afterHandshake(
    "hello_request_after_the_handshake",
    "RFC 5246 §7.4.1.1, RFC 5746 §4.2#refused, §4.2#alert",
    "accepted",
    before("data", ...protectedHelloRequests(2)),
  ),
  afterHandshake(
    "too_many_hello_requests_after_the_handshake",
    "RFC 5746 §4.2#refused",
    refused(Alert.unexpectedMessage, "too_many_renegotiations"),
    before("data", ...protectedHelloRequests(20)),
  ),
  afterHandshake(
    "hello_request_after_the_handshake_and_a_server_hello",
    "RFC 5246 §7.4#order",
    unexpected,
    before(
      "data",
      ...protectedHelloRequests(1),
      record(RecordType.handshake, frame(HandshakeType.serverHello, new Uint8Array(40))),
    ),
  ),
];

function messageAgain(): Step<Server> {
  return messageStep("Finished again", (server) => server.finished());
}

function protectedHelloRequests(count: number): Step<Server>[] {
  return Array.from({ length: count }, () =>
    step("HelloRequest", (server) =>
      server.record(RecordType.handshake, frame(HandshakeType.helloRequest, new Uint8Array(0))),
    ),
  );
}
