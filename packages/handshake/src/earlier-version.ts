import {
  type ClientHello,
  extensionIn,
  protocolVersionName,
  type ServerHello,
  selectedVersion,
  supportedVersions,
} from "@tlskit/messages";
import { Alert, peerError } from "@tlskit/wire";
import type { ClientStart } from "./client-start.ts";
import { isDowngradeSentinel } from "./downgrade.ts";
import { illegalParameter } from "./extension-rules.ts";
import { earlyDataOffer } from "./psk-extensions.ts";
import { tls12, tls13 } from "./version.ts";
import { type EarlierVersion, includesTls13, namesOf, type Version, versionsOffered } from "./versions.ts";

/** RFC 7507 §2: a client that offers less than it can, having failed with more. */
const fallbackScsv = 0x5600;

const ssl3 = 0x0300;

/**
 * At a client: the version before TLS 1.3 that a ServerHello has chosen; nothing if TLS 1.3's lines are to judge it, which
 * refuse what wasn't offered.
 * @throws {TlsError} `downgrade`, `protocol_version`, `early_data_version`
 */
export function earlierVersionChosen(
  versions: readonly Version[],
  { offer }: Pick<ClientStart<unknown>, "offer">,
  hello: ServerHello,
): EarlierVersion | undefined {
  // RFC 9846 §4.3.1#decides: whoever has this extension has chosen TLS 1.3 at least.
  if (extensionIn(hello, selectedVersion) !== undefined && includesTls13(versions)) return undefined;
  const chosen = extensionIn(hello, selectedVersion) ?? hello.legacyVersion;
  const version = versions.find(({ code, earlier }) => code === chosen && earlier !== undefined);
  // RFC 9846 §4.2.3#downgrade-sentinel-checked: a server that could do better was made to look older. Who offers nothing
  // better than TLS 1.1 gets the mark for it in any case.
  const [newest] = versions;
  if (newest !== version && (newest?.code ?? 0) >= tls12 && isDowngradeSentinel(hello.random)) {
    throw illegalParameter(
      "downgrade",
      `the server can do better, and was made to choose ${protocolVersionName(chosen)}`,
    );
  }
  // RFC 9846 §4.2.3#renegotiation-version: a later handshake offers the version that there is, and no other.
  if (version === undefined) {
    throw peerError(
      "protocol_version",
      Alert.protocolVersion,
      `the server chose ${protocolVersionName(chosen)}, offered was ${namesOf(versions)}`,
    );
  }
  // RFC 9846 §E.3: early data that was sent to a server of TLS 1.3 has come to another one.
  if (earlyDataOffer(offer.psks) !== undefined) {
    throw peerError(
      "early_data_version",
      Alert.protocolVersion,
      `early data was sent, and the server chose ${version.name}, which has none`,
    );
  }
  return version.earlier;
}

/**
 * At a server: the version before TLS 1.3 for a client; nothing for TLS 1.3.
 * @throws {TlsError} `protocol_version`, `inappropriate_fallback`
 */
export function chooseEarlierVersion(versions: readonly Version[], hello: ClientHello): EarlierVersion | undefined {
  const offered = versionsOffered(hello);
  // RFC 9846 §E.5: whatever else is offered beside SSL 3.0 or older.
  if (hello.legacyVersion <= ssl3) {
    throw peerError(
      "protocol_version",
      Alert.protocolVersion,
      `the client's legacy_version is ${protocolVersionName(hello.legacyVersion)}, which nobody may have any more`,
    );
  }
  // RFC 9846 §4.3.1#alone-decides, §4.3.1#absent-means-older, RFC 5246 §E.1#later-version, RFC 5746 §3.6#later-hellos: without the extension legacy_version is the newest.
  const exact = extensionIn(hello, supportedVersions) !== undefined;
  const newest = Math.max(...offered.filter((code) => !exact || code <= tls13));
  // RFC 9325 §3.1.1#tls13-preferred: the best comes first.
  const version = versions.find(({ code }) => (exact ? offered.includes(code) : code < tls13 && code <= newest));
  // RFC 5246 §E.1#older-version, RFC 8996 §4#answered, §5#answered, RFC 9325 §3.1.1#no-ssl, RFC 7627 §6.4#no-ssl3
  if (version === undefined) {
    throw peerError(
      "protocol_version",
      Alert.protocolVersion,
      `the client offers ${offered.map(protocolVersionName).join(", ")}, only ${namesOf(versions)} is accepted`,
    );
  }
  // RFC 7507 §3#checked
  const [best] = versions;
  if (hello.cipherSuites.includes(fallbackScsv) && best !== undefined && best.code > newest) {
    throw peerError(
      "inappropriate_fallback",
      Alert.inappropriateFallback,
      `the client has fallen back to ${protocolVersionName(newest)}, and ${best.name} would do`,
    );
  }
  return version.earlier;
}
