import {
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
} from "@tlskit/ciphersuites";
import { extendedMainSecret, HandshakeType, renegotiationInfo } from "@tlskit/messages";
import { Alert } from "@tlskit/wire";
import { refused } from "../../../refusal.ts";
import { afterHandshake, type Deviation, inHandshake } from "../../deviation.ts";
import { RecordType } from "../../peer.ts";
import { frame, RawFinished, RawServerHello, rawExtension } from "../../raw-messages.ts";
import {
  after,
  altered,
  before,
  type Edit,
  edits,
  instantStep,
  instead,
  leftOut,
  messageStep,
  moved,
} from "../../script.ts";
import { incremented, withExtension, withoutExtension } from "../../spoil.ts";
import { tls12ServerScript } from "../../tls12/scripts.ts";
import type { ScriptedTls12Server } from "../../tls12/server.ts";
import { flush, record, unprotected } from "../records.ts";

type Server = ScriptedTls12Server;

const missing = refused(Alert.unexpectedMessage, "missing_change_cipher_spec");
const badRecordMac = refused(Alert.badRecordMac, "bad_record_mac");
const unexpected = refused(Alert.unexpectedMessage, "unexpected_record");

const hello = (change: (message: RawServerHello, server: Server) => Partial<RawServerHello>): Edit<Server> =>
  altered<Server, RawServerHello>("ServerHello", RawServerHello, (message, server) => ({
    ...message,
    ...change(message, server),
  }));

/** Another main secret than the session's. */
const otherSecret: Edit<Server> = instead<Server>(
  "main secret",
  instantStep("another main secret", (server) => server.forgetMainSecret()),
);

const accepted = (name: string, section: string, resumed: boolean, apply: Edit<Server>): Deviation<Server> => ({
  ...inHandshake<Server>(name, section, "accepted", apply),
  negotiated: { resumed },
});

/**
 * A server that resumes the session that it was offered, by a ticket or by an identifier (RFC 5246 §7.3, RFC 5077 §3.1,
 * RFC 7627 §5.3). The session was made with extended_main_secret.
 */
