import {
  byCode,
  type CipherSuite,
  type NamedGroup,
  type SignatureScheme,
  TLS_CHACHA20_POLY1305_SHA256,
} from "@tlskit/ciphersuites";
import { hashOf, keyExchangeOf, type Steps, wait } from "@tlskit/crypto";
import { keyLogLine, Transcript } from "@tlskit/keyschedule";
import {
  applicationLayerProtocolNegotiation,
  Certificate,
  CertificateVerify,
  ClientHello,
  clientShares,
  cookie,
  EncryptedExtensions,
  EndOfEarlyData,
  type Extension,
  earlyDataIndication,
  encodeMessage,
  extension,
  extensionIn,
  Finished,
  HelloRetryRequest,
  helloRetryRequestRandom,
  hostNameIn,
  type KeyShareEntry,
  offeredPsks,
  protocolVersionName,
  pskKeyExchangeModes,
  ServerHello,
  selectedGroup,
  selectedIdentity,
  selectedVersion,
  serverNameAcknowledged,
  serverNameList,
  serverShare,
  signatureAlgorithms,
  signatureAlgorithmsCert,
  supportedGroups,
  supportedVersions,
  ticketCountExpected,
  ticketRequest,
} from "@tlskit/messages";
import { Alert, asciiBytes, equalBytes, peerError, printable } from "@tlskit/wire";
import { signTranscript } from "./certificate-verify.ts";
import { type Credential, checkCredential } from "./credential.ts";
import type { EarlyDataDecline } from "./early-data.ts";
import { declineOfEarlyData } from "./early-data-decision.ts";
import { Established } from "./established.ts";
import { checkPlaces, illegalParameter, missingExtension } from "./extension-rules.ts";
import { VerifiedFinished } from "./finished.ts";
import { handshakeStage } from "./handshake-stage.ts";
import { checkIo, type HandshakeIo } from "./io.ts";
import { maxTicketCount } from "./limits.ts";
import { answerOwnExtensions, ownExtensions } from "./own-extensions.ts";
import { fromPeerShare } from "./peer-key-share.ts";
import { PskKeyExchangeMode, pskModes } from "./psk-offer.ts";
import { bindingOf, chooseMode, pskRefused, type SelectedPsk, selectPsk } from "./psk-selection.ts";
import { checkAgainst, invalidCookie, recallRetry, retryCookie } from "./retry-cookie.ts";
import { checkSecondClientHello } from "./second-client-hello.ts";
import { hostNameOf } from "./server-name.ts";
import { issuingNone, ServerResumption } from "./server-resumption.ts";
import { checkServerHandshakeSettings, type ServerHandshakeSettings } from "./settings.ts";
import { tls13 } from "./version.ts";

