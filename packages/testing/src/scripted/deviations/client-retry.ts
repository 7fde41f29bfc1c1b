import { secp256r1, x25519 } from "@tlskit/ciphersuites";
import {
  applicationLayerProtocolNegotiation,
  clientShares,
  cookie,
  earlyDataIndication,
  HandshakeType,
  serverNameList,
} from "@tlskit/messages";
import { Alert, concat } from "@tlskit/wire";
import { privateUse } from "../../private-use.ts";
import { refused } from "../../refusal.ts";
import { offeredShares } from "../choices.ts";
import type { ScriptedClient } from "../client.ts";
import { type Deviation, inHandshake } from "../deviation.ts";
import { RecordType } from "../peer.ts";
import { RawClientHello, rawExtension } from "../raw-messages.ts";
import { after, altered, type Edit, edits, instead, messageStep, step } from "../script.ts";
import { sharedSteps } from "../shared-steps.ts";
import { withExtension, withExtensionData, withoutExtension } from "../spoil.ts";
import { offeringPsk } from "./client-hello.ts";

type Client = ScriptedClient;
type Change = (hello: RawClientHello, client: Client) => RawClientHello;

/** A ClientHello without a share, so that the server has to ask for one, and the second ClientHello. */
export const withRetry: Edit<Client> = edits(
  altered<Client, RawClientHello>("ClientHello", RawClientHello, (hello) =>
    withExtensionData(hello, rawExtension(clientShares, [])),
  ),
  after<Client>(
    "ClientHello",
    step("receive HelloRetryRequest", (client) => client.untilReceived("hello_retry_request")),
    sharedSteps.changeCipherSpec,
    messageStep("second ClientHello", (client) => client.secondClientHello()),
    step("flush", (client) => client.flush()),
  ),
);

const second = (change: Change): Edit<Client> =>
  edits<Client>(withRetry, altered<Client, RawClientHello>("second ClientHello", RawClientHello, change));

/** What is wrong in the ClientHello that answers a HelloRetryRequest (RFC 9846 §4.2.2). */
export const clientRetryDeviations: readonly Deviation<Client>[] = [
  inHandshake("second_client_hello", "4.2.2", "accepted", withRetry),
  inHandshake(
    "second_client_hello_begun_in_the_record_of_the_first",
    "4.2.2",
    refused(Alert.unexpectedMessage, "excess_handshake_data"),
    edits(
      withRetry,
      after<Client>(
        "ClientHello",
        step("a byte of the second", function* (client) {
          yield* client.record(
            RecordType.handshake,
            concat(client.takeFlight(), Uint8Array.of(HandshakeType.clientHello)),
          );
        }),
      ),
    ),
  ),
  inHandshake(
    "second_client_hello_with_padding",
    "4.2.2",
    "accepted",
    second((hello) => withExtension(hello, { code: 21, data: new Uint8Array(9) })),
  ),
  inHandshake(
    "second_client_hello_with_another_random",
    "4.2.2",
    refused(Alert.illegalParameter, "second_client_hello"),
    second((hello, client) => ({ ...hello, random: client.random(32) })),
  ),
  inHandshake(
    "second_client_hello_with_another_session_id",
    "4.2.2",
    refused(Alert.illegalParameter, "second_client_hello"),
    second((hello, client) => ({ ...hello, legacySessionId: client.random(32) })),
  ),
  inHandshake(
    "second_client_hello_with_other_cipher_suites",
    "4.2.2",
    refused(Alert.illegalParameter, "second_client_hello"),
    second((hello) => ({ ...hello, cipherSuites: [...hello.cipherSuites, privateUse.cipherSuite] })),
  ),
  inHandshake(
    "second_client_hello_without_the_cipher_suite",
    "4.2.2",
    refused(Alert.illegalParameter, "second_client_hello"),
    second((hello, client) => ({
      ...hello,
      cipherSuites: hello.cipherSuites.filter((code) => code !== client.cipherSuite.code),
    })),
  ),
  inHandshake(
    "second_client_hello_with_another_version",
    "4.2.2",
    refused(Alert.protocolVersion, "protocol_version"),
    second((hello) => withExtensionData(hello, { code: 43, data: Uint8Array.of(2, 3, 3) })),
  ),
  inHandshake(
    "second_client_hello_with_an_extension_more",
    "4.2.2",
    refused(Alert.illegalParameter, "second_client_hello"),
    second((hello) => withExtension(hello, { code: privateUse.extension, data: new Uint8Array(0) })),
  ),
  inHandshake(
    "second_client_hello_with_an_extension_less",
    "4.2.2",
    refused(Alert.illegalParameter, "second_client_hello"),
    second((hello) => withoutExtension(hello, applicationLayerProtocolNegotiation.code)),
  ),
  inHandshake(
    "second_client_hello_with_another_server_name",
    "4.2.2",
    refused(Alert.illegalParameter, "second_client_hello"),
    second((hello) =>
      withExtensionData(hello, rawExtension(serverNameList, [{ nameType: 0, name: Uint8Array.of(0x61) }])),
    ),
  ),
  inHandshake(
    "second_client_hello_with_early_data",
    "4.3.10",
    refused(Alert.illegalParameter, "early_data_after_retry"),
    edits(
      withRetry,
      altered<Client, RawClientHello>("ClientHello", RawClientHello, (hello) => offeringPsk(hello)),
      altered<Client, RawClientHello>("second ClientHello", RawClientHello, (hello) => ({
        ...hello,
        extensions: [rawExtension(earlyDataIndication, null), ...hello.extensions],
      })),
    ),
  ),
  inHandshake(
    "second_client_hello_with_a_cookie_not_asked_for",
    "4.3.2",
    refused(Alert.illegalParameter, "unsolicited_cookie"),
    second((hello) => withExtension(hello, rawExtension(cookie, Uint8Array.of(1)))),
  ),
  inHandshake(
    "second_client_hello_without_key_share",
    "9.2#missing-checked",
    refused(Alert.missingExtension, "missing_extension"),
    second((hello) => withoutExtension(hello, clientShares.code)),
  ),
  inHandshake(
    "second_client_hello_with_no_share",
    "4.3.8",
    refused(Alert.illegalParameter, "wrong_key_share"),
    second((hello) => withExtensionData(hello, rawExtension(clientShares, []))),
  ),
  inHandshake(
    "second_client_hello_with_two_shares",
    "4.3.8",
    refused(Alert.illegalParameter, "wrong_key_share"),
    second((hello) => {
      const shared = offeredShares(hello);
      const others = [x25519, secp256r1].filter(({ code }) => shared.every(({ group }) => group !== code));
      const more = others.map(({ code }) => ({ group: code, keyExchange: new Uint8Array(32).fill(9) }));
      return withExtensionData(hello, rawExtension(clientShares, [...shared, ...more]));
    }),
  ),
  inHandshake(
    "second_client_hello_with_a_share_for_another_group",
    "4.3.8",
    refused(Alert.illegalParameter, "wrong_key_share"),
    second((hello) => {
      const other = offeredShares(hello)[0]?.group === secp256r1.code ? x25519 : secp256r1;
      return withExtensionData(
        hello,
        rawExtension(clientShares, [{ group: other.code, keyExchange: new Uint8Array(32).fill(9) }]),
      );
    }),
  ),
  inHandshake(
    "second_client_hello_left_out",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    edits(
      withRetry,
      instead(
        "second ClientHello",
        messageStep<Client>("early Finished", (client) => client.finished()),
      ),
    ),
  ),
];