export const tls12ResumingServerDeviations: readonly Deviation<Server>[] = [
  accepted("resumed", "RFC 5246 §7.3#abbreviated", true, (script) => [...script]),
  accepted("full_handshake_instead", "RFC 5246 §7.4.1.3#full-handshake", false, () =>
    hello(() => ({ legacySessionIdEcho: new Uint8Array(0) }))(tls12ServerScript),
  ),
  accepted("full_handshake_with_a_new_session_id", "RFC 5246 §7.4.1.3#full-handshake", false, () =>
    hello((_, server) => ({ legacySessionIdEcho: server.random(32) }))(tls12ServerScript),
  ),

  // RFC 7627 §5.3
  inHandshake(
    "resumed_without_extended_main_secret",
    "RFC 7627 §5.3#answer-without",
    refused(Alert.handshakeFailure, "resumption_without_extended_main_secret"),
    hello((message) => withoutExtension(message, extendedMainSecret.code)),
  ),
  inHandshake(
    "full_handshake_that_goes_on_as_if_it_were_resumed",
    "RFC 5246 §7.4#order",
    unexpected,
    hello((_, server) => ({ legacySessionIdEcho: server.random(32) })),
  ),
  inHandshake(
    "resumed_that_goes_on_as_a_full_handshake",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "message_spans_key_change"),
    () => tls12ServerScript,
  ),
  ...(
    [
      ["another_suite", TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384.code],
      ["another_suite_of_the_same_hash", TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256.code],
    ] as const
  ).map(([word, cipherSuite]) =>
    inHandshake<Server>(
      `resumed_with_${word}`,
      "RFC 5246 §7.4.1.3",
      refused(Alert.illegalParameter, "resumed_cipher_suite"),
      hello(() => ({ cipherSuite })),
    ),
  ),
  inHandshake(
    "resumed_with_a_suite_that_was_not_offered",
    "RFC 5246 §7.4.1.3",
    refused(Alert.illegalParameter, "cipher_suite_not_offered"),
    hello(() => ({ cipherSuite: 0x003c })),
  ),
  inHandshake(
    "resumed_in_tls_1_1",
    "RFC 5246 §E.1#version-checked",
    refused(Alert.protocolVersion, "protocol_version"),
    hello(() => ({ legacyVersion: 0x0302 })),
  ),
  inHandshake(
    "resumed_without_renegotiation_info",
    "RFC 5746 §3.4#checked",
    refused(Alert.handshakeFailure, "no_secure_renegotiation"),
    hello((message) => withoutExtension(message, renegotiationInfo.code)),
  ),
  inHandshake("resumed_with_another_main_secret", "RFC 5246 §7.4.9#checked", badRecordMac, otherSecret),
  ...(
    [
      ["certificate", HandshakeType.certificate],
      ["server_key_exchange", HandshakeType.serverKeyExchange],
      ["server_hello_done", HandshakeType.serverHelloDone],
      ["certificate_request", HandshakeType.certificateRequest],
      ["certificate_status", HandshakeType.certificateStatus],
      ["new_session_ticket", HandshakeType.newSessionTicket],
      ["finished", HandshakeType.finished],
    ] as const
  ).map(([word, code]) =>
    inHandshake<Server>(
      `resumed_and_then_${word}`,
      "RFC 5246 §7.4#order",
      missing,
      before<Server>("change_cipher_spec", flush, unprotected(RecordType.handshake, frame(code, new Uint8Array(12)))),
    ),
  ),
  inHandshake(
    "resumed_and_no_change_of_keys",
    "RFC 5246 §7.1#new-keys",
    missing,
    edits<Server>(before("Finished", flush), leftOut("change_cipher_spec"), leftOut("keys")),
  ),
  inHandshake(
    "resumed_and_two_changes_of_keys",
    "RFC 5246 §7.1",
    unexpected,
    after("change_cipher_spec", unprotected(RecordType.changeCipherSpec, Uint8Array.of(1))),
  ),
  inHandshake("resumed_and_finished_under_the_old_keys", "RFC 5246 §7.1#new-keys", badRecordMac, leftOut("keys")),
  inHandshake(
    "resumed_and_finished_first",
    "RFC 5246 §7.1#new-keys",
    missing,
    edits<Server>(
      before("Finished", flush),
      moved("change_cipher_spec", "Finished"),
      moved("keys", "change_cipher_spec"),
    ),
  ),
  inHandshake(
    "resumed_and_a_wrong_finished",
    "RFC 5246 §7.4.9#checked",
    refused(Alert.decryptError, "bad_finished"),
    altered<Server, Uint8Array>("Finished", RawFinished, (verifyData) => incremented(verifyData, -1)),
  ),
  inHandshake(
    "resumed_and_the_client_s_finished",
    "RFC 5246 §7.4.9#checked",
    refused(Alert.decryptError, "bad_finished"),
    altered<Server, Uint8Array>(
      "Finished",
      RawFinished,
      (bytes, server) => server.mainSecret?.verifyData("client", server.transcriptHash) ?? bytes,
    ),
  ),
  inHandshake(
    "resumed_and_data_before_finished",
    "RFC 5246 §7.3#no-early-data",
    refused(Alert.unexpectedMessage, "early_application_data"),
    before<Server>("Finished", record(RecordType.applicationData, Uint8Array.of(1))),
  ),
  inHandshake(
    "resumed_and_more_behind_finished",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "excess_handshake_data"),
    after(
      "Finished",
      messageStep("HelloRequest", () => frame(HandshakeType.helloRequest, new Uint8Array(0))),
    ),
  ),
  afterHandshake(
    "resumed_and_finished_twice",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before<Server>("data", record(RecordType.handshake, frame(HandshakeType.finished, new Uint8Array(12)))),
  ),
];

/** The same for a session that was made without, and a client that resumes such. */
export const tls12UnextendedServerDeviations: readonly Deviation<Server>[] = [
  accepted("resumed_without_extended_main_secret_as_it_was_made", "RFC 7627 §5.3", true, (script) => [...script]),
  inHandshake(
    "resumed_with_extended_main_secret",
    "RFC 7627 §5.3#answer-alone",
    refused(Alert.handshakeFailure, "resumption_with_extended_main_secret"),
    hello((message) => withExtension(message, rawExtension(extendedMainSecret, null))),
  ),
  inHandshake(
    "resumed_with_extended_main_secret_that_is_new",
    "RFC 7627 §5.3#answer-alone",
    refused(Alert.handshakeFailure, "resumption_with_extended_main_secret"),
    edits<Server>(
      hello((message) => withExtension(message, rawExtension(extendedMainSecret, null))),
      otherSecret,
    ),
  ),
];
