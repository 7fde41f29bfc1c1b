import type { NamedGroup } from "@tlskit/ciphersuites";
import { byCode, namedGroups, secp256r1, secp521r1 } from "@tlskit/ciphersuites";
import {
  applicationLayerProtocolNegotiation,
  cookie,
  selectedGroup,
  selectedVersion,
  serverShare,
} from "@tlskit/messages";
import { Alert } from "@tlskit/wire";
import { privateUse } from "../../private-use.ts";
import { refused } from "../../refusal.ts";
import { offeredShares, offeredSuites } from "../choices.ts";
import { type Deviation, inHandshake } from "../deviation.ts";
import { extensionData, RawServerHello, rawExtension } from "../raw-messages.ts";
import { after, altered, alteredBytes, before, type Edit, edits, messageStep, step } from "../script.ts";
import type { ScriptedServer } from "../server.ts";
import { sharedSteps } from "../shared-steps.ts";
import { spoil, withExtension, withExtensionData, withExtensionTwice, withoutExtension } from "../spoil.ts";
import { groupWithoutShare } from "./server-hello.ts";

type Server = ScriptedServer;

/** A HelloRetryRequest for a group that the client has sent no share for, and the second ClientHello. */
export const withRetry: Edit<Server> = after<Server>(
  "receive ClientHello",
  messageStep("HelloRetryRequest", (server) => server.helloRetryRequest(groupWithoutShare(server))),
  step("flush", (server) => server.flush()),
  sharedSteps.changeCipherSpec,
  step("receive second ClientHello", (server) => server.untilReceived("client_hello", 2)),
);

type Change = (hello: RawServerHello, server: Server) => RawServerHello;

/** A HelloRetryRequest with something changed. */
const retry = (change: Change): Edit<Server> =>
  edits<Server>(withRetry, altered<Server, RawServerHello>("HelloRetryRequest", RawServerHello, change));

/** A right HelloRetryRequest, and a ServerHello with something changed. */
const afterwards = (change: Change): Edit<Server> =>
  edits<Server>(withRetry, altered<Server, RawServerHello>("ServerHello", RawServerHello, change));

const askingFor = (group: (server: Server) => NamedGroup | undefined): Edit<Server> =>
  retry((hello, server) =>
    withExtensionData(hello, rawExtension(selectedGroup, group(server)?.code ?? secp521r1.code)),
  );

const someCookie = rawExtension(cookie, Uint8Array.of(1, 2, 3, 4));

const withoutGroup = (hello: RawServerHello): RawServerHello => withoutExtension(hello, selectedGroup.code);

