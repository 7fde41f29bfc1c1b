import { byCode, type CipherSuite } from "@tlskit/ciphersuites";
import {
  certWithExternPsk,
  cookie,
  extensionCodes,
  extensionIn,
  type KeyShareEntry,
  protocolVersionName,
  type ServerHello,
  selectedGroup,
  selectedIdentity,
  selectedVersion,
  serverShare,
} from "@tlskit/messages";
import { Alert, equalBytes, peerError, toHex } from "@tlskit/wire";
import { codePoint } from "../code-points.ts";
import { isDowngradeSentinel } from "../downgrade.ts";
import { checkResponses, illegalParameter, missingExtension } from "../extension-rules.ts";
import { needsPsk, type Offer } from "../offer.ts";
import type { PskOffer } from "../psk-offer.ts";
import type { ClientHandshakeSettings } from "../settings.ts";
import { tls13 } from "../version.ts";

/** RFC 9846 §4.2.3, §4.3.1: what ServerHello and HelloRetryRequest have in common. */
function checkHello(context: ClientHandshakeSettings<unknown>, offer: Offer, hello: ServerHello): CipherSuite {
  // RFC 9846 §4.3.1#looked-at-first, §4.3.1#decides: the version comes before all else, and out of the extension.
  const version = extensionIn(hello, selectedVersion);
  if (version === undefined) {
    // RFC 9846 §4.2.3#downgrade-sentinel-checked: a server that could do better was made to look older.
    if (isDowngradeSentinel(hello.random)) {
      throw illegalParameter("downgrade", "the server can do TLS 1.3 and was made to choose an older version");
    }
    // RFC 5246 §E.1#version-checked, RFC 8996 §4#answered, §5#answered, RFC 9325 §3.1.1#no-ssl, RFC 7627 §6.4#no-ssl3
    throw peerError(
      "protocol_version",
      Alert.protocolVersion,
      `the server chose ${protocolVersionName(hello.legacyVersion)}, only TLS 1.3 was offered`,
    );
  }
  // RFC 9846 §4.3.1#selected-version-checked, §4.2.4#version-kept-checked: there is but one, also after a retry.
  if (version !== tls13) {
    throw illegalParameter(
      "version_not_offered",
      `the server chose ${protocolVersionName(version)}, which was not offered`,
    );
  }
  // RFC 9846 §4.2.3#legacy-version-checked
  if (hello.legacyVersion !== 0x0303) {
    throw peerError(
      "legacy_version",
      Alert.protocolVersion,
      `legacy_version is ${protocolVersionName(hello.legacyVersion)}`,
    );
  }
  // RFC 9846 §4.2.3#session-id-checked
  if (!equalBytes(hello.legacySessionIdEcho, offer.hello.legacySessionId)) {
    throw illegalParameter(
      "session_id_echo",
      `legacy_session_id_echo is ${toHex(hello.legacySessionIdEcho) || "empty"}, not what was sent`,
    );
  }
  // RFC 9846 §4.2.3#cipher-suite-checked, §4.2.4#cipher-suite-offered
  const cipherSuite = byCode(context.cipherSuites, hello.cipherSuite);
  if (cipherSuite === undefined) {
    throw illegalParameter(
      "cipher_suite_not_offered",
      `the server chose ${codePoint(hello.cipherSuite)}, which was not offered`,
    );
  }
  // RFC 9846 §4.2.3#compression-checked
  if (hello.legacyCompressionMethod !== 0) {
    throw illegalParameter("compression", `legacy_compression_method is ${hello.legacyCompressionMethod}`);
  }
  return cipherSuite;
}

