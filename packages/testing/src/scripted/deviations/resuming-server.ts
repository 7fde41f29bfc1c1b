import { TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256 } from "@tlskit/ciphersuites";
import {
  applicationLayerProtocolNegotiation,
  earlyDataIndication,
  HandshakeType,
  offeredPsks,
  selectedIdentity,
  serverShare,
} from "@tlskit/messages";
import { Alert, asciiBytes } from "@tlskit/wire";
import { refused } from "../../refusal.ts";
import { type Deviation, inHandshake, type Negotiates } from "../deviation.ts";
import {
  frame,
  RawEncryptedExtensions,
  type RawExtended,
  RawFinished,
  RawServerHello,
  rawExtension,
} from "../raw-messages.ts";
import { after, altered, before, type Edit, edits, instantStep, messageStep } from "../script.ts";
import type { ScriptedServer } from "../server.ts";
import { incremented, withExtension, withExtensionData, withoutExtension } from "../spoil.ts";
import { withRetry } from "./server-retry.ts";
import { ticketDeviations } from "./tickets.ts";

type Server = ScriptedServer;

const resumed: Negotiates = { resumed: true };

function accepted(name: string, section: string, negotiated: Negotiates, apply: Edit<Server>): Deviation<Server> {
  return { ...inHandshake<Server>(name, section, "accepted", apply), negotiated };
}

const hello = (change: (hello: RawServerHello, server: Server) => RawServerHello): Edit<Server> =>
  altered<Server, RawServerHello>("ServerHello", RawServerHello, change);
const encryptedExtensions = (change: (message: RawExtended, server: Server) => RawExtended): Edit<Server> =>
  altered<Server, RawExtended>("EncryptedExtensions", RawEncryptedExtensions, change);
const acceptingEarlyData = encryptedExtensions((message) =>
  withExtension(message, rawExtension(earlyDataIndication, null)),
);
const psk = (index: number): Edit<Server> =>
  hello((message) => withExtensionData(message, rawExtension(selectedIdentity, index)));

/** What a server makes wrongly of a session that it is offered (RFC 9846 §4.3.11). */
export const resumingServerDeviations: readonly Deviation<Server>[] = [
  accepted("nothing_odd", "4.3.11#selection-checked", resumed, (script) => script),
  accepted("session_resumed_with_hello_retry_request", "4.3.11", resumed, withRetry),
  ...[1, 2, 0xffff].map((index) =>
    inHandshake<Server>(
      `session_${index}_resumed`,
      "4.3.11#selection-checked",
      refused(Alert.illegalParameter, "psk_not_offered"),
      psk(index),
    ),
  ),
  inHandshake(
    "session_resumed_without_key_share",
    "4.3.11#selection-checked",
    refused(Alert.illegalParameter, "psk_without_key_share"),
    hello((message) => withoutExtension(message, serverShare.code)),
  ),
  inHandshake(
    "session_resumed_under_another_hash",
    "4.3.11#selection-checked",
    refused(Alert.illegalParameter, "psk_hash"),
    hello((message) => ({ ...message, cipherSuite: TLS_AES_256_GCM_SHA384.code })),
  ),
  inHandshake(
    "session_resumed_with_the_offer_sent_back",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    hello((message, server) => {
      const offered = server.clientHello.extensions.find(({ code }) => code === offeredPsks.code);
      return offered === undefined ? message : withExtensionData(message, offered);
    }),
  ),
  inHandshake(
    "session_resumed_in_encrypted_extensions",
    "4.3#places-checked",
    refused(Alert.illegalParameter, "forbidden_extension"),
    encryptedExtensions((message) => withExtension(message, rawExtension(selectedIdentity, 0))),
  ),
  inHandshake(
    "session_resumed_and_a_certificate_shown",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before(
      "Finished",
      messageStep<Server>("Certificate", (server) => server.certificateMessage()),
    ),
  ),
  inHandshake(
    "session_resumed_and_a_certificate_asked_for",
    "4.4.2#not-on-resumption",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before(
      "Finished",
      messageStep<Server>("CertificateRequest", (server) => server.certificateRequest()),
    ),
  ),
  inHandshake(
    "session_resumed_and_early_data_ended",
    "4.6#refused",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before(
      "Finished",
      messageStep<Server>("EndOfEarlyData", () => frame(HandshakeType.endOfEarlyData, new Uint8Array(0))),
    ),
  ),
  inHandshake(
    "session_resumed_with_a_wrong_finished",
    "4.5.3#verified",
    refused(Alert.decryptError, "bad_finished"),
    altered<Server, Uint8Array>("Finished", RawFinished, (bytes) => incremented(bytes, 0)),
  ),
  inHandshake(
    "early_data_accepted_that_was_not_offered",
    "4.3#responses-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    acceptingEarlyData,
  ),
  ...ticketDeviations.map((deviation) => ({ ...deviation, negotiated: resumed })),
];

/** What a server makes wrongly of early data, which it is offered with a session (RFC 9846 §4.3.10). */
export const earlyDataServerDeviations: readonly Deviation<Server>[] = [
  accepted("nothing_odd", "4.3.10, 4.6#sent", { resumed: true, earlyData: "accepted" }, (script) => script),
  accepted(
    "early_data_rejected",
    "4.3.10, 4.6#not-sent",
    { resumed: true, earlyData: "rejected" },
    before<Server>(
      "receive ClientHello",
      instantStep("no early data", (server) => {
        server.takesEarlyData = false;
      }),
    ),
  ),
  inHandshake(
    "early_data_accepted_behind_hello_retry_request",
    "4.3#responses-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    edits(withRetry, acceptingEarlyData),
  ),
  inHandshake(
    "early_data_accepted_under_another_cipher_suite",
    "4.3.10#conditions",
    refused(Alert.illegalParameter, "early_data_cipher_suite"),
    after<Server>(
      "receive ClientHello",
      instantStep("another cipher suite", (server) => {
        server.cipherSuite = TLS_CHACHA20_POLY1305_SHA256;
      }),
    ),
  ),
  inHandshake(
    "early_data_accepted_for_another_protocol",
    "4.3.10#conditions",
    refused(Alert.illegalParameter, "early_data_alpn_protocol"),
    encryptedExtensions((message) =>
      withExtensionData(message, rawExtension(applicationLayerProtocolNegotiation, [asciiBytes("http/1.1")])),
    ),
  ),
  inHandshake(
    "early_data_accepted_for_no_protocol",
    "4.3.10#conditions",
    refused(Alert.illegalParameter, "early_data_alpn_protocol"),
    encryptedExtensions((message) => withoutExtension(message, applicationLayerProtocolNegotiation.code)),
  ),
  inHandshake(
    "early_data_accepted_under_the_second_identity",
    "4.3.11#early-selection-checked",
    refused(Alert.illegalParameter, "psk_not_offered"),
    psk(1),
  ),
];
