import { byCode, type CipherSuite, type NamedGroup } from "@tlskit/ciphersuites";
import { cipherSuiteName, namedGroupName } from "@tlskit/ciphersuites/names";
import { type HashName, hashOf, type KeyShareOffer, keyExchangeOf, type Steps, wait } from "@tlskit/crypto";
import { keyLogLine, Transcript } from "@tlskit/keyschedule";
import {
  applicationLayerProtocolNegotiation,
  Certificate,
  CertificateRequest,
  CertificateVerify,
  ClientHello,
  clientShares,
  cookie,
  EncryptedExtensions,
  EndOfEarlyData,
  type Extension,
  earlyDataIndication,
  extension,
  extensionCodes,
  extensionIn,
  Finished,
  HelloRetryRequest,
  type KeyShareEntry,
  protocolVersionName,
  ServerHello,
  selectedGroup,
  selectedIdentity,
  selectedVersion,
  serverNameList,
  serverShare,
  signatureAlgorithms,
  supportedGroups,
  supportedVersions,
  ticketRequest,
} from "@tlskit/messages";
import { Alert, asciiBytes, decode, decodeError, encode, equalBytes, peerError, printable, toHex } from "@tlskit/wire";
import { AuthenticatedPeer } from "./certificate-verify.ts";
import { ClientResumption, keepingNone } from "./client-resumption.ts";
import { nameOf } from "./code-points.ts";
import { isDowngradeSentinel } from "./downgrade.ts";
import { EarlyDataOffer } from "./early-data-offer.ts";
import { Established } from "./established.ts";
import { checkPlaces, checkResponses, illegalParameter, missingExtension } from "./extension-rules.ts";
import { VerifiedFinished } from "./finished.ts";
import { handshakeStage } from "./handshake-stage.ts";
import { checkIo, type HandshakeIo } from "./io.ts";
import { checkOwnExtensions, ownExtensions, ownExtensionsIn } from "./own-extensions.ts";
import { fromPeerShare } from "./peer-key-share.ts";
import { makePskOffer, modesAndEarlyData, type PskOffer, withPsk } from "./psk-offer.ts";
import { allowsEarlyData, noBinding, ResumableSession } from "./resumable-session.ts";
import { type ClientHandshakeSettings, checkClientHandshakeSettings } from "./settings.ts";
import { tls13 } from "./version.ts";

