import { certWithExternPsk, earlyDataIndication, offeredPsks, pskKeyExchangeModes } from "@tlskit/messages";
import { Alert } from "@tlskit/wire";
import { refused } from "../../refusal.ts";
import type { ScriptedClient } from "../client.ts";
import { type Deviation, inHandshake } from "../deviation.ts";
import { type RawClientHello, rawExtension } from "../raw-messages.ts";
import { before, type Edit, edits, messageStep } from "../script.ts";
import { scriptedPskKey } from "../session.ts";
import { incremented, withExtension, withExtensionData, withoutExtension } from "../spoil.ts";
import { withRetry } from "./client-retry.ts";
import { anew, binders, hello, psks } from "./resuming-client.ts";

type Client = ScriptedClient;

const accepted = (name: string, section: string, apply: Edit<Client>): Deviation<Client> => ({
  ...inHandshake<Client>(name, section, "accepted", apply),
  negotiated: { resumed: false },
});

/** A ClientHello without a share, whose binder is right all the same, and the second one. */
const asked: Edit<Client> = edits(
  withRetry,
  anew((message) => message),
);

const badBinder = refused(Alert.decryptError, "bad_binder");

/** The same offer with the key as another session has it. */
const offeredAs = (change: (client: Client) => Partial<NonNullable<Client["session"]>>): Edit<Client> =>
  hello((message, client) => {
    if (client.session === undefined) return message;
    return client.offering(withoutExtension(message, offeredPsks.code), [], { ...client.session, ...change(client) });
  });

/** Another name, with the binder that the right one has. */
const renamed = (name?: string): Edit<Client> =>
  psks(
    ({ identities, binders: made }) => ({
      identities: identities.map((one) => ({ ...one, identity: incremented(one.identity, -1) })),
      binders: made,
    }),
    name,
  );

/** A pre-shared key from outside is offered to a server that has no certificates (RFC 9846 §4.3.11). */
export const externalPskClientDeviations: readonly Deviation<Client>[] = [
  accepted("nothing_odd", "4.3.11#binder-checked, 4.4.2#not-with-external-psk", (script) => script),
  accepted("external_psk_and_hello_retry_request", "4.3.11", asked),
  inHandshake("external_psk_with_a_wrong_binder_that_would_be_asked_again", "F.6", badBinder, withRetry),
  accepted(
    "external_psk_with_an_age",
    "4.3.11#external-age",
    offeredAs(() => ({ obfuscatedTicketAge: 0xfedc_ba98 })),
  ),
  accepted(
    "external_psk_with_other_modes_too",
    "4.3.9#listed",
    anew((message) => withExtensionData(message, rawExtension(pskKeyExchangeModes, [0x2a, 0, 1]))),
  ),
  inHandshake(
    "external_psk_without_key_exchange",
    "4.2.1#psk-mode",
    refused(Alert.handshakeFailure, "no_common_psk_mode"),
    anew((message) => withExtensionData(message, rawExtension(pskKeyExchangeModes, [0]))),
  ),
  ...(
    [
      ["changed_at_its_start", (binder) => incremented(binder, 0)],
      ["changed_at_its_end", (binder) => incremented(binder, -1)],
      ["of_zeros", (binder) => new Uint8Array(binder.length)],
    ] satisfies [string, (binder: Uint8Array) => Uint8Array][]
  ).map(([word, change]) =>
    inHandshake<Client>(`external_psk_with_a_binder_${word}`, "4.3.11#binder-checked", badBinder, binders(change)),
  ),
  inHandshake(
    "external_psk_with_a_binder_of_tickets",
    "7.1, 4.3.11#binder-checked",
    badBinder,
    offeredAs(() => ({ presharedKey: scriptedPskKey })),
  ),
  inHandshake("external_psk_of_an_unknown_name", "F.6", badBinder, renamed()),
  inHandshake(
    "external_psk_with_a_binder_changed_after_hello_retry_request",
    "4.3.11#binder-checked",
    badBinder,
    edits(
      asked,
      binders((binder) => incremented(binder, 0), "second ClientHello"),
    ),
  ),
  inHandshake(
    "external_psk_left_out_after_hello_retry_request",
    "4.2.2",
    refused(Alert.missingExtension, "missing_extension"),
    edits(
      asked,
      hello((message) => withoutExtension(message, offeredPsks.code), "second ClientHello"),
    ),
  ),
  inHandshake(
    "external_psk_of_another_name_after_hello_retry_request",
    "4.2.2",
    refused(Alert.illegalParameter, "psk_withdrawn"),
    edits(asked, renamed("second ClientHello")),
  ),
  {
    ...accepted(
      "external_psk_with_early_data_offered",
      "4.3.10#refused",
      anew((message) => withExtension(message, rawExtension(earlyDataIndication, null))),
    ),
    negotiated: { resumed: false, earlyData: "rejected" },
  },
  inHandshake(
    "external_psk_and_an_empty_certificate",
    "4.5.1#sent-if-asked, 4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before(
      "Finished",
      messageStep<Client>("Certificate", (client) => client.emptyCertificate()),
    ),
  ),
];

const asking = (change: (message: RawClientHello) => RawClientHello = (message) => message): Edit<Client> =>
  anew((message) => change(withExtension(message, rawExtension(certWithExternPsk, null))));

/** A certificate is asked for besides such a key, of a server that does both (RFC 8773). */
export const certWithExternPskClientDeviations: readonly Deviation<Client>[] = [
  accepted("nothing_odd", "RFC 8773 §4", (script) => script),
  accepted("certificate_asked_for", "RFC 8773 §5.1#psk-dhe-ke-taken", asking()),
  inHandshake(
    "certificate_asked_for_with_early_data",
    "RFC 8773 §4#no-early-data-checked",
    refused(Alert.illegalParameter, "early_data_with_certificate"),
    asking((message) => withExtension(message, rawExtension(earlyDataIndication, null))),
  ),
  inHandshake(
    "certificate_asked_for_without_psk_dhe_ke",
    "RFC 8773 §5.1",
    refused(Alert.illegalParameter, "psk_mode"),
    asking((message) => withExtensionData(message, rawExtension(pskKeyExchangeModes, [0]))),
  ),
  inHandshake(
    "certificate_asked_for_without_a_pre_shared_key",
    "RFC 8773 §4",
    refused(Alert.missingExtension, "missing_extension"),
    edits(
      asking(),
      hello((message) => withoutExtension(message, offeredPsks.code)),
    ),
  ),
  inHandshake(
    "certificate_asked_for_with_a_wrong_binder",
    "RFC 8773 §5.1#binder-checked",
    refused(Alert.illegalParameter, "bad_binder"),
    edits(
      asking(),
      binders((binder) => incremented(binder, 0)),
    ),
  ),
  inHandshake(
    "certificate_asked_for_with_data_in_the_request",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    anew((message) => withExtension(message, { code: certWithExternPsk.code, data: Uint8Array.of(0) })),
  ),
];