/** RFC 9846 §2, §4#order-sent, the server: one round trip, or two with a HelloRetryRequest. */
export function* serverHandshake(io: HandshakeIo, settings: ServerHandshakeSettings): Steps<Established<never>> {
  checkIo(io);
  checkServerHandshakeSettings(settings);
  const transcript = new Transcript();
  const first = yield* io.receive(ClientHello);
  checkClientHello(first.message);
  const retry = yield* recallRetry(settings, first.message);
  const context = yield* settingsFor(settings, first.message, first.bytes);
  // RFC 9846 §4.2.1#retry-for-share, §4.2.4#cipher-suite-kept, §4.2.4#version-kept: nothing is chosen again.
  const cipherSuite =
    retry === undefined ? chooseCipherSuite(context, first.message) : still(context.cipherSuites, retry.cipherSuite);
  const hash = hashOf(context.provider, cipherSuite.hash);
  if (retry !== undefined) checkAgainst(retry, first.message, hash);
  const group = retry === undefined ? chooseGroup(context, first.message) : still(context.namedGroups, retry.group);
  const choice = yield* chooseCredential(context, first.message);
  const alpnProtocol = chooseAlpnProtocol(context, first.message);
  const own = yield* answerOwnExtensions(context.answerExtensions, first.message, {
    serverName: hostNameOf(first.message),
    alpnProtocol,
  });
  const mode = chooseMode(context, first.message, group !== undefined);
  if (mode === undefined) checkFullHandshake(context, first.message, group, choice);
  transcript.useHash(hash);

  const hello = first.message;
  const binding = bindingOf(context, cipherSuite, hello, choice.credential);
  const select = ({ message, bytes }: typeof first): Steps<SelectedPsk | undefined> =>
    selectPsk(context, cipherSuite, message, bytes, transcript, binding);
  // A client that wants no key exchange may have sent no share on purpose: whether it needs one comes first then.
  let psk = retry === undefined && mode === PskKeyExchangeMode.pskKe ? yield* select(first) : undefined;
  const offersEarlyData =
    retry === undefined ? extensionIn(hello, earlyDataIndication) !== undefined : retry.offersEarlyData === 1;
  let final = first;
  let share = group && shareFor(group, first.message);
  const asksAgain = retry === undefined && group !== undefined && share === undefined && psk === undefined;
  const helloRetryRequest = asksAgain || retry !== undefined;
  if (asksAgain) {
    // RFC 9846 §4.3.10#three-ways: early data is passed over.
    if (offersEarlyData) io.skipEarlyData(context.maxSkippedEarlyData);
    transcript.add(first.bytes);
    const sentCookie = yield* retryCookie(settings, hello, cipherSuite, group, hash, transcript.current());
    transcript.replaceClientHello1();
    transcript.add(io.send(HelloRetryRequest, retryFor(hello, cipherSuite, group, sentCookie)));
    io.endOfFlight();
    io.changeCipherSpec();
    // A host that keeps nothing stops here; the second ClientHello is the first of another handshake then.
    final = yield* io.receive(ClientHello);
    checkClientHello(final.message);
    checkSecondClientHello(hello, final.message, sentCookie);
    share = onlyShareFor(group, final.message);
  } else if (retry !== undefined && group !== undefined) {
    transcript.recallClientHello1(retry.clientHello1);
    const sent = retryFor(hello, cipherSuite, group, extensionIn(hello, cookie));
    transcript.add(encodeMessage(HelloRetryRequest, sent));
    share = onlyShareFor(group, hello);
  }
  if (mode === PskKeyExchangeMode.pskDheKe) psk = yield* select(final);
  const authentication = psk ?? checkFullHandshake(context, final.message, group, choice);
  transcript.add(final.bytes);

  let earlyDataDeclined: EarlyDataDecline | undefined;
  if (offersEarlyData) {
    const circumstances = { hostCan: io.earlyData !== undefined, helloRetryRequest, cipherSuite, alpnProtocol, psk };
    earlyDataDeclined = yield* declineOfEarlyData(context, circumstances);
  }
  const acceptedWith = offersEarlyData && earlyDataDeclined === undefined ? psk : undefined;
  const acceptsEarlyData = acceptedWith !== undefined;
  if (acceptsEarlyData) acceptEarlyData(io, context, hello, cipherSuite, acceptedWith, transcript);
  else if (offersEarlyData && !helloRetryRequest) io.skipEarlyData(context.maxSkippedEarlyData);

  // RFC 9846 §4.3.8#psk-ke-share, §4.3.9#psk-ke, §4.3.9#psk-dhe-ke
  const exchanged =
    group === undefined || share === undefined || (psk !== undefined && mode === PskKeyExchangeMode.pskKe)
      ? undefined
      : yield* exchangeKeys(context, group, share);
  transcript.add(
    io.send(ServerHello, {
      legacyVersion: 0x0303, // RFC 9846 §4.2.3#legacy-version-sent
      random: context.random(32), // RFC 9846 §4.2.3#random
      legacySessionIdEcho: hello.legacySessionId,
      cipherSuite: cipherSuite.code,
      legacyCompressionMethod: 0, // RFC 9846 §4.2.3#compression-sent
      // RFC 9846 §4.2.3#version-sent, §4.2.3#extensions-sent
      extensions: [
        extension(selectedVersion, tls13),
        ...(exchanged === undefined ? [] : [extension(serverShare, exchanged.share)]),
        ...(psk === undefined ? [] : [extension(selectedIdentity, psk.index)]),
      ],
    }),
  );
  if (!helloRetryRequest) io.changeCipherSpec();

  const handshake = handshakeStage(hash, psk?.stage, exchanged?.secret, transcript.current());
  context.keyLog?.(keyLogLine(handshake.client, hello.random));
  context.keyLog?.(keyLogLine(handshake.server, hello.random));
  if (!acceptsEarlyData) io.installRead("handshake", cipherSuite, handshake.client);
  io.installWrite("handshake", cipherSuite, handshake.server);

  const ticketCount = countTickets(context, hello, psk !== undefined);
  // RFC 9846 §4.4.1#sent
  transcript.add(
    io.send(EncryptedExtensions, {
      extensions: [
        ...answers(context, hello, group, alpnProtocol, psk !== undefined),
        ...(acceptsEarlyData ? [extension(earlyDataIndication, null)] : []),
        // RFC 9149 §3
        ...(extensionIn(hello, ticketRequest) === undefined ? [] : [extension(ticketCountExpected, ticketCount)]),
        ...ownExtensions(own.answers),
      ],
    }),
  );
  // RFC 9846 §4.4.2#not-on-resumption: with a pre-shared key neither side shows certificates.
  if ("credential" in authentication) yield* authenticate(io, authentication, transcript);
  const { signatureScheme } = authentication;
  const verifiedAt = psk?.verifiedAt ?? context.clock();
  // RFC 9846 §4.5.1#finished-anyway
  const verifyData = handshake.server.verifyData(transcript.current());
  transcript.add(io.send(Finished, { verifyData }));

  const main = handshake.atServerFinished(transcript.current());
  context.keyLog?.(keyLogLine(main.client, hello.random));
  context.keyLog?.(keyLogLine(main.server, hello.random));
  context.keyLog?.(keyLogLine(main.exporter, hello.random));
  // RFC 9846 §4.5.3#next-keys
  io.installWrite("application", cipherSuite, main.server);

  if (acceptsEarlyData) {
    // RFC 9846 §4.3.11.3#no-waiting: the whole flight is on its way. §4.6: the end of early data changes the keys.
    if (io.earlyData?.hasEnd === true) transcript.add((yield* io.receive(EndOfEarlyData)).bytes);
    io.installRead("handshake", cipherSuite, handshake.client);
  }
  const clientFinished = yield* io.receive(Finished);
  const finished = VerifiedFinished.verify(clientFinished.message, handshake.client, transcript.current());
  transcript.add(clientFinished.bytes);
  io.installRead("application", cipherSuite, main.client);

  return Established.withAnonymousClient(
    finished,
    {
      version: tls13,
      cipherSuite,
      namedGroup: exchanged === undefined ? undefined : group,
      signatureScheme,
      alpnProtocol,
      serverCertificates: choice.credential?.certificates ?? [],
      serverName: hostNameOf(hello),
      helloRetryRequest,
      peerExtensions: own.offered,
      resumed: psk !== undefined,
      verifiedAt,
      earlyData: offersEarlyData ? (acceptsEarlyData ? "accepted" : "rejected") : undefined,
      earlyDataDeclined,
    },
    { client: main.client, server: main.server, exporter: main.exporter },
    ticketCount === 0
      ? issuingNone
      : new ServerResumption(
          context,
          main.atClientFinished(transcript.current()),
          {
            version: tls13,
            cipherSuite: cipherSuite.code,
            signatureScheme: signatureScheme.code,
            verifiedAt,
            alpnProtocol: asciiBytes(alpnProtocol ?? ""),
            binding,
          },
          ticketCount,
        ),
  );
}

