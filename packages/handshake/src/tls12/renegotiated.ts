import { constantTimeEqual } from "@tlskit/crypto";
import { type ClientHello, extensionIn, renegotiationInfo, type ServerHello } from "@tlskit/messages";
import { Alert, concat, equalBytes, peerError } from "@tlskit/wire";
import type { Negotiated, PreviousHandshake, RenegotiationState, VerifyData } from "../established.ts";
import { illegalParameter } from "../extension-rules.ts";
import type { ClientHandshakeSettings } from "../settings.ts";
import type { Tls12Choice } from "./server-hello.ts";

/** RFC 5746 §3.4, §3.5: what a ClientHello's renegotiation_info says. */
export function renegotiationInfoOf(renegotiates: PreviousHandshake | undefined): Uint8Array {
  return renegotiates?.verifyData.client ?? new Uint8Array(0);
}

/**
 * RFC 5746 §3.4, §3.5: the server has the same handshake before this one as we have, or none as well.
 * @returns whether it says so: not one that is taken without.
 */
export function checkRenegotiationInfo(
  { renegotiates, dangerousServersWithoutRenegotiationInfo }: ClientHandshakeSettings<unknown>,
  serverHello: ServerHello,
): boolean {
  const told = extensionIn(serverHello, renegotiationInfo);
  if (told === undefined && renegotiates === undefined && dangerousServersWithoutRenegotiationInfo) return false;
  // RFC 9325 §3.5#acknowledged, RFC 5746 §4.1#alert, §3.5#presence-checked: the server may take what somebody else has sent before for the client's.
  if (told === undefined) {
    throw peerError(
      "no_secure_renegotiation",
      Alert.handshakeFailure,
      "the server has no renegotiation_info: it can't tell the client's connection from one that somebody else began",
    );
  }
  // RFC 5746 §3.4#checked, §3.4#empty-checked: at first there is nothing to be bound to.
  if (renegotiates === undefined) {
    if (told.length === 0) return true;
    throw peerError(
      "renegotiation_info",
      Alert.handshakeFailure,
      "renegotiation_info is not empty in a first handshake",
    );
  }
  const { client, server } = renegotiates.verifyData;
  // RFC 5746 §3.5#value-checked
  if (!constantTimeEqual(told, concat(client, server))) {
    throw peerError(
      "renegotiation_info",
      Alert.handshakeFailure,
      "renegotiation_info is not of the handshake that the connection had before",
    );
  }
  return true;
}

/** What a later handshake in a connection may not change, of what a ServerHello says. */
export function checkKept(
  { renegotiates }: ClientHandshakeSettings<unknown>,
  { alpnProtocol, cipherSuite, encryptThenMac, extendedMainSecret }: Tls12Choice,
): void {
  if (renegotiates === undefined) return;
  // RFC 7627 §5.4#no-renegotiation
  if (renegotiates.extendedMainSecret && !extendedMainSecret) {
    throw peerError(
      "extended_main_secret_changed",
      Alert.handshakeFailure,
      "the server has no extended_main_secret in a later handshake of a connection that had it",
    );
  }
  // The application has chosen what it says by it.
  if (alpnProtocol !== renegotiates.negotiated.alpnProtocol) {
    throw illegalParameter("alpn_changed", "the server has another application protocol in a later handshake");
  }
  const { encryptThenMac: before } = renegotiates;
  // RFC 7366 §3.1#kept, §3.1#no-downgrade
  if (cipherSuite.protection.type === "CBC" && before !== undefined && encryptThenMac !== before) {
    throw illegalParameter(
      "encrypt_then_mac_changed",
      `the server ${encryptThenMac ? "wants" : "has no"} encrypt-then-MAC in a later handshake`,
    );
  }
}

/**
 * The server is who it was, to the byte: what the application has looked at, or said, was meant for that one. Otherwise
 * somebody could have put a connection of theirs in front of this one (RFC 7627 §1).
 */
export function checkSameCertificates(
  { renegotiates }: ClientHandshakeSettings<unknown>,
  certificates: readonly Uint8Array[],
): void {
  if (renegotiates === undefined) return;
  const { serverCertificates: before } = renegotiates.negotiated;
  if (before.length === certificates.length && certificates.every((der, at) => isSame(der, before[at]))) return;
  throw illegalParameter("certificate_changed", "the server shows other certificates in a later handshake");
}

/** As of its certificates: a server that had a pre-shared key has that one. */
export function checkSamePsk(
  { renegotiates }: ClientHandshakeSettings<unknown>,
  { externalPsk }: Pick<Negotiated, "externalPsk">,
): void {
  if (renegotiates === undefined || renegotiates.negotiated.externalPsk === externalPsk) return;
  throw illegalParameter("psk_changed", "another pre-shared key is used in a later handshake");
}

function isSame(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && equalBytes(one, other);
}

/** What the next handshake in the connection is bound to; nothing with a server that doesn't bind it (RFC 5746 §4.2#refused). */
export function renegotiationState(
  { renegotiates }: ClientHandshakeSettings<unknown>,
  { legacyVersion }: Pick<ClientHello, "legacyVersion">,
  { cipherSuite, encryptThenMac, extendedMainSecret, secureRenegotiation }: Tls12Choice,
  verifyData: VerifyData,
): RenegotiationState | undefined {
  if (!secureRenegotiation) return undefined;
  const isCbc = cipherSuite.protection.type === "CBC";
  return {
    legacyVersion,
    verifyData,
    extendedMainSecret,
    encryptThenMac: isCbc ? encryptThenMac : renegotiates?.encryptThenMac,
  };
}