/** RFC 9846 §2, §4#order-sent, the client: one round trip, or two with a HelloRetryRequest. */
export function* clientHandshake<Evidence>(
  io: HandshakeIo,
  context: ClientHandshakeSettings<Evidence>,
): Steps<Established<Evidence>> {
  checkIo(io);
  checkClientHandshakeSettings(context);
  checkOwnExtensions(context.extensions);
  const transcript = new Transcript();
  const resumable = yield* ResumableSession.recall(context);
  // RFC 9846 §4.2.2#hello-first
  let offer = yield* makeOffer(io, context, resumable, transcript);
  transcript.add(io.send(ClientHello, offer.hello));
  // RFC 9846 §E.4: once, and in front of early data if there is any.
  let compatible = !context.middleboxCompatibility;
  const changeCipherSpec = (): void => {
    if (!compatible) io.changeCipherSpec();
    compatible = true;
  };
  if (offer.psk?.earlyData === true) changeCipherSpec();
  const earlyData = new EarlyDataOffer(io);
  earlyData.begin(context, offer.hello, offer.psk, transcript);

  const first = yield* io.receive(HelloRetryRequest, ServerHello);
  let answer = first;
  if (first.name === "HelloRetryRequest") {
    const { hash } = checkRetry(context, offer, first.message);
    transcript.useHash(hashOf(context.provider, hash));
    transcript.replaceClientHello1();
    transcript.add(first.bytes);
    io.endOfFlight();
    earlyData.answer(false);
    offer = yield* retryOffer(context, offer, first.message, hash, transcript);
    changeCipherSpec();
    transcript.add(io.send(ClientHello, offer.hello));
    answer = yield* io.receive(ServerHello, HelloRetryRequest);
    // RFC 9846 §4.2.4#second-retry-checked: a second HelloRetryRequest in the same connection
    if (answer.name === "HelloRetryRequest") {
      throw peerError(
        "second_hello_retry_request",
        Alert.unexpectedMessage,
        "the server sent a second HelloRetryRequest",
      );
    }
  }
  const { cipherSuite, share, psk } = checkServerHello(context, offer, answer.message);
  const hash = hashOf(context.provider, cipherSuite.hash);
  const exchanged = share === undefined ? undefined : yield* exchangeKeys(offer, share);
  disposeOf(offer.keyShares);
  transcript.useHash(hash);
  transcript.add(answer.bytes);

  const handshake = handshakeStage(hash, psk?.stage, exchanged?.secret, transcript.current());
  context.keyLog?.(keyLogLine(handshake.client, offer.hello.random));
  context.keyLog?.(keyLogLine(handshake.server, offer.hello.random));
  io.installRead("handshake", cipherSuite, handshake.server);
  changeCipherSpec();
  // Early data goes on until the server's Finished if it is accepted, which only EncryptedExtensions tell.
  if (psk === undefined) {
    offer.psk?.stage.abandon();
    earlyData.answer(false);
  }
  if (!earlyData.pending) io.installWrite("handshake", cipherSuite, handshake.client);

  const encryptedExtensions = yield* io.receive(EncryptedExtensions);
  const alpnProtocol = checkEncryptedExtensions(context, offer, encryptedExtensions.message);
  transcript.add(encryptedExtensions.bytes);
  const accepted = checkEarlyData(psk, cipherSuite, alpnProtocol, encryptedExtensions.message);
  if (earlyData.pending && !accepted) {
    earlyData.answer(false);
    io.installWrite("handshake", cipherSuite, handshake.client);
  }
  earlyData.answer(accepted);

  // RFC 9846 §4.4.2#not-on-resumption: with a pre-shared key it is the server's Finished that comes next.
  const authentication =
    psk === undefined ? yield* authenticateServer(io, context, offer, transcript) : resumedServer(psk.resumable);
  const { server, requestContext } = authentication;

  const serverFinished = yield* io.receive(Finished);
  const finished = VerifiedFinished.verify(serverFinished.message, handshake.server, transcript.current());
  transcript.add(serverFinished.bytes);

  const main = handshake.atServerFinished(transcript.current());
  context.keyLog?.(keyLogLine(main.client, offer.hello.random));
  context.keyLog?.(keyLogLine(main.server, offer.hello.random));
  context.keyLog?.(keyLogLine(main.exporter, offer.hello.random));
  io.installRead("application", cipherSuite, main.server);

  if (accepted) {
    // RFC 9846 §4.6#sent, §4.6#not-sent
    if (io.earlyData?.hasEnd === true) transcript.add(io.send(EndOfEarlyData, null));
    io.installWrite("handshake", cipherSuite, handshake.client);
  }
  if (requestContext !== undefined) {
    // RFC 9846 §4.5.1#sent-if-asked, §4.5.1#empty-if-none: an empty Certificate, and then no CertificateVerify.
    transcript.add(io.send(Certificate, { certificateRequestContext: requestContext, certificateList: [] }));
  }
  // RFC 9846 §4.5.1#finished-anyway
  const verifyData = handshake.client.verifyData(transcript.current());
  transcript.add(io.send(Finished, { verifyData }));
  // RFC 9846 §4.5.3#next-keys
  io.installWrite("application", cipherSuite, main.client);

  return Established.withServer(
    server,
    finished,
    {
      version: tls13,
      cipherSuite,
      namedGroup: exchanged?.group,
      alpnProtocol,
      serverCertificates: authentication.certificate.certificateList.map(({ certData }) => certData),
      serverName: context.serverName,
      helloRetryRequest: first.name === "HelloRetryRequest",
      peerExtensions: ownExtensionsIn(encryptedExtensions.message),
      resumed: psk !== undefined,
      earlyData: earlyData.outcome,
      earlyDataDeclined: undefined,
    },
    { client: main.client, server: main.server, exporter: main.exporter },
    context.sessions === undefined
      ? keepingNone
      : new ClientResumption(context, main.atClientFinished(transcript.current()), {
          version: tls13,
          cipherSuite: cipherSuite.code,
          signatureScheme: server.signatureScheme.code,
          verifiedAt: server.verifiedAt,
          serverName: asciiBytes(context.serverName ?? ""),
          alpnProtocol: asciiBytes(alpnProtocol ?? ""),
          binding: context.sessionBinding ?? noBinding,
          certificate: encode(Certificate.body, authentication.certificate),
        }),
  );
}

