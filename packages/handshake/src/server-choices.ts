import {
  byCode,
  type CipherSuite,
  type NamedGroup,
  type SignatureScheme,
  TLS_CHACHA20_POLY1305_SHA256,
} from "@tlskit/ciphersuites";
import { type HashName, type Steps, wait } from "@tlskit/crypto";
import {
  applicationLayerProtocolNegotiation,
  type ClientHello,
  certificateAuthorities,
  clientShares,
  extensionIn,
  type KeyShareEntry,
  signatureAlgorithms,
  signatureAlgorithmsCert,
  supportedGroups,
} from "@tlskit/messages";
import { Alert, asciiBytes, callerError, equalBytes, peerError, printable } from "@tlskit/wire";
import { aString, check } from "@tlskit/wire/arguments";
import { askedByClient } from "./attestations.ts";
import { type Credential, checkCredential } from "./credential.ts";
import { hostNameOf } from "./server-name.ts";
import type { ServerHandshakeSettings } from "./settings.ts";

/**
 * Our first choice that the client can do; what else it lists is passed over (RFC 9846 §4.2.2#unknown-suites).
 * @param pskHashes of the keys from outside that could be taken: RFC 9846 §4.3.11 has them influence the choice.
 */
export function chooseCipherSuite(
  context: ServerHandshakeSettings,
  hello: ClientHello,
  pskHashes: readonly HashName[],
): CipherSuite {
  const offered = context.cipherSuites.filter(({ code }) => hello.cipherSuites.includes(code));
  const fitting = offered.filter(({ hash }) => pskHashes.includes(hash));
  const common = fitting.length > 0 ? fitting : offered;
  const [ours] = common;
  if (ours === undefined) {
    throw handshakeFailure("no_common_cipher_suite", "the client offers no cipher suite that is accepted");
  }
  const theirs = hello.cipherSuites.find((code) => byCode(offered, code) !== undefined);
  const follow = context.followClientToChaCha20 && theirs === TLS_CHACHA20_POLY1305_SHA256.code;
  return follow && common.includes(TLS_CHACHA20_POLY1305_SHA256) ? TLS_CHACHA20_POLY1305_SHA256 : ours;
}

/**
 * Our first choice that the client can do (RFC 9846 §4.2.1#group-in-common), if that resists quantum computers, since
 * what is recorded today may be read by one tomorrow; otherwise the first that it has sent a share for, which saves a
 * round trip. None if there is none in common, or the client wants no key exchange.
 */
export function chooseGroup(context: ServerHandshakeSettings, hello: ClientHello): NamedGroup | undefined {
  const groups = extensionIn(hello, supportedGroups) ?? [];
  const common = context.namedGroups.filter(({ code }) => groups.includes(code));
  const [first] = common;
  if (first === undefined) return undefined;
  return first.postQuantum ? first : (common.find((group) => shareFor(group, hello) !== undefined) ?? first);
}

export function shareFor(group: NamedGroup, hello: ClientHello): KeyShareEntry | undefined {
  return extensionIn(hello, clientShares)?.find((share) => share.group === group.code);
}

/** What there is to show to a client; not both if it can only resume. */
export interface CertificateChoice {
  readonly credential: Credential | undefined;
  readonly signatureScheme: SignatureScheme | undefined;
}

/** RFC 9846 §4.5.1.2: a certificate by server_name, and by the schemes and authorities that the client knows. */
export function* chooseCredential(context: ServerHandshakeSettings, hello: ClientHello): Steps<CertificateChoice> {
  const known = context.signatureSchemes.filter(({ inCertificateVerify }) => inCertificateVerify.includes("server"));
  // A client that wants to resume alone may offer none: then it's the certificate that it would get if it offered all.
  const offered = extensionIn(hello, signatureAlgorithms) ?? known.map(({ code }) => code);
  const schemes = offered.flatMap((code) => byCode(known, code) ?? []);
  const credential = yield* wait(
    context.selectCredential({
      serverName: hostNameOf(hello),
      signatureSchemes: schemes,
      signatureSchemesInCertificates: extensionIn(hello, signatureAlgorithmsCert) ?? offered,
      certificateAuthorities: extensionIn(hello, certificateAuthorities) ?? [],
      attestations: askedByClient(hello),
    }),
  );
  if (credential === undefined) return { credential, signatureScheme: undefined };
  checkCredential(credential);
  // RFC 9846 §4.5.2#scheme-offered, §4.5.2#scheme-fits-key
  return { credential, signatureScheme: schemes.find((scheme) => credential.signatureSchemes.includes(scheme)) };
}

/** RFC 9846 §4.3.3: those of a client's schemes that are taken, in our order. */
export function sharedSignatureSchemes(
  context: ServerHandshakeSettings,
  hello: ClientHello,
): readonly SignatureScheme[] {
  const offered = extensionIn(hello, signatureAlgorithms) ?? [];
  return context.signatureSchemes.filter(({ code }) => offered.includes(code));
}

/**
 * RFC 7301 §3.2, RFC 9325 §3.8#alpn, §3.8#nothing-in-common: our first choice that the client offers, or the application's,
 * if both use ALPN.
 * @throws {TlsError} `no_application_protocol`; `alpn_not_offered` (the caller's fault)
 */
export function* chooseAlpnProtocol(context: ServerHandshakeSettings, hello: ClientHello): Steps<string | undefined> {
  const { alpnProtocols, selectAlpnProtocol } = context;
  const offered = extensionIn(hello, applicationLayerProtocolNegotiation);
  if (offered === undefined || (alpnProtocols.length === 0 && selectAlpnProtocol === undefined)) return undefined;
  const isOffered = (name: string): boolean => offered.some((bytes) => equalBytes(bytes, asciiBytes(name)));
  const names = offered.map(printable);
  const chosen =
    selectAlpnProtocol === undefined
      ? alpnProtocols.find(isOffered)
      : yield* wait(selectAlpnProtocol({ serverName: hostNameOf(hello), alpnProtocols: names }));
  if (chosen === undefined) {
    const accepted = alpnProtocols.length === 0 ? "none of them is" : `${alpnProtocols.join(", ")} are`;
    throw peerError(
      "no_application_protocol",
      Alert.noApplicationProtocol,
      `the client offers ${names.join(", ")}, and ${accepted} accepted`,
    );
  }
  check(chosen, "what selectAlpnProtocol gave", aString);
  if (!names.includes(chosen) || !isOffered(chosen)) {
    throw callerError(
      "alpn_not_offered",
      `selectAlpnProtocol gave ${JSON.stringify(chosen)}, which the client doesn't offer`,
    );
  }
  return chosen;
}

/** RFC 9846 §4.2.1: whatever certificates there are, none could be shown. */
export function noSharedScheme(): Error {
  return handshakeFailure(
    "no_shared_signature_scheme",
    "the client offers no signature scheme that is accepted, whatever the certificate",
  );
}

/** RFC 9846 §4.2.1#something-in-common: nothing is. */
export function handshakeFailure(code: string, message: string): Error {
  return peerError(code, Alert.handshakeFailure, message);
}