/** What is wrong in a HelloRetryRequest or after it (RFC 9846 §4.2.4, §4.3.8). */
export const serverRetryDeviations: readonly Deviation<Server>[] = [
  inHandshake("hello_retry_request", "4.2.4#answered, 4.2.3#retry-random", "accepted", withRetry),
  inHandshake(
    "hello_retry_request_with_cookie",
    "4.3.2, 4.2.4#answered",
    "accepted",
    retry((hello) => withExtension(hello, someCookie)),
  ),
  inHandshake(
    "hello_retry_request_with_cookie_alone",
    "4.3.2, 4.2.4#answered",
    "accepted",
    retry((hello) => withExtension(withoutGroup(hello), someCookie)),
  ),
  inHandshake(
    "hello_retry_request_and_server_hello_in_a_record",
    "4.2.4",
    refused(Alert.unexpectedMessage, "excess_handshake_data"),
    edits(
      withRetry,
      after(
        "HelloRetryRequest",
        messageStep<Server>("ServerHello too early", (server) => server.serverHello()),
      ),
    ),
  ),
  inHandshake(
    "second_hello_retry_request",
    "4.2.4#second-retry-checked",
    refused(Alert.unexpectedMessage, "second_hello_retry_request"),
    edits(
      withRetry,
      after(
        "receive second ClientHello",
        messageStep<Server>("second HelloRetryRequest", (server) => server.helloRetryRequest(secp256r1)),
      ),
    ),
  ),
  inHandshake(
    "hello_retry_request_after_server_hello",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    before(
      "EncryptedExtensions",
      messageStep<Server>("late HelloRetryRequest", (server) => server.helloRetryRequest(secp256r1)),
    ),
  ),
  inHandshake(
    "hello_retry_request_that_changes_nothing",
    "4.2.4#change-checked",
    refused(Alert.illegalParameter, "useless_hello_retry_request"),
    retry(withoutGroup),
  ),
  inHandshake(
    "hello_retry_request_for_a_group_not_offered",
    "4.3.8#retry-group-checked",
    refused(Alert.illegalParameter, "group_not_offered"),
    askingFor(() => ({ ...secp256r1, code: privateUse.namedGroup })),
  ),
  inHandshake(
    "hello_retry_request_for_a_group_that_has_a_share",
    "4.3.8#retry-group-checked",
    refused(Alert.illegalParameter, "useless_hello_retry_request"),
    askingFor((server) => byCode(namedGroups, offeredShares(server.clientHello)[0]?.group ?? 0)),
  ),
  inHandshake(
    "hello_retry_request_for_a_group_that_has_a_share_with_cookie",
    "4.3.8#retry-group-checked",
    refused(Alert.illegalParameter, "useless_hello_retry_request"),
    edits(
      askingFor((server) => byCode(namedGroups, offeredShares(server.clientHello)[0]?.group ?? 0)),
      altered<Server, RawServerHello>("HelloRetryRequest", RawServerHello, (hello) => withExtension(hello, someCookie)),
    ),
  ),
  inHandshake(
    "hello_retry_request_truncated",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    edits(withRetry, alteredBytes<Server>("HelloRetryRequest", spoil.withoutLastByte)),
  ),
  inHandshake(
    "hello_retry_request_with_trailing_byte",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    edits(withRetry, alteredBytes<Server>("HelloRetryRequest", spoil.withTrailingByte)),
  ),
  inHandshake(
    "hello_retry_request_with_legacy_version_tls_1_3",
    "4.2.4#hello-checked",
    refused(Alert.protocolVersion, "legacy_version"),
    retry((hello) => ({ ...hello, legacyVersion: 0x0304 })),
  ),
  inHandshake(
    "hello_retry_request_with_another_session_id",
    "4.2.4#hello-checked",
    refused(Alert.illegalParameter, "session_id_echo"),
    retry((hello, server) => ({ ...hello, legacySessionIdEcho: server.random(32) })),
  ),
  inHandshake(
    "hello_retry_request_with_cipher_suite_not_offered",
    "4.2.4#cipher-suite-offered",
    refused(Alert.illegalParameter, "cipher_suite_not_offered"),
    retry((hello) => ({ ...hello, cipherSuite: privateUse.cipherSuite })),
  ),
  inHandshake(
    "hello_retry_request_with_compression",
    "4.2.4#hello-checked",
    refused(Alert.illegalParameter, "compression"),
    retry((hello) => ({ ...hello, legacyCompressionMethod: 1 })),
  ),
  inHandshake(
    "hello_retry_request_without_supported_versions",
    "4.2.4#hello-checked",
    refused(Alert.protocolVersion, "protocol_version"),
    retry((hello) => withoutExtension(hello, selectedVersion.code)),
  ),
  inHandshake(
    "hello_retry_request_with_version_not_offered",
    "4.2.4#hello-checked",
    refused(Alert.illegalParameter, "version_not_offered"),
    retry((hello) => withExtensionData(hello, rawExtension(selectedVersion, 0x0303))),
  ),
  inHandshake(
    "hello_retry_request_with_an_unknown_extension",
    "4.3#responses-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    retry((hello) => withExtension(hello, { code: privateUse.extension, data: new Uint8Array(0) })),
  ),
  inHandshake(
    "hello_retry_request_with_alpn",
    "4.3#places-checked",
    refused(Alert.illegalParameter, "forbidden_extension"),
    retry((hello, server) =>
      withExtension(hello, {
        code: applicationLayerProtocolNegotiation.code,
        data: extensionData(server.clientHello, applicationLayerProtocolNegotiation.code) ?? new Uint8Array(0),
      }),
    ),
  ),
  inHandshake(
    "hello_retry_request_with_key_share_twice",
    "4.3#no-duplicates",
    refused(Alert.decodeError, "duplicate_extension"),
    retry((hello) => withExtensionTwice(hello, selectedGroup.code)),
  ),
  inHandshake(
    "hello_retry_request_with_an_empty_cookie",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    retry((hello) => withExtension(hello, { code: cookie.code, data: Uint8Array.of(0, 0) })),
  ),
  inHandshake(
    "hello_retry_request_with_a_key_share_as_in_server_hello",
    "4.3#trailing-data-checked",
    refused(Alert.decodeError, "decode_error"),
    retry((hello) =>
      withExtensionData(hello, rawExtension(serverShare, { group: secp256r1.code, keyExchange: new Uint8Array(65) })),
    ),
  ),
  inHandshake(
    "other_cipher_suite_after_hello_retry_request",
    "4.2.4#cipher-suite-kept-checked",
    refused(Alert.illegalParameter, "cipher_suite_changed"),
    afterwards((hello, server) => ({
      ...hello,
      cipherSuite:
        offeredSuites(server.clientHello, server.provider).find(({ code }) => code !== hello.cipherSuite)?.code ??
        privateUse.cipherSuite,
    })),
  ),
  inHandshake(
    "other_version_after_hello_retry_request",
    "4.2.4#version-kept-checked",
    refused(Alert.illegalParameter, "version_not_offered"),
    afterwards((hello) => withExtensionData(hello, rawExtension(selectedVersion, 0x0303))),
  ),
  inHandshake(
    "group_of_the_first_client_hello_after_hello_retry_request",
    "4.3.8#group-kept-checked",
    refused(Alert.illegalParameter, "key_share_not_offered"),
    afterwards((hello, server) => {
      const first = server.clientHellos[0];
      const [old] = first === undefined ? [] : offeredShares(first);
      return old === undefined ? hello : withExtensionData(hello, rawExtension(serverShare, old));
    }),
  ),
  inHandshake(
    "cookie_repeated_in_server_hello",
    "4.3#responses-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    afterwards((hello) => withExtension(hello, someCookie)),
  ),
  inHandshake(
    "encrypted_extensions_after_hello_retry_request",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    edits(
      withRetry,
      after(
        "receive second ClientHello",
        messageStep<Server>("early EncryptedExtensions", (server) => server.encryptedExtensions()),
      ),
    ),
  ),
];
