import {
  clientShares,
  type OfferedPsks,
  offeredPsks,
  type PskIdentity,
  pskKeyExchangeModes,
  signatureAlgorithms,
  supportedGroups,
} from "@tlskit/messages";
import { Alert, concat, decode, encode } from "@tlskit/wire";
import { ended, refused } from "../../refusal.ts";
import type { ScriptedClient } from "../client.ts";
import { type Deviation, type Expectation, inHandshake, type Negotiates } from "../deviation.ts";
import { RecordType } from "../peer.ts";
import { extensionData, RawClientHello, rawExtension } from "../raw-messages.ts";
import { after, altered, before, type Edit, edits, instead, leftOut, messageStep, type Step, step } from "../script.ts";
import { scriptedEarlyData } from "../session.ts";
import { closeNotify } from "../shared-steps.ts";
import { incremented, withExtensionData, withoutExtension } from "../spoil.ts";
import { withRetry } from "./client-retry.ts";

type Client = ScriptedClient;

const resumed: Negotiates = { resumed: true };
const notResumed: Negotiates = { resumed: false };
const early = (what: "accepted" | "rejected", isResumed = true): Negotiates => ({
  resumed: isResumed,
  earlyData: what,
});

/** A deviation that is accepted, with what has to be negotiated. */
function accepted(name: string, section: string, negotiated: Negotiates, apply: Edit<Client>): Deviation<Client> {
  return { ...inHandshake<Client>(name, section, "accepted", apply), negotiated };
}

export const hello = (
  change: (hello: RawClientHello, client: Client) => RawClientHello,
  name = "ClientHello",
): Edit<Client> => altered<Client, RawClientHello>(name, RawClientHello, change);

/** Other pre-shared keys, whose binders are no longer made over what is sent. */
export const psks = (change: (psks: OfferedPsks) => OfferedPsks, name?: string): Edit<Client> =>
  hello((message) => {
    const data = extensionData(message, offeredPsks.code);
    if (data === undefined) return message;
    return withExtensionData(message, rawExtension(offeredPsks, change(decode(offeredPsks.data, data))));
  }, name);

export const binders = (change: (binder: Uint8Array) => Uint8Array, name?: string): Edit<Client> =>
  psks((offer) => ({ ...offer, binders: offer.binders.map(change) }), name);

/** The offer made anew, with a right binder, in another hello. */
export const anew = (change: (hello: RawClientHello) => RawClientHello): Edit<Client> =>
  hello((message, client) => client.offering(change(withoutExtension(message, offeredPsks.code))));

/** A ticket that the server hasn't made. */
const unknown: Edit<Client> = psks(({ identities, binders: made }) => ({
  identities: identities.map((one) => ({ ...one, identity: incremented(one.identity, -1) })),
  binders: made,
}));

/** The offer made anew, with right binders, behind other identities. */
const behind = (others: (client: Client) => readonly PskIdentity[]): Edit<Client> =>
  hello((message, client) => client.offering(withoutExtension(message, offeredPsks.code), others(client)));

const behindStrangers = (count: number): Edit<Client> =>
  behind((client) => Array.from({ length: count }, () => stranger(client)));

const stranger = (client: Client): PskIdentity => ({ identity: client.random(100), obfuscatedTicketAge: 7 });
const badBinder = refused(Alert.decryptError, "bad_binder");

const wrongBinders: readonly (readonly [word: string, Expectation, Edit<Client>])[] = [
  ["changed_at_its_start", badBinder, binders((binder) => incremented(binder, 0))],
  ["changed_at_its_end", badBinder, binders((binder) => incremented(binder, -1))],
  ["of_zeros", badBinder, binders((binder) => new Uint8Array(binder.length))],
  ["of_another_hash", badBinder, binders((binder) => concat(binder, binder.subarray(16)))],
  ["of_another_ticket_age", badBinder, psks(withAge((age) => age ^ 1))],
  ["for_another_identity", badBinder, hello(anotherFirst)],
  [
    "truncated",
    refused(Alert.decodeError, "decode_error"),
    hello((message) =>
      withExtensionData(message, {
        code: offeredPsks.code,
        data: withBinderOf31Bytes(extensionData(message, offeredPsks.code) ?? new Uint8Array(0)),
      }),
    ),
  ],
  [
    "too_many",
    refused(Alert.illegalParameter, "psk_binders"),
    psks(({ identities, binders: made }) => ({ identities, binders: [...made, ...made] })),
  ],
];