/** How a server has shown who it is. */
interface ServerAuthentication<Evidence> {
  readonly server: AuthenticatedPeer<Evidence>;
  readonly certificate: Certificate;
  /** The context of a CertificateRequest, if there was one. */
  readonly requestContext: Uint8Array | undefined;
}

/** RFC 9846 §4.5: Certificate and CertificateVerify, and maybe a CertificateRequest before them. */
function* authenticateServer<Evidence>(
  io: HandshakeIo,
  context: ClientHandshakeSettings<Evidence>,
  offer: Offer<Evidence>,
  transcript: Transcript,
): Steps<ServerAuthentication<Evidence>> {
  let certificate = yield* io.receive(CertificateRequest, Certificate);
  let requestContext: Uint8Array | undefined;
  if (certificate.name === "CertificateRequest") {
    requestContext = checkCertificateRequest(context, certificate.message);
    transcript.add(certificate.bytes);
    certificate = yield* io.receive(Certificate);
  }
  checkServerCertificate(context, offer, certificate.message);
  const peer = yield* context.verifyPeer(certificate.message.certificateList);
  transcript.add(certificate.bytes);

  const certificateVerify = yield* io.receive(CertificateVerify);
  const server = yield* AuthenticatedPeer.verify(
    "server",
    peer,
    certificateVerify.message,
    context.signatureSchemes,
    transcript.current(),
    context.clock(),
  );
  transcript.add(certificateVerify.bytes);
  return { server, certificate: certificate.message, requestContext };
}

/** A server that has shown who it is in an earlier handshake, and that it is still the same by the pre-shared key. */
function resumedServer<Evidence>(resumable: ResumableSession<Evidence>): ServerAuthentication<Evidence> {
  return {
    server: AuthenticatedPeer.resumed(resumable),
    certificate: decode(Certificate.body, resumable.session.certificate),
    requestContext: undefined,
  };
}

/** A ClientHello with the private keys behind its key shares. */
interface Offer<Evidence = unknown> {
  readonly hello: ClientHello;
  readonly keyShares: readonly { readonly group: NamedGroup; readonly keyShare: KeyShareOffer }[];
  readonly psk: PskOffer<Evidence> | undefined;
  /** The cipher suite that a HelloRetryRequest has settled. */
  readonly settledCipherSuite: number | undefined;
}

function* makeOffer<Evidence>(
  io: HandshakeIo,
  context: ClientHandshakeSettings<Evidence>,
  resumable: ResumableSession<Evidence> | undefined,
  transcript: Transcript,
): Steps<Offer<Evidence>> {
  const keyShares = yield* makeKeyShares(context, context.keyShareGroups);
  const psk =
    resumable &&
    makePskOffer(context, resumable, io.earlyData !== undefined && allowsEarlyData(context, resumable.session));
  const hello: ClientHello = {
    legacyVersion: 0x0303, // RFC 9846 §4.2.2#legacy-version-sent
    random: context.random(32),
    // RFC 9846 §E.4: a session id makes the server's answer look like a resumption of TLS 1.2.
    // RFC 9846 §4.2.2#session-id-compatible, §4.2.2#session-id-plain
    legacySessionId: context.middleboxCompatibility ? context.random(32) : new Uint8Array(0),
    cipherSuites: context.cipherSuites.map(({ code }) => code),
    legacyCompressionMethods: Uint8Array.of(0), // RFC 9846 §4.2.2#compression-sent
    extensions: [...clientExtensions(context, keyShares), ...modesAndEarlyData(context, psk)],
  };
  return {
    hello: psk === undefined ? hello : withPsk(hello, psk, transcript),
    keyShares,
    psk,
    settledCipherSuite: undefined,
  };
}

