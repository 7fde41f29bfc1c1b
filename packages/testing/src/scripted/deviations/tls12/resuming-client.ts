import {
  applicationLayerProtocolNegotiation,
  extendedMainSecret,
  HandshakeType,
  serverNameList,
  sessionTicket,
  signatureAlgorithms,
} from "@tlskit/messages";
import { Alert, asciiBytes } from "@tlskit/wire";
import { refused } from "../../../refusal.ts";
import { afterHandshake, type Deviation, inHandshake } from "../../deviation.ts";
import { RecordType } from "../../peer.ts";
import { frame, RawClientHello, RawFinished, rawExtension } from "../../raw-messages.ts";
import { after, altered, before, type Edit, edits, instantStep, leftOut, sentTwice } from "../../script.ts";
import { incremented, withExtensionData, withoutExtension } from "../../spoil.ts";
import type { ScriptedTls12Client } from "../../tls12/client.ts";
import { tls12ClientScript } from "../../tls12/scripts.ts";
import { flush, record, unprotected } from "../records.ts";

type Client = ScriptedTls12Client;

const missing = refused(Alert.unexpectedMessage, "missing_change_cipher_spec");
const unexpected = refused(Alert.unexpectedMessage, "unexpected_record");
const badRecordMac = refused(Alert.badRecordMac, "bad_record_mac");

const hello = (change: (message: RawClientHello, client: Client) => Partial<RawClientHello>): Edit<Client> =>
  altered<Client, RawClientHello>("ClientHello", RawClientHello, (message, client) => ({
    ...message,
    ...change(message, client),
  }));

const resumed = (name: string, section: string, apply: Edit<Client>): Deviation<Client> => ({
  ...inHandshake<Client>(name, section, "accepted", apply),
  negotiated: { resumed: true },
});

/** What isn't resumed goes on as a full handshake. */
const notResumed = (name: string, section: string, edit: Edit<Client>): Deviation<Client> => ({
  ...inHandshake<Client>(name, section, "accepted", () => edit(tls12ClientScript)),
  negotiated: { resumed: false },
});

/** A client with a ticket of the server's, made with extended_main_secret (RFC 5077 §3.1, RFC 7627 §5.3). */
export const tls12ResumingClientDeviations: readonly Deviation<Client>[] = [
  resumed("resumed", "RFC 5246 §7.3#abbreviated, RFC 5077 §3.4#session-id-echoed", (script) => [...script]),
  inHandshake(
    "session_offered_without_extended_main_secret",
    "RFC 7627 §5.3#session-alone",
    refused(Alert.handshakeFailure, "resumption_without_extended_main_secret"),
    hello((message) => withoutExtension(message, extendedMainSecret.code)),
  ),
  ...(
    [
      ["changed_at_its_start", 0],
      ["changed_in_its_middle", 40],
      ["changed_at_its_end", -1],
    ] as const
  ).map(([word, at]) =>
    notResumed(
      `ticket_${word}`,
      "RFC 5077 §3.1, §5.2#protected",
      hello((message, { session }) =>
        withExtensionData(message, rawExtension(sessionTicket, incremented(session?.ticket ?? new Uint8Array(1), at))),
      ),
    ),
  ),
  notResumed(
    "half_a_ticket",
    "RFC 5077 §3.1, §5.2#protected",
    hello((message, { session }) =>
      withExtensionData(message, rawExtension(sessionTicket, (session?.ticket ?? new Uint8Array(0)).subarray(0, 60))),
    ),
  ),
  notResumed(
    "ticket_without_the_session_s_suite",
    "RFC 5246 §7.4.1.2#session-suite",
    hello(({ cipherSuites }, { session }) => ({
      cipherSuites: cipherSuites.filter((code) => code !== session?.cipherSuite.code),
    })),
  ),
  notResumed(
    "ticket_for_another_name",
    "RFC 6066 §3",
    hello((message) =>
      withExtensionData(message, rawExtension(serverNameList, [{ nameType: 0, name: asciiBytes("other.example") }])),
    ),
  ),
  resumed(
    "ticket_with_another_protocol",
    "RFC 7301 §3.1",
    hello((message) =>
      withExtensionData(message, rawExtension(applicationLayerProtocolNegotiation, [asciiBytes("http/1.1")])),
    ),
  ),
  inHandshake(
    "ticket_without_signature_algorithms",
    "RFC 9155 §2",
    refused(Alert.handshakeFailure, "no_signature_algorithms"),
    hello((message) => withoutExtension(message, signatureAlgorithms.code)),
  ),
  inHandshake(
    "resumed_with_another_main_secret",
    "RFC 5246 §7.4.9#checked",
    badRecordMac,
    edits<Client>(
      leftOut("receive Finished"),
      before(
        "change_cipher_spec",
        instantStep("another main secret", (client) => client.forgetMainSecret()),
      ),
    ),
  ),
  ...(
    [
      ["client_key_exchange", HandshakeType.clientKeyExchange],
      ["certificate", HandshakeType.certificate],
      ["certificate_verify", HandshakeType.certificateVerify],
      ["client_hello", HandshakeType.clientHello],
      ["finished", HandshakeType.finished],
    ] as const
  ).map(([word, code]) =>
    inHandshake<Client>(
      `resumed_and_then_${word}`,
      "RFC 5246 §7.4#order",
      missing,
      before<Client>("change_cipher_spec", flush, unprotected(RecordType.handshake, frame(code, new Uint8Array(33)))),
    ),
  ),
  inHandshake(
    "resumed_and_no_change_of_keys",
    "RFC 5246 §7.1#new-keys",
    missing,
    edits<Client>(leftOut("change_cipher_spec"), leftOut("keys")),
  ),
  inHandshake(
    "resumed_and_two_changes_of_keys",
    "RFC 5246 §7.1",
    unexpected,
    after("change_cipher_spec", unprotected(RecordType.changeCipherSpec, Uint8Array.of(1))),
  ),
  inHandshake("resumed_and_finished_under_the_old_keys", "RFC 5246 §7.1#new-keys", badRecordMac, leftOut("keys")),
  inHandshake(
    "resumed_and_a_wrong_finished",
    "RFC 5246 §7.4.9#checked",
    refused(Alert.decryptError, "bad_finished"),
    altered<Client, Uint8Array>("Finished", RawFinished, (verifyData) => incremented(verifyData, -1)),
  ),
  inHandshake(
    "resumed_and_the_server_s_finished",
    "RFC 5246 §7.4.9#checked",
    refused(Alert.decryptError, "bad_finished"),
    altered<Client, Uint8Array>(
      "Finished",
      RawFinished,
      (bytes, client) => client.mainSecret?.verifyData("server", client.transcriptHash) ?? bytes,
    ),
  ),
  inHandshake(
    "resumed_and_data_before_finished",
    "RFC 5246 §7.3#no-early-data",
    refused(Alert.unexpectedMessage, "early_application_data"),
    before<Client>("Finished", record(RecordType.applicationData, Uint8Array.of(1))),
  ),
  inHandshake(
    "resumed_and_finished_twice",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "excess_handshake_data"),
    sentTwice("Finished"),
  ),
  afterHandshake(
    "resumed_and_finished_twice_in_two_records",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before<Client>("data", record(RecordType.handshake, frame(HandshakeType.finished, new Uint8Array(12)))),
  ),
];