function withAge(change: (age: number) => number): (psks: OfferedPsks) => OfferedPsks {
  return ({ identities, binders: made }) => ({
    identities: identities.map(({ identity, obfuscatedTicketAge }) => ({
      identity,
      obfuscatedTicketAge: change(obfuscatedTicketAge) >>> 0,
    })),
    binders: made,
  });
}

/** Two identities, of which each has the other's binder. */
function anotherFirst(message: RawClientHello, client: Client): RawClientHello {
  const offered = client.offering(withoutExtension(message, offeredPsks.code), [stranger(client)]);
  const { identities, binders: made } = decode(
    offeredPsks.data,
    extensionData(offered, offeredPsks.code) ?? new Uint8Array(0),
  );
  return withExtensionData(offered, rawExtension(offeredPsks, { identities, binders: made.toReversed() }));
}

/** RFC 9846 §4.3.11: a binder has 32 bytes at least. */
function withBinderOf31Bytes(data: Uint8Array): Uint8Array {
  const { identities } = decode(offeredPsks.data, data);
  const whole = encode(offeredPsks.data, { identities, binders: [new Uint8Array(32)] });
  const short = whole.slice(0, -1);
  short[short.length - 33] = 32;
  short[short.length - 32] = 31;
  return short;
}

/** A session is offered (RFC 9846 §4.3.11). */
export const resumingClientDeviations: readonly Deviation<Client>[] = [
  accepted("nothing_odd", "4.3.11#binder-checked, 4.3.9#listed", resumed, (script) => script),
  accepted(
    "session_behind_another_identity",
    "4.3.11",
    resumed,
    behind((client) => [stranger(client)]),
  ),
  accepted("session_behind_more_identities_than_are_looked_up", "4.3.11", notResumed, behindStrangers(4)),
  accepted("session_unknown", "4.3.11", notResumed, unknown),
  accepted(
    "session_without_key_exchange_alone",
    "4.3.9#listed",
    notResumed,
    hello((message) => withExtensionData(message, rawExtension(pskKeyExchangeModes, [0]))),
  ),
  accepted(
    "session_with_modes_that_nobody_knows",
    "4.3.9#listed",
    notResumed,
    hello((message) => withExtensionData(message, rawExtension(pskKeyExchangeModes, [0x2a, 9]))),
  ),
  accepted("session_and_hello_retry_request", "4.3.11", resumed, withRetry),
  accepted(
    "session_without_signature_algorithms",
    "9.2#missing-checked",
    resumed,
    anew((message) => withoutExtension(message, signatureAlgorithms.code)),
  ),
  inHandshake(
    "unknown_session_without_signature_algorithms",
    "9.2#missing-checked, 4.3.3#missing-checked",
    refused(Alert.missingExtension, "missing_extension"),
    edits(
      anew((message) => withoutExtension(message, signatureAlgorithms.code)),
      unknown,
    ),
  ),
  inHandshake(
    "session_with_neither_groups_nor_key_share",
    "9.2#missing-checked",
    refused(Alert.missingExtension, "missing_extension"),
    anew((message) => withoutExtension(withoutExtension(message, supportedGroups.code), clientShares.code)),
  ),
  ...[supportedGroups.code, clientShares.code].map((code) =>
    inHandshake<Client>(
      `session_without_extension_${code}`,
      "9.2#missing-checked",
      refused(Alert.missingExtension, "missing_extension"),
      anew((message) => withoutExtension(message, code)),
    ),
  ),
  ...wrongBinders.map(([word, expected, apply]) =>
    inHandshake<Client>(`binder_${word}`, "4.3.11#binder-checked", expected, apply),
  ),
  inHandshake(
    "binder_of_the_second_client_hello_changed",
    "4.3.11#binder-checked",
    badBinder,
    edits(
      withRetry,
      binders((binder) => incremented(binder, 0), "second ClientHello"),
    ),
  ),
  accepted(
    "binder_of_the_first_client_hello_changed",
    "4.3.11",
    resumed,
    edits(
      withRetry,
      binders((binder) => incremented(binder, 0)),
    ),
  ),
];

const data = (length: number): Step<Client> =>
  step("more early data", (client) => client.record(RecordType.applicationData, new Uint8Array(length)));
const moreData = (...sent: readonly Step<Client>[]): Edit<Client> => after<Client>("early data", ...sent);
const end = (client: Client): Uint8Array => client.endOfEarlyData();
const spoiltRecord: Step<Client> = step("a record that can't be opened", function* (client) {
  client.raw(incremented(yield* client.sealed(RecordType.applicationData, scriptedEarlyData), -1));
});