/**
 * RFC 9846 §4.3.1#sent, §4.3.3#sent, §9.2#sent-together: what has to be there, and what the context adds; all of it is
 * what the context can do (RFC 9846 §9.3#supports-offers).
 */
function clientExtensions(
  context: ClientHandshakeSettings<unknown>,
  keyShares: Offer["keyShares"],
): readonly Extension[] {
  const { serverName, alpnProtocols, ticketRequest: tickets } = context;
  return [
    ...(serverName === undefined ? [] : [extension(serverNameList, [{ nameType: 0, name: asciiBytes(serverName) }])]),
    extension(
      supportedGroups,
      context.namedGroups.map(({ code }) => code),
    ),
    extension(
      signatureAlgorithms,
      context.signatureSchemes.map(({ code }) => code),
    ),
    ...(alpnProtocols.length === 0
      ? []
      : [extension(applicationLayerProtocolNegotiation, alpnProtocols.map(asciiBytes))]),
    extension(supportedVersions, [tls13]),
    extension(
      clientShares,
      keyShares.map(({ group, keyShare }) => ({ group: group.code, keyExchange: keyShare.share })),
    ),
    // RFC 9149 §3
    ...(tickets === undefined || context.sessions === undefined ? [] : [extension(ticketRequest, tickets)]),
    ...ownExtensions(context.extensions),
  ];
}

/** RFC 9846 §4.3.8#shares-independent, §4.3.8#no-reuse: each share is made for this connection, by itself. */
function* makeKeyShares(
  context: ClientHandshakeSettings<unknown>,
  groups: readonly NamedGroup[],
): Steps<Offer["keyShares"]> {
  const keyShares = [];
  for (const group of groups) {
    const keyShare = yield* wait(keyExchangeOf(context.provider, group.keyExchange).offer(context.random));
    keyShares.push({ group, keyShare });
  }
  return keyShares;
}

/** RFC 9846 §7.4: the secret that a server's key share makes. */
function* exchangeKeys(
  offer: Offer,
  share: KeyShareEntry,
): Steps<{ readonly group: NamedGroup; readonly secret: Uint8Array }> {
  const { group, keyShare } = offeredShare(offer, share.group);
  return { group, secret: yield* fromPeerShare(group, () => keyShare.finish(share.keyExchange)) };
}

/** Their private keys have done what they were for. Those of a handshake that fails before go with the garbage. */
function disposeOf(keyShares: Offer["keyShares"]): void {
  for (const { keyShare } of keyShares) keyShare.dispose();
}

function offeredShare(offer: Offer, groupCode: number): Offer["keyShares"][number] {
  const found = offer.keyShares.find(({ group }) => group.code === groupCode);
  // RFC 9846 §4.3.8#group-kept-checked: one of the client's shares; after a HelloRetryRequest there is just one.
  if (found === undefined) {
    throw illegalParameter(
      "key_share_not_offered",
      `the server's key share is for ${nameOf(groupCode, namedGroupName)}, which got none`,
    );
  }
  return found;
}

