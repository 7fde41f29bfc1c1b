import {
  type ClientHello,
  certWithExternPsk,
  clientShares,
  earlyDataIndication,
  extensionIn,
  type KeyShareEntry,
  offeredPsks,
  protocolVersionName,
  pskKeyExchangeModes,
  signatureAlgorithms,
  supportedGroups,
  supportedVersions,
} from "@tlskit/messages";
import { Alert, equalBytes, peerError } from "@tlskit/wire";
import { checkPlaces, illegalParameter, missingExtension } from "../extension-rules.ts";
import { PskKeyExchangeMode } from "../psk-extensions.ts";
import { checkServerName } from "../server-name.ts";
import { tls13 } from "../version.ts";

/** RFC 9846 §4.2.2, §4.3, §9.2: what every ClientHello of TLS 1.3 fulfils, whoever answers it. */
export function checkClientHello(hello: ClientHello): void {
  // RFC 9846 §4.3.1#alone-decides, §4.3.1#versions-known, §4.3.1#not-offered, RFC 5246 §E.1#older-version, RFC 8996 §4#answered, §5#answered, RFC 9325 §3.1.1#no-ssl, RFC 7627 §6.4#no-ssl3
  const versions = extensionIn(hello, supportedVersions);
  if (versions === undefined || !versions.includes(tls13)) {
    throw peerError(
      "protocol_version",
      Alert.protocolVersion,
      `the client offers ${(versions ?? [hello.legacyVersion]).map(protocolVersionName).join(", ")}, only TLS 1.3 is accepted`,
    );
  }
  // RFC 9846 §4.2.2#legacy-version-checked
  if (hello.legacyVersion !== 0x0303) {
    throw peerError(
      "legacy_version",
      Alert.protocolVersion,
      `legacy_version is ${protocolVersionName(hello.legacyVersion)}`,
    );
  }
  // RFC 9846 §4.2.2#compression-checked
  if (!equalBytes(hello.legacyCompressionMethods, Uint8Array.of(0))) {
    throw illegalParameter("compression", "legacy_compression_methods is not the one byte 00");
  }
  checkPlaces("clientHello", hello);
  checkServerName(hello);
  checkPreSharedKey(hello);
  const groups = extensionIn(hello, supportedGroups);
  const shares = extensionIn(hello, clientShares);
  // RFC 9846 §9.2#missing-checked, §4.3.3#missing-checked: the first two are needed but by a client that offers pre-shared
  // keys, the others come together.
  const offersPsks = extensionIn(hello, offeredPsks) !== undefined;
  if (!offersPsks) checkAuthenticable(hello);
  if (groups === undefined && !(offersPsks && shares === undefined)) {
    throw missingExtension("supported_groups", "ClientHello");
  }
  if (groups !== undefined && shares === undefined) throw missingExtension("key_share", "ClientHello");
  if (groups !== undefined && shares !== undefined) checkKeyShares(groups, shares);
}

/** RFC 9846 §4.3.3#missing-checked: for a handshake with a certificate. */
export function checkAuthenticable(hello: ClientHello): void {
  if (extensionIn(hello, signatureAlgorithms) === undefined) {
    throw missingExtension("signature_algorithms", "ClientHello");
  }
}

/** RFC 9846 §4.3.9, §4.3.11: an offer of pre-shared keys, whether or not one is taken. */
function checkPreSharedKey(hello: ClientHello): void {
  const psks = extensionIn(hello, offeredPsks);
  if (psks === undefined) return;
  // RFC 9846 §4.3.9#missing-checked
  if (extensionIn(hello, pskKeyExchangeModes) === undefined) {
    throw missingExtension("psk_key_exchange_modes", "ClientHello");
  }
  if (psks.identities.length !== psks.binders.length) {
    throw illegalParameter("psk_binders", `${psks.identities.length} identities have ${psks.binders.length} binders`);
  }
}

/** RFC 8773 §4#no-early-data-checked, §5.1: what a client that asks for a certificate besides a key from outside has to offer, and what it mustn't. */
export function checkCertWithExternPsk(hello: ClientHello): void {
  if (extensionIn(hello, certWithExternPsk) === undefined) return;
  // RFC 8773 §4
  if (extensionIn(hello, earlyDataIndication) !== undefined) {
    throw illegalParameter("early_data_with_certificate", "early_data is offered with tls_cert_with_extern_psk");
  }
  if (extensionIn(hello, offeredPsks) === undefined) throw missingExtension("pre_shared_key", "ClientHello");
  if (extensionIn(hello, clientShares) === undefined) throw missingExtension("key_share", "ClientHello");
  const modes = extensionIn(hello, pskKeyExchangeModes) ?? [];
  if (!modes.includes(PskKeyExchangeMode.pskDheKe)) {
    throw illegalParameter("psk_mode", "tls_cert_with_extern_psk is offered without psk_dhe_ke");
  }
}

/** RFC 9846 §4.3.7, §4.3.8: no group twice, shares only for groups that are offered. */
function checkKeyShares(groups: readonly number[], shares: readonly KeyShareEntry[]): void {
  const offered = new Set(groups);
  const shared = new Set(shares.map(({ group }) => group));
  if (offered.size !== groups.length) throw illegalParameter("duplicate_group", "supported_groups has a group twice");
  if (shared.size !== shares.length) throw illegalParameter("duplicate_key_share", "key_share has a group twice");
  if (![...shared].every((group) => offered.has(group))) {
    throw illegalParameter("key_share_without_group", "key_share has a group that supported_groups hasn't");
  }
}
