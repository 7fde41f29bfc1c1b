import { byCode, type Tls12CipherSuite } from "@tlskit/ciphersuites";
import {
  describeExtension,
  ecPointFormats,
  encryptThenMac,
  extendedMainSecret,
  extensionCodes,
  extensionIn,
  mayAppearInTls12ServerHello,
  type ServerHello,
  sessionTicket,
  signedCertificateTimestamps,
  statusAcknowledged,
} from "@tlskit/messages";
import { Alert, decodeError, equalBytes, peerError } from "@tlskit/wire";
import { chosenAlpnProtocol } from "../alpn.ts";
import { codePoint } from "../code-points.ts";
import { illegalParameter } from "../extension-rules.ts";
import type { Offer } from "../offer.ts";
import type { ResumableSession } from "../resumable-session.ts";
import type { ClientHandshakeSettings } from "../settings.ts";
import type { EarlierProtocol } from "./protocol.ts";
import { checkKept, checkRenegotiationInfo } from "./renegotiated.ts";

/** What a ServerHello of TLS 1.2 has chosen. */
export interface Tls12Choice {
  readonly cipherSuite: Tls12CipherSuite;
  readonly alpnProtocol: string | undefined;
  readonly extendedMainSecret: boolean;
  readonly encryptThenMac: boolean;
  /** Whether a CertificateStatus may follow. */
  readonly mayShowStatus: boolean;
  /** RFC 6962 §3.3.1: promises of logs for the server's certificate. */
  readonly timestamps: readonly Uint8Array[] | undefined;
  /** Whether the server resumes the session that it was offered. */
  readonly resumes: boolean;
  /** RFC 5077 §3.3: whether a NewSessionTicket follows. */
  readonly announcesTicket: boolean;
  /** RFC 5746 §3.4: whether the server has renegotiation_info. */
  readonly secureRenegotiation: boolean;
}

/** RFC 5246 §7.4.1.3. */
export function checkServerHello(
  protocol: EarlierProtocol,
  context: ClientHandshakeSettings<unknown>,
  suites: readonly Tls12CipherSuite[],
  { hello: clientHello, earlierSession }: Offer,
  hello: ServerHello,
): Tls12Choice {
  const cipherSuite = byCode(suites, hello.cipherSuite);
  // RFC 5288 §4#version-checked: each version has its own.
  if (cipherSuite === undefined) {
    throw illegalParameter(
      "cipher_suite_not_offered",
      `the server chose ${codePoint(hello.cipherSuite)}, which was not offered for ${protocol.name}`,
    );
  }
  if (hello.legacyCompressionMethod !== 0) {
    throw illegalParameter("compression", `compression_method is ${hello.legacyCompressionMethod}`);
  }
  const resumes =
    clientHello.legacySessionId.length > 0 && equalBytes(hello.legacySessionIdEcho, clientHello.legacySessionId);
  checkExtensions(protocol, clientHello, hello);
  const secureRenegotiation = checkRenegotiationInfo(context, hello);
  const extended = extensionIn(hello, extendedMainSecret) !== undefined;
  if (resumes) checkResumed(protocol, earlierSession, cipherSuite, extended);
  const ticket = extensionIn(hello, sessionTicket);
  // RFC 5077 §3.2
  if ((ticket?.length ?? 0) > 0) throw decodeError("session_ticket in ServerHello is not empty");
  const isEncryptThenMac = extensionIn(hello, encryptThenMac) !== undefined;
  // RFC 7366 §2#both-sides, §3: it is for block ciphers.
  if (isEncryptThenMac && cipherSuite.protection.type !== "CBC") {
    throw illegalParameter("encrypt_then_mac", `the server wants encrypt-then-MAC with ${cipherSuite.name}`);
  }
  const choice: Tls12Choice = {
    cipherSuite,
    alpnProtocol: chosenAlpnProtocol(context, hello),
    extendedMainSecret: extended,
    encryptThenMac: isEncryptThenMac,
    mayShowStatus: extensionIn(hello, statusAcknowledged) !== undefined,
    timestamps: extensionIn(hello, signedCertificateTimestamps),
    resumes,
    announcesTicket: ticket !== undefined,
    secureRenegotiation,
  };
  checkKept(context, choice);
  return choice;
}

/** A server resumes what it was offered, and goes on with what that was made with. */
function checkResumed(
  { code, name }: EarlierProtocol,
  session: ResumableSession<unknown> | undefined,
  cipherSuite: Tls12CipherSuite,
  isExtended: boolean,
): void {
  // The session id of a ClientHello of TLS 1.3 means nothing (RFC 9846 §E.4).
  if (session === undefined) {
    throw illegalParameter("session_id_echo", "the server resumes a session that it wasn't offered");
  }
  // RFC 5246 §F.1.4: a session is one of its version.
  if (session.session.version !== code) {
    throw illegalParameter("resumed_version", `the server resumes a session of another version in ${name}`);
  }
  // RFC 5246 §7.4.1.3
  if (session.cipherSuite !== cipherSuite) {
    throw illegalParameter(
      "resumed_cipher_suite",
      `the server resumes a session of ${session.cipherSuite.name} with ${cipherSuite.name}`,
    );
  }
  // RFC 7627 §5.3#answer-without
  if (session.session.extendedMainSecret && !isExtended) {
    throw peerError(
      "resumption_without_extended_main_secret",
      Alert.handshakeFailure,
      "the server resumes a session without extended_main_secret, with which it was made",
    );
  }
  // RFC 7627 §5.3#answer-alone
  if (!session.session.extendedMainSecret && isExtended) {
    throw peerError(
      "resumption_with_extended_main_secret",
      Alert.handshakeFailure,
      "the server resumes a session with extended_main_secret, without which it was made",
    );
  }
}

/** RFC 5246 §7.4.1.4#extensions-checked: an answer needs a question; and what belongs to TLS 1.3 has no place. */
function checkExtensions({ name }: EarlierProtocol, clientHello: Offer["hello"], hello: ServerHello): void {
  const offered = extensionCodes(clientHello);
  for (const code of extensionCodes(hello)) {
    if (!offered.includes(code)) {
      throw peerError(
        "unsolicited_extension",
        Alert.unsupportedExtension,
        `${describeExtension(code)} in ServerHello was not asked for`,
      );
    }
    if (!mayAppearInTls12ServerHello(code)) {
      throw illegalParameter(
        "forbidden_extension",
        `${describeExtension(code)} has no place in a ServerHello of ${name}`,
      );
    }
  }
  // RFC 8422 §5.2#respected
  if (extensionIn(hello, ecPointFormats)?.includes(0) === false) {
    throw illegalParameter("ec_point_formats", "the server takes no uncompressed points");
  }
}