/** RFC 9846 §4.2.3, §4.3.1: what ServerHello and HelloRetryRequest have in common. */
function checkHello(context: ClientHandshakeSettings<unknown>, offer: Offer, hello: ServerHello): CipherSuite {
  // RFC 9846 §4.3.1#looked-at-first, §4.3.1#decides: the version comes before all else, and out of the extension.
  const version = extensionIn(hello, selectedVersion);
  if (version === undefined) {
    // RFC 9846 §4.2.3#downgrade-sentinel-checked: a server that could do better was made to look older.
    if (isDowngradeSentinel(hello.random)) {
      throw illegalParameter("downgrade", "the server can do TLS 1.3 and was made to choose an older version");
    }
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
      `the server chose ${nameOf(hello.cipherSuite, cipherSuiteName)}, which was not offered`,
    );
  }
  // RFC 9846 §4.2.3#compression-checked
  if (hello.legacyCompressionMethod !== 0) {
    throw illegalParameter("compression", `legacy_compression_method is ${hello.legacyCompressionMethod}`);
  }
  return cipherSuite;
}

/** RFC 9846 §4.2.4#hello-checked: as a ServerHello, and then the extensions. */
function checkRetry(context: ClientHandshakeSettings<unknown>, offer: Offer, retry: ServerHello): CipherSuite {
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
      throw illegalParameter(
        "group_not_offered",
        `the server asks for ${nameOf(group, namedGroupName)}, which was not offered`,
      );
    }
    if (offer.keyShares.some((offered) => offered.group.code === group)) {
      throw illegalParameter(
        "useless_hello_retry_request",
        `the server asks for a ${nameOf(group, namedGroupName)} key share, which it was sent`,
      );
    }
  }
  return cipherSuite;
}

/** RFC 9846 §4.2.2#second-hello, §4.2.4#answered: the same ClientHello, but for the key share and the cookie. */
function* retryOffer<Evidence>(
  context: ClientHandshakeSettings<Evidence>,
  offer: Offer<Evidence>,
  retry: ServerHello,
  hash: HashName,
  transcript: Transcript,
): Steps<Offer<Evidence>> {
  const group = byCode(context.namedGroups, extensionIn(retry, selectedGroup) ?? 0);
  // RFC 9846 §4.3.8#retry-share
  const keyShares = group === undefined ? offer.keyShares : yield* makeKeyShares(context, [group]);
  if (group !== undefined) disposeOf(offer.keyShares);
  // RFC 9846 §4.3.2#echoed
  const retryCookie = extensionIn(retry, cookie);
  // RFC 9846 §4.2.2: a pre-shared key stays if its hash is that of the cipher suite, and has a new binder.
  // RFC 9846 §4.3.10#not-after-retry: early data doesn't.
  const { psk: before } = offer;
  const psk = before?.hash.name === hash ? { ...before, earlyData: false } : undefined;
  if (psk === undefined) before?.stage.abandon();
  const hello: ClientHello = {
    ...offer.hello,
    extensions: [
      ...clientExtensions(context, keyShares),
      ...(retryCookie === undefined ? [] : [extension(cookie, retryCookie)]),
      ...modesAndEarlyData(context, psk),
    ],
  };
  return {
    hello: psk === undefined ? hello : withPsk(hello, psk, transcript),
    keyShares,
    psk,
    settledCipherSuite: retry.cipherSuite,
  };
}

/** What a ServerHello has chosen: a key share, a pre-shared key, or both. */
interface Choice<Evidence> {
  readonly cipherSuite: CipherSuite;
  readonly share: KeyShareEntry | undefined;
  readonly psk: PskOffer<Evidence> | undefined;
}

/** RFC 9846 §4.2.3. */
function checkServerHello<Evidence>(
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
  // RFC 9846 §4.3.11#selection-checked, §4.3.9#psk-dhe-ke: psk_ke has to be offered.
  if (share === undefined && !context.dangerousPskWithoutKeyExchange) {
    throw illegalParameter("psk_without_key_share", "the server takes a pre-shared key without a key exchange");
  }
  return { cipherSuite, share, psk };
}

