import { byCode, type CipherSuite, type NamedGroup } from "@tlskit/ciphersuites";
import { cipherSuiteName, namedGroupName } from "@tlskit/ciphersuites/names";
import { hashOf, type KeyShareOffer, keyExchangeOf, type Steps, wait } from "@tlskit/crypto";
import { EarlyStage, keyLogLine, Transcript } from "@tlskit/keyschedule";
import {
  applicationLayerProtocolNegotiation,
  Certificate,
  CertificateRequest,
  CertificateVerify,
  ClientHello,
  clientShares,
  cookie,
  EncryptedExtensions,
  type Extension,
  extension,
  extensionCodes,
  extensionIn,
  Finished,
  HelloRetryRequest,
  protocolVersionName,
  ServerHello,
  selectedGroup,
  selectedVersion,
  serverNameList,
  serverShare,
  signatureAlgorithms,
  supportedGroups,
  supportedVersions,
} from "@tlskit/messages";
import { Alert, asciiBytes, decodeError, equalBytes, peerError, printable, toHex } from "@tlskit/wire";
import { AuthenticatedPeer } from "./certificate-verify.ts";
import { nameOf } from "./code-points.ts";
import { isDowngradeSentinel } from "./downgrade.ts";
import { Established } from "./established.ts";
import { checkPlaces, checkResponses, illegalParameter, missingExtension } from "./extension-rules.ts";
import { VerifiedFinished } from "./finished.ts";
import { checkIo, type HandshakeIo } from "./io.ts";
import { checkOwnExtensions, ownExtensions, ownExtensionsIn } from "./own-extensions.ts";
import { fromPeerShare } from "./peer-key-share.ts";
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
  // RFC 9846 §4.2.2#hello-first
  let offer = yield* makeOffer(context);
  transcript.add(io.send(ClientHello, offer.hello));

  const first = yield* io.receive(HelloRetryRequest, ServerHello);
  let answer = first;
  if (first.name === "HelloRetryRequest") {
    transcript.useHash(hashOf(context.provider, checkRetry(context, offer, first.message).hash));
    transcript.replaceClientHello1();
    transcript.add(first.bytes);
    io.endOfFlight();
    offer = yield* retryOffer(context, offer, first.message);
    if (context.middleboxCompatibility) io.changeCipherSpec();
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
  const { cipherSuite, share } = checkServerHello(context, offer, answer.message);
  const hash = hashOf(context.provider, cipherSuite.hash);
  const { group, keyShare } = offeredShare(offer, share.group);
  const sharedSecret = yield* fromPeerShare(group, () => keyShare.finish(share.keyExchange));
  transcript.useHash(hash);
  transcript.add(answer.bytes);

  const handshake = EarlyStage.withoutPsk(hash).withSharedSecret(sharedSecret, transcript.current());
  context.keyLog?.(keyLogLine(handshake.client, offer.hello.random));
  context.keyLog?.(keyLogLine(handshake.server, offer.hello.random));
  io.installRead("handshake", cipherSuite, handshake.server);
  if (context.middleboxCompatibility && first.name !== "HelloRetryRequest") io.changeCipherSpec();
  io.installWrite("handshake", cipherSuite, handshake.client);

  const encryptedExtensions = yield* io.receive(EncryptedExtensions);
  const alpnProtocol = checkEncryptedExtensions(context, offer, encryptedExtensions.message);
  transcript.add(encryptedExtensions.bytes);

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
  );
  transcript.add(certificateVerify.bytes);

  const serverFinished = yield* io.receive(Finished);
  const finished = VerifiedFinished.verify(serverFinished.message, handshake.server, transcript.current());
  transcript.add(serverFinished.bytes);

  const main = handshake.atServerFinished(transcript.current());
  context.keyLog?.(keyLogLine(main.client, offer.hello.random));
  context.keyLog?.(keyLogLine(main.server, offer.hello.random));
  context.keyLog?.(keyLogLine(main.exporter, offer.hello.random));
  io.installRead("application", cipherSuite, main.server);

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
      namedGroup: group,
      alpnProtocol,
      serverCertificates: certificate.message.certificateList.map(({ certData }) => certData),
      serverName: context.serverName,
      helloRetryRequest: first.name === "HelloRetryRequest",
      peerExtensions: ownExtensionsIn(encryptedExtensions.message),
    },
    {
      client: main.client,
      server: main.server,
      exporter: main.exporter,
      resumption: main.atClientFinished(transcript.current()),
    },
  );
}