/** RFC 9846 §4.2.4#hello-checked: as a ServerHello, and then the extensions. */
export function checkRetry(context: ClientHandshakeSettings<unknown>, offer: Offer, retry: ServerHello): CipherSuite {
  const cipherSuite = checkHello(context, offer, retry);
  checkResponses("helloRetryRequest", retry, [...extensionCodes(offer.hello), cookie.code], context.extensions);
  const group = extensionIn(retry, selectedGroup);
  // RFC 9846 §4.2.4#change-checked
  if (group === undefined && extensionIn(retry, cookie) === undefined) {
    throw illegalParameter("useless_hello_retry_request", "the HelloRetryRequest changes nothing");
  }
  if (group !== undefined) {
    // RFC 9846 §4.3.8#retry-group-checked: (1) one of supported_groups, (2) none of key_share
    if (byCode(context.namedGroups, group) === undefined) {
      throw illegalParameter("group_not_offered", `the server asks for ${codePoint(group)}, which was not offered`);
    }
    if (offer.keyShares.some((offered) => offered.group.code === group)) {
      throw illegalParameter(
        "useless_hello_retry_request",
        `the server asks for a ${codePoint(group)} key share, which it was sent`,
      );
    }
  }
  return cipherSuite;
}

/** What a ServerHello has chosen: a key share, a pre-shared key, or both. */
export interface Choice<Evidence> {
  readonly cipherSuite: CipherSuite;
  readonly share: KeyShareEntry | undefined;
  readonly psk: PskOffer<Evidence> | undefined;
}

/** RFC 9846 §4.2.3. */
export function checkServerHello<Evidence>(
  context: ClientHandshakeSettings<Evidence>,
  offer: Offer<Evidence>,
  hello: ServerHello,
): Choice<Evidence> {
  const cipherSuite = checkHello(context, offer, hello);
  checkResponses("serverHello", hello, extensionCodes(offer.hello), context.extensions);
  // RFC 9846 §4.2.4#cipher-suite-kept-checked: the same cipher suite as in the HelloRetryRequest
  if (offer.settledCipherSuite !== undefined && offer.settledCipherSuite !== hello.cipherSuite) {
    throw illegalParameter("cipher_suite_changed", "the cipher suite is not the one of the HelloRetryRequest");
  }
  const share = extensionIn(hello, serverShare);
  const index = extensionIn(hello, selectedIdentity);
  // RFC 9846 §9.2: without a pre-shared key there has to be a key share.
  if (index === undefined && share === undefined) throw missingExtension("key_share", "ServerHello");
  const psk = index === undefined ? undefined : selectedPsk(offer, index, cipherSuite);
  // A client that accepts no certificate, or none without a pre-shared key, is offered nothing that it could go on with.
  if (psk === undefined && needsPsk(context)) {
    throw missingExtension("pre_shared_key", "ServerHello");
  }
  // RFC 9846 §4.3.11#selection-checked, §4.3.9#psk-dhe-ke: psk_ke has to be offered.
  if (share === undefined && !context.dangerousPskWithoutKeyExchange) {
    throw illegalParameter("psk_without_key_share", "the server takes a pre-shared key without a key exchange");
  }
  // RFC 8773 §4: it is an answer, with a key share.
  if (context.certificateWithExternalPsk) {
    if (extensionIn(hello, certWithExternPsk) === undefined) {
      throw missingExtension("tls_cert_with_extern_psk", "ServerHello");
    }
    if (share === undefined) throw missingExtension("key_share", "ServerHello");
  }
  return { cipherSuite, share, psk };
}

/** RFC 9846 §4.3.11#selection-checked: one that was offered, with a cipher suite of its hash. */
function selectedPsk<Evidence>(offer: Offer<Evidence>, index: number, cipherSuite: CipherSuite): PskOffer<Evidence> {
  const psk = offer.psks[index];
  if (psk === undefined) {
    throw illegalParameter("psk_not_offered", `the server takes the pre-shared key ${index}, which was not offered`);
  }
  // RFC 9846 §4.7.1#same-hash
  if (psk.hash.name !== cipherSuite.hash) {
    throw illegalParameter("psk_hash", `the pre-shared key is not for ${cipherSuite.name}`);
  }
  return psk;
}

export function offeredShare(offer: Offer, groupCode: number): Offer["keyShares"][number] {
  const found = offer.keyShares.find(({ group }) => group.code === groupCode);
  // RFC 9846 §4.3.8#group-kept-checked: one of the client's shares; after a HelloRetryRequest there is just one.
  if (found === undefined) {
    throw illegalParameter(
      "key_share_not_offered",
      `the server's key share is for ${codePoint(groupCode)}, which got none`,
    );
  }
  return found;
}