/** RFC 9846 §4.3.11#selection-checked: one that was offered, with a cipher suite of its hash. */
function selectedPsk<Evidence>(offer: Offer<Evidence>, index: number, cipherSuite: CipherSuite): PskOffer<Evidence> {
  const { psk } = offer;
  if (psk === undefined || index !== 0) {
    throw illegalParameter("psk_not_offered", `the server takes the pre-shared key ${index}, which was not offered`);
  }
  // RFC 9846 §4.7.1#same-hash
  if (psk.hash.name !== cipherSuite.hash) {
    throw illegalParameter("psk_hash", `the pre-shared key is not for ${cipherSuite.name}`);
  }
  return psk;
}

/** RFC 9846 §4.3.10, §4.3.11#early-selection-checked: whether early data was accepted, which the server may only if … */
function checkEarlyData(
  psk: PskOffer<unknown> | undefined,
  cipherSuite: CipherSuite,
  alpnProtocol: string | undefined,
  message: EncryptedExtensions,
): boolean {
  if (extensionIn(message, earlyDataIndication) === undefined) return false;
  // … it takes the pre-shared key that protects it, the first, …
  if (psk === undefined) {
    throw illegalParameter("early_data_without_psk", "the server accepts early data without the pre-shared key");
  }
  // … and everything is as it was when the ticket was made.
  const { resumable } = psk;
  if (cipherSuite !== resumable.cipherSuite) {
    throw illegalParameter(
      "early_data_cipher_suite",
      `the server accepts early data protected with ${resumable.cipherSuite.name}, and chose ${cipherSuite.name}`,
    );
  }
  if (!equalBytes(asciiBytes(alpnProtocol ?? ""), resumable.session.alpnProtocol)) {
    throw illegalParameter(
      "early_data_alpn_protocol",
      `the server accepts early data for ${printable(resumable.session.alpnProtocol) || "no application protocol"}, and chose ${alpnProtocol ?? "none"}`,
    );
  }
  return true;
}

/** RFC 9846 §4.4.1#forbidden-checked; RFC 7301 §3.1: the protocol chosen, if one was. */
function checkEncryptedExtensions(
  context: ClientHandshakeSettings<unknown>,
  offer: Offer,
  message: EncryptedExtensions,
): string | undefined {
  checkResponses("encryptedExtensions", message, extensionCodes(offer.hello), context.extensions);
  const chosen = extensionIn(message, applicationLayerProtocolNegotiation);
  if (chosen === undefined) return undefined;
  const [protocol] = chosen;
  if (protocol === undefined || chosen.length !== 1) {
    throw decodeError(`the server chose ${chosen.length} application protocols, not one`);
  }
  const name = context.alpnProtocols.find((offered) => equalBytes(asciiBytes(offered), protocol));
  if (name === undefined) {
    throw illegalParameter(
      "alpn_not_offered",
      `the server chose the application protocol ${printable(protocol)}, which was not offered`,
    );
  }
  return name;
}

/** RFC 9846 §4.4.2: the context, to be echoed. Unknown extensions are passed over (RFC 9846 §4.4.2#unknown-extensions). */
function checkCertificateRequest(context: ClientHandshakeSettings<unknown>, request: CertificateRequest): Uint8Array {
  checkPlaces("certificateRequest", request, context.extensions);
  if (request.certificateRequestContext.length !== 0) {
    throw illegalParameter("certificate_request_context", "certificate_request_context is not empty in a handshake");
  }
  if (extensionIn(request, signatureAlgorithms) === undefined) {
    throw missingExtension("signature_algorithms", "CertificateRequest");
  }
  return request.certificateRequestContext;
}

/** RFC 9846 §4.5.1. */
function checkServerCertificate(context: ClientHandshakeSettings<unknown>, offer: Offer, message: Certificate): void {
  if (message.certificateRequestContext.length !== 0) {
    throw illegalParameter("certificate_request_context", "a server's certificate_request_context is not empty");
  }
  // RFC 9846 §4.5.1.3#empty-checked: an empty Certificate from a server
  if (message.certificateList.length === 0) throw decodeError("the server sent an empty Certificate");
  for (const entry of message.certificateList) {
    checkResponses("certificate", entry, extensionCodes(offer.hello), context.extensions);
  }
}
