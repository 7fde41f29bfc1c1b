import { TLS_AES_256_GCM_SHA384 } from "@tlskit/ciphersuites";
import { certWithExternPsk, earlyDataIndication, selectedIdentity, serverShare } from "@tlskit/messages";
import { Alert } from "@tlskit/wire";
import { refused } from "../../refusal.ts";
import { type Deviation, inHandshake } from "../deviation.ts";
import {
  RawCertificateVerify,
  RawEncryptedExtensions,
  type RawExtended,
  RawFinished,
  RawServerHello,
  rawExtension,
} from "../raw-messages.ts";
import { altered, before, type Edit, edits, leftOut, messageStep } from "../script.ts";
import type { ScriptedServer } from "../server.ts";
import { incremented, withExtension, withExtensionData, withoutExtension } from "../spoil.ts";
import { withRetry } from "./server-retry.ts";

type Server = ScriptedServer;

const accepted = (name: string, section: string, apply: Edit<Server>): Deviation<Server> => ({
  ...inHandshake<Server>(name, section, "accepted", apply),
  negotiated: { resumed: false },
});

const hello = (change: (hello: RawServerHello) => RawServerHello): Edit<Server> =>
  altered<Server, RawServerHello>("ServerHello", RawServerHello, change);
const psk = (index: number): Edit<Server> =>
  hello((message) => withExtensionData(message, rawExtension(selectedIdentity, index)));
const certificate = messageStep<Server>("Certificate", (server) => server.certificateMessage());
const certificateVerify = messageStep<Server>("CertificateVerify", (server) => server.certificateVerify());
const certificateRequest = messageStep<Server>("CertificateRequest", (server) => server.certificateRequest());
const answered = hello((message) => withExtension(message, rawExtension(certWithExternPsk, null)));

/** What a server makes wrongly of a pre-shared key that a client without certificates offers (RFC 9846 §4.3.11). */
export const externalPskServerDeviations: readonly Deviation<Server>[] = [
  accepted("nothing_odd", "4.3.11#selection-checked", (script) => script),
  accepted("external_psk_and_hello_retry_request", "4.3.11", withRetry),
  ...[1, 0xffff].map((index) =>
    inHandshake<Server>(
      `external_psk_${index}_selected`,
      "4.3.11#selection-checked",
      refused(Alert.illegalParameter, "psk_not_offered"),
      psk(index),
    ),
  ),
  inHandshake(
    "external_psk_under_another_hash",
    "4.3.11#selection-checked",
    refused(Alert.illegalParameter, "psk_hash"),
    hello((message) => ({ ...message, cipherSuite: TLS_AES_256_GCM_SHA384.code })),
  ),
  inHandshake(
    "external_psk_without_key_share",
    "4.3.11#selection-checked",
    refused(Alert.illegalParameter, "psk_without_key_share"),
    hello((message) => withoutExtension(message, serverShare.code)),
  ),
  inHandshake(
    "external_psk_not_selected",
    "6.2",
    refused(Alert.missingExtension, "missing_extension"),
    hello((message) => withoutExtension(message, selectedIdentity.code)),
  ),
  inHandshake(
    "external_psk_and_a_certificate_shown",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before("Finished", certificate),
  ),
  inHandshake(
    "external_psk_and_a_certificate_asked_for",
    "4.4.2#not-with-external-psk",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before("Finished", certificateRequest),
  ),
  inHandshake(
    "external_psk_with_a_certificate_announced",
    "4.3#responses-checked, RFC 8773 §5",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    answered,
  ),
  inHandshake(
    "external_psk_with_early_data_accepted",
    "4.3#responses-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    altered<Server, RawExtended>("EncryptedExtensions", RawEncryptedExtensions, (message) =>
      withExtension(message, rawExtension(earlyDataIndication, null)),
    ),
  ),
  inHandshake(
    "external_psk_with_a_wrong_finished",
    "4.5.3#verified",
    refused(Alert.decryptError, "bad_finished"),
    altered<Server, Uint8Array>("Finished", RawFinished, (bytes) => incremented(bytes, 0)),
  ),
];

const both: Edit<Server> = edits(answered, before("Finished", certificate, certificateVerify));

/** What a server makes wrongly of a certificate that it is asked for besides such a key (RFC 8773). */
export const certWithExternPskServerDeviations: readonly Deviation<Server>[] = [
  accepted("nothing_odd", "RFC 8773 §7#never-alone", both),
  accepted("certificate_besides_and_hello_retry_request", "RFC 8773 §5", edits(withRetry, both)),
  inHandshake(
    "certificate_besides_not_announced",
    "RFC 8773 §4",
    refused(Alert.missingExtension, "missing_extension"),
    before("Finished", certificate, certificateVerify),
  ),
  inHandshake(
    "certificate_besides_announced_in_encrypted_extensions",
    "4.3#places-checked, RFC 8773 §5#places-checked",
    refused(Alert.illegalParameter, "forbidden_extension"),
    edits(
      both,
      altered<Server, RawExtended>("EncryptedExtensions", RawEncryptedExtensions, (message) =>
        withExtension(message, rawExtension(certWithExternPsk, null)),
      ),
    ),
  ),
  inHandshake(
    "certificate_besides_without_the_key",
    "RFC 8773 §4",
    refused(Alert.missingExtension, "missing_extension"),
    edits(
      both,
      hello((message) => withoutExtension(message, selectedIdentity.code)),
    ),
  ),
  inHandshake(
    "certificate_besides_left_out",
    "RFC 8773 §7#never-alone, 4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    answered,
  ),
  inHandshake(
    "certificate_besides_not_proved",
    "RFC 8773 §7#never-alone, 4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    edits(both, leftOut("CertificateVerify")),
  ),
  inHandshake(
    "certificate_besides_with_a_wrong_signature",
    "RFC 8773 §7#never-alone, 4.5.2#verified",
    refused(Alert.decryptError, "bad_signature"),
    edits(
      both,
      altered<Server, { readonly algorithm: number; readonly signature: Uint8Array }>(
        "CertificateVerify",
        RawCertificateVerify,
        (message) => ({ ...message, signature: incremented(message.signature, -1) }),
      ),
    ),
  ),
];