/** RFC 9846 §4.2.2, §4.3, §9.2: what every ClientHello of TLS 1.3 fulfils, whoever answers it. */
function checkClientHello(hello: ClientHello): void {
  // RFC 9846 §4.3.1#alone-decides, §4.3.1#versions-known, §4.3.1#not-offered
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
function checkAuthenticable(hello: ClientHello): void {
  if (extensionIn(hello, signatureAlgorithms) === undefined) {
    throw missingExtension("signature_algorithms", "ClientHello");
  }
}

/** RFC 6066 §3: not two names of a type; a host name that is one. */
function checkServerName(hello: ClientHello): void {
  const names = extensionIn(hello, serverNameList);
  if (names === undefined) return;
  if (new Set(names.map(({ nameType }) => nameType)).size !== names.length) {
    throw illegalParameter("server_name", "server_name has two names of one type");
  }
  const host = hostNameIn(names);
  if (host !== undefined && !/^[a-z0-9_]([a-z0-9_.-]{0,253}[a-z0-9_])?$/i.test(host)) {
    throw illegalParameter("server_name", `server_name is not a host name: ${host}`);
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

/** The settings for this client. */
function* settingsFor(
  settings: ServerHandshakeSettings,
  hello: ClientHello,
  bytes: Uint8Array,
): Steps<ServerHandshakeSettings> {
  if (settings.forClient === undefined) return settings;
  const offer = {
    serverName: hostNameOf(hello),
    alpnProtocols: (extensionIn(hello, applicationLayerProtocolNegotiation) ?? []).map(printable),
    versions: extensionIn(hello, supportedVersions) ?? [],
    cipherSuites: hello.cipherSuites,
    namedGroups: extensionIn(hello, supportedGroups) ?? [],
    signatureSchemes: extensionIn(hello, signatureAlgorithms) ?? [],
    bytes,
  };
  return yield* wait(settings.forClient(offer));
}

/** Our first choice that the client can do; what else it lists is passed over (RFC 9846 §4.2.2#unknown-suites). */
function chooseCipherSuite(context: ServerHandshakeSettings, hello: ClientHello): CipherSuite {
  const common = context.cipherSuites.filter(({ code }) => hello.cipherSuites.includes(code));
  const [ours] = common;
  if (ours === undefined) {
    throw handshakeFailure("no_common_cipher_suite", "the client offers no cipher suite that is accepted");
  }
  const theirs = hello.cipherSuites.find((code) => byCode(common, code) !== undefined);
  const follow = context.followClientToChaCha20 && theirs === TLS_CHACHA20_POLY1305_SHA256.code;
  return follow ? TLS_CHACHA20_POLY1305_SHA256 : ours;
}

/**
 * Our first choice that the client can do (RFC 9846 §4.2.1#group-in-common), if that resists quantum computers, since
 * what is recorded today may be read by one tomorrow; otherwise the first that it has sent a share for, which saves a
 * round trip. None if there is none in common, or the client wants no key exchange.
 */
function chooseGroup(context: ServerHandshakeSettings, hello: ClientHello): NamedGroup | undefined {
  const groups = extensionIn(hello, supportedGroups) ?? [];
  const common = context.namedGroups.filter(({ code }) => groups.includes(code));
  const [first] = common;
  if (first === undefined) return undefined;
  return first.postQuantum ? first : (common.find((group) => shareFor(group, hello) !== undefined) ?? first);
}

/** What there is to show to a client; not both if it can only resume. */
interface CertificateChoice {
  readonly credential: Credential | undefined;
  readonly signatureScheme: SignatureScheme | undefined;
}

/** What is shown to a client. */
interface Certified {
  readonly credential: Credential;
  readonly signatureScheme: SignatureScheme;
}

/** RFC 9846 §4.5.1.2: a certificate by server_name and by the schemes that the client can verify. */
function* chooseCredential(context: ServerHandshakeSettings, hello: ClientHello): Steps<CertificateChoice> {
  const known = context.signatureSchemes.filter(({ inCertificateVerify }) => inCertificateVerify);
  // A client that wants to resume alone may offer none: then it's the certificate that it would get if it offered all.
  const offered = extensionIn(hello, signatureAlgorithms) ?? known.map(({ code }) => code);
  const schemes = offered.flatMap((code) => byCode(known, code) ?? []);
  const credential = yield* wait(
    context.selectCredential({
      serverName: hostNameOf(hello),
      signatureSchemes: schemes,
      signatureSchemesInCertificates: extensionIn(hello, signatureAlgorithmsCert) ?? offered,
    }),
  );
  if (credential === undefined) return { credential, signatureScheme: undefined };
  checkCredential(credential);
  // RFC 9846 §4.5.2#scheme-offered, §4.5.2#scheme-fits-key
  return { credential, signatureScheme: schemes.find((scheme) => credential.signatureSchemes.includes(scheme)) };
}

/** What has to be there if no session is resumed. */
function checkFullHandshake(
  { tickets }: ServerHandshakeSettings,
  hello: ClientHello,
  group: NamedGroup | undefined,
  { credential, signatureScheme }: CertificateChoice,
): Certified {
  if (extensionIn(hello, supportedGroups) === undefined) throw missingExtension("supported_groups", "ClientHello");
  // RFC 9846 §4.2.1#group-in-common
  if (group === undefined) throw handshakeFailure("no_common_group", "the client offers no group that is accepted");
  const offersPsks = extensionIn(hello, offeredPsks) !== undefined;
  if (credential === undefined) {
    if (offersPsks && tickets !== undefined) throw pskRefused();
    throw handshakeFailure("no_certificate", "there is no certificate for what the client asks");
  }
  checkAuthenticable(hello);
  if (signatureScheme === undefined) {
    throw handshakeFailure(
      "no_common_signature_scheme",
      "the client offers no signature scheme that the certificate can do",
    );
  }
  return { credential, signatureScheme };
}

/** RFC 9846 §4.3.10: what is read from here on is early data. */
function acceptEarlyData(
  io: HandshakeIo,
  context: ServerHandshakeSettings,
  hello: ClientHello,
  cipherSuite: CipherSuite,
  { stage, session }: SelectedPsk,
  transcript: Transcript,
): void {
  const secret = stage.clientEarly(transcript.current());
  const exporter = stage.exporter(transcript.current());
  context.keyLog?.(keyLogLine(secret, hello.random));
  context.keyLog?.(keyLogLine(exporter, hello.random));
  io.earlyData?.receive({ cipherSuite, secret, exporter, limit: session.maxEarlyData });
}

/** RFC 9846 §4.5: Certificate and CertificateVerify. */
function* authenticate(
  io: HandshakeIo,
  { credential, signatureScheme }: Certified,
  transcript: Transcript,
): Steps<void> {
  // RFC 9846 §4.5.1#sent, §4.5.1#no-context, §4.5.1#extensions-offered: without any extension.
  transcript.add(
    io.send(Certificate, {
      certificateRequestContext: new Uint8Array(0),
      certificateList: credential.certificates.map((certData) => ({ certData, extensions: [] })),
    }),
  );
  // RFC 9846 §4.5.2#sent, §4.5.2#position
  const signature = yield* signTranscript("server", credential, signatureScheme, transcript.current());
  transcript.add(io.send(CertificateVerify, signature));
}

/** RFC 9846 §4.3.8#share-group, §4.3.8#no-reuse */
function* exchangeKeys(
  context: ServerHandshakeSettings,
  group: NamedGroup,
  { keyExchange }: KeyShareEntry,
): Steps<{ readonly share: KeyShareEntry; readonly secret: Uint8Array }> {
  const { share, secret } = yield* fromPeerShare(group, () =>
    keyExchangeOf(context.provider, group.keyExchange).respond(keyExchange, context.random),
  );
  return { share: { group: group.code, keyExchange: share }, secret };
}

/** RFC 9846 §4.7.1, RFC 9149 §5: how many tickets the client gets: none if it couldn't use one. */
function countTickets(context: ServerHandshakeSettings, hello: ClientHello, resumed: boolean): number {
  const listed = extensionIn(hello, pskKeyExchangeModes) ?? [];
  const { tickets, ticketCount } = context;
  if (tickets === undefined || ticketCount === 0 || !pskModes(context).some((mode) => listed.includes(mode))) return 0;
  const requested = extensionIn(hello, ticketRequest);
  const { newSessionCount, resumptionCount } = requested ?? { newSessionCount: ticketCount, resumptionCount: 1 };
  return Math.min(resumed ? resumptionCount : newSessionCount, maxTicketCount);
}

/** RFC 7301 §3.2: our first choice that the client offers, if both use ALPN. */
function chooseAlpnProtocol(context: ServerHandshakeSettings, hello: ClientHello): string | undefined {
  const offered = extensionIn(hello, applicationLayerProtocolNegotiation);
  if (offered === undefined || context.alpnProtocols.length === 0) return undefined;
  const chosen = context.alpnProtocols.find((name) => offered.some((bytes) => equalBytes(bytes, asciiBytes(name))));
  if (chosen === undefined) {
    throw peerError(
      "no_application_protocol",
      Alert.noApplicationProtocol,
      `the client offers ${offered.map(printable).join(", ")}, accepted are ${context.alpnProtocols.join(", ")}`,
    );
  }
  return chosen;
}

function shareFor(group: NamedGroup, hello: ClientHello): KeyShareEntry | undefined {
  return extensionIn(hello, clientShares)?.find((share) => share.group === group.code);
}

/** What was chosen before a HelloRetryRequest, if this server still has it: another one of its fleet may have sent that. */
function still<T extends { readonly code: number }>(list: readonly T[], code: number): T {
  const found = list.find((entry) => entry.code === code);
  if (found === undefined) throw invalidCookie();
  return found;
}

/** RFC 9846 §4.2.4#version-sent, §4.2.4#extensions-sent: the same again for the same, since it may be hashed by another server. */
function retryFor(
  hello: ClientHello,
  cipherSuite: CipherSuite,
  group: NamedGroup,
  sentCookie: Uint8Array | undefined,
): ServerHello {
  return {
    legacyVersion: 0x0303,
    random: helloRetryRequestRandom,
    legacySessionIdEcho: hello.legacySessionId,
    cipherSuite: cipherSuite.code,
    legacyCompressionMethod: 0,
    extensions: [
      extension(selectedVersion, tls13),
      extension(selectedGroup, group.code),
      // RFC 9846 §4.3.2
      ...(sentCookie === undefined ? [] : [extension(cookie, sentCookie)]),
    ],
  };
}

/** RFC 9846 §4.3.8: after a HelloRetryRequest, one share, of the group asked for. */
function onlyShareFor(group: NamedGroup, hello: ClientHello): KeyShareEntry {
  const shares = extensionIn(hello, clientShares) ?? [];
  const [share] = shares;
  if (share === undefined || shares.length !== 1 || share.group !== group.code) {
    throw illegalParameter("wrong_key_share", `a single key share for ${group.name} was asked for`);
  }
  return share;
}

/** RFC 9846 §4.4.1, §4.3#responses-sent: the answers to what the client asked. */
function answers(
  context: ServerHandshakeSettings,
  hello: ClientHello,
  group: NamedGroup | undefined,
  alpnProtocol: string | undefined,
  resumed: boolean,
): readonly Extension[] {
  // RFC 6066 §3: not when a session is resumed.
  const acknowledgesName = context.acknowledgeServerName && !resumed && hostNameOf(hello) !== undefined;
  return [
    ...(acknowledgesName ? [extension(serverNameAcknowledged, null)] : []),
    ...(alpnProtocol === undefined ? [] : [extension(applicationLayerProtocolNegotiation, [asciiBytes(alpnProtocol)])]),
    // RFC 9846 §4.3.7: all groups, if one is preferred to the one in use.
    ...(group === undefined || context.namedGroups[0] === group
      ? []
      : [
          extension(
            supportedGroups,
            context.namedGroups.map(({ code }) => code),
          ),
        ]),
  ];
}

/** RFC 9846 §4.2.1#something-in-common: nothing is. */
function handshakeFailure(code: string, message: string): Error {
  return peerError(code, Alert.handshakeFailure, message);
}