/** A ClientHello with the private keys behind its key shares. */
interface Offer {
  readonly hello: ClientHello;
  readonly keyShares: readonly { readonly group: NamedGroup; readonly keyShare: KeyShareOffer }[];
  /** The cipher suite that a HelloRetryRequest has settled. */
  readonly settledCipherSuite: number | undefined;
}

function* makeOffer(context: ClientHandshakeSettings<unknown>): Steps<Offer> {
  const keyShares = yield* makeKeyShares(context, context.keyShareGroups);
  const hello: ClientHello = {
    legacyVersion: 0x0303, // RFC 9846 §4.2.2#legacy-version-sent
    random: context.random(32),
    // RFC 9846 §E.4: a session id makes the server's answer look like a resumption of TLS 1.2.
    // RFC 9846 §4.2.2#session-id-compatible, §4.2.2#session-id-plain
    legacySessionId: context.middleboxCompatibility ? context.random(32) : new Uint8Array(0),
    cipherSuites: context.cipherSuites.map(({ code }) => code),
    legacyCompressionMethods: Uint8Array.of(0), // RFC 9846 §4.2.2#compression-sent
    extensions: clientExtensions(context, keyShares),
  };
  return { hello, keyShares, settledCipherSuite: undefined };
}

/**
 * RFC 9846 §4.3.1#sent, §4.3.3#sent, §9.2#sent-together: what has to be there, and what the context adds; all of it is
 * what the context can do (RFC 9846 §9.3#supports-offers).
 */
function clientExtensions(
  context: ClientHandshakeSettings<unknown>,
  keyShares: Offer["keyShares"],
): readonly Extension[] {
  const { serverName, alpnProtocols } = context;
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
function* retryOffer(context: ClientHandshakeSettings<unknown>, offer: Offer, retry: ServerHello): Steps<Offer> {
  const group = byCode(context.namedGroups, extensionIn(retry, selectedGroup) ?? 0);
  // RFC 9846 §4.3.8#retry-share
  const keyShares = group === undefined ? offer.keyShares : yield* makeKeyShares(context, [group]);
  // RFC 9846 §4.3.2#echoed
  const retryCookie = extensionIn(retry, cookie);
  const hello: ClientHello = {
    ...offer.hello,
    extensions: [
      ...clientExtensions(context, keyShares),
      ...(retryCookie === undefined ? [] : [extension(cookie, retryCookie)]),
    ],
  };
  return { hello, keyShares, settledCipherSuite: retry.cipherSuite };
}

/** RFC 9846 §4.2.3. */
function checkServerHello(
  context: ClientHandshakeSettings<unknown>,
  offer: Offer,
  hello: ServerHello,
): { readonly cipherSuite: CipherSuite; readonly share: { readonly group: number; readonly keyExchange: Uint8Array } } {
  const cipherSuite = checkHello(context, offer, hello);
  checkResponses("serverHello", hello, extensionCodes(offer.hello), context.extensions);
  // RFC 9846 §4.2.4#cipher-suite-kept-checked: the same cipher suite as in the HelloRetryRequest
  if (offer.settledCipherSuite !== undefined && offer.settledCipherSuite !== hello.cipherSuite) {
    throw illegalParameter("cipher_suite_changed", "the cipher suite is not the one of the HelloRetryRequest");
  }
  const share = extensionIn(hello, serverShare);
  // RFC 9846 §9.2: without a pre-shared key there has to be a key share.
  if (share === undefined) throw missingExtension("key_share", "ServerHello");
  return { cipherSuite, share };
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