/** A session is offered, with early data, of which the server takes 10,000 bytes (RFC 9846 §4.3.10). */
export const earlyDataClientDeviations: readonly Deviation<Client>[] = [
  accepted("nothing_odd", "4.3.10#conditions", early("accepted"), (script) => script),
  accepted("early_data_offered_and_not_sent", "4.3.10", early("accepted"), leftOut("early data")),
  accepted("early_data_up_to_the_limit", "4.7.1", early("accepted"), moreData(data(10_000 - scriptedEarlyData.length))),
  inHandshake(
    "early_data_beyond_the_limit",
    "4.7.1, 4.3.10#accepted-records",
    refused(Alert.unexpectedMessage, "too_much_early_data"),
    moreData(data(10_001 - scriptedEarlyData.length)),
  ),
  ...(
    [
      ["older", -10_500],
      ["much_older", -86_400_000],
      ["younger", 10_500],
      ["much_younger", 86_400_000],
    ] as const
  ).map(([word, by]) =>
    accepted(
      `early_data_with_a_ticket_${word}_than_it_is`,
      "4.3.10#ticket-age",
      early("rejected"),
      hello((message, client) => {
        const { session } = client;
        if (session === undefined) return message;
        const aged = { ...session, obfuscatedTicketAge: (session.obfuscatedTicketAge - by) >>> 0 };
        return client.offering(withoutExtension(message, offeredPsks.code), [], aged);
      }),
    ),
  ),
  accepted(
    "early_data_under_the_second_identity",
    "4.3.10#conditions",
    early("rejected"),
    behind((client) => [stranger(client)]),
  ),
  accepted("early_data_under_a_session_that_is_unknown", "4.3.10#refused", early("rejected", false), unknown),
  inHandshake(
    "early_data_that_can_not_be_opened",
    "4.3.10#accepted-records",
    refused(Alert.badRecordMac, "bad_record_mac"),
    moreData(spoiltRecord),
  ),
  inHandshake(
    "early_data_with_empty_records",
    "5.1, 4.3.10#accepted-records",
    refused(Alert.unexpectedMessage, "too_many_useless_records"),
    moreData(...Array.from({ length: 33 }, () => data(0))),
  ),
  inHandshake(
    "early_data_and_an_error_alert",
    "6.2#closed-at-once",
    ended("alert_handshake_failure"),
    moreData(step("alert", (client) => client.record(RecordType.alert, Uint8Array.of(2, 40)))),
  ),
  inHandshake(
    "early_data_and_close_notify",
    "6.1",
    ended("closed_during_handshake"),
    moreData(step("close_notify", (client) => client.record(RecordType.alert, closeNotify))),
  ),
  inHandshake(
    "end_of_early_data_left_out",
    "4.6",
    refused(Alert.badRecordMac, "bad_record_mac"),
    leftOut("EndOfEarlyData"),
  ),
  inHandshake(
    "finished_in_place_of_end_of_early_data",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    instead(
      "EndOfEarlyData",
      messageStep("Finished too early", (client) => client.finished()),
      step("flush", (client) => client.flush()),
    ),
  ),
  inHandshake(
    "end_of_early_data_twice_in_a_record",
    "5.1#key-change-alignment",
    refused(Alert.unexpectedMessage, "message_spans_key_change"),
    before("EndOfEarlyData", messageStep("EndOfEarlyData too early", end)),
  ),
  inHandshake(
    "end_of_early_data_with_a_byte",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    instead(
      "EndOfEarlyData",
      messageStep("EndOfEarlyData with a byte", (client) => concat(end(client).subarray(0, 3), Uint8Array.of(1, 0))),
      step("flush", (client) => client.flush()),
    ),
  ),
  inHandshake(
    "end_of_early_data_with_finished_in_a_record",
    "5.1#key-change-alignment",
    refused(Alert.unexpectedMessage, "message_spans_key_change"),
    instead(
      "EndOfEarlyData",
      messageStep("EndOfEarlyData", end),
      messageStep("Finished too early", (client) => client.finished()),
      step("flush", (client) => client.flush()),
    ),
  ),
  inHandshake(
    "early_data_behind_its_end",
    "4.6",
    refused(Alert.badRecordMac, "bad_record_mac"),
    after("EndOfEarlyData", data(10)),
  ),
  inHandshake(
    "data_under_handshake_keys_behind_early_data",
    "4.5.3",
    refused(Alert.unexpectedMessage, "early_application_data"),
    before("Finished", data(10)),
  ),
];
