import type { CipherSuite, NamedGroup, SignatureScheme } from "@tlskit/ciphersuites";
import { hashOf, keyExchangeOf, type Steps } from "@tlskit/crypto";
import { type ExternalPsk, keyLogLine, Transcript } from "@tlskit/keyschedule";
import {
  applicationLayerProtocolNegotiation,
  Certificate,
  type CertificateEntry,
  CertificateRequest,
  CertificateVerify,
  ClientHello,
  certWithExternPsk,
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
  type KeyShareEntry,
  offeredPsks,
  postHandshakeAuth,
  pskKeyExchangeModes,
  ServerHello,
  selectedGroup,
  selectedIdentity,
  selectedVersion,
  serverNameAcknowledged,
  serverShare,
  supportedGroups,
  ticketCountExpected,
  ticketRequest,
} from "@tlskit/messages";
import { asciiBytes } from "@tlskit/wire";
import { askedByClient, attestationsOf, certificateEntries } from "../attestations.ts";
import { AuthenticatedPeer, signTranscript } from "../certificate-verify.ts";
import type { Credential } from "../credential.ts";
import type { EarlyDataDecline } from "../early-data.ts";
import { declineOfEarlyData } from "../early-data-decision.ts";
import { Established } from "../established.ts";
import { illegalParameter, missingExtension } from "../extension-rules.ts";
import { offeredExternalPsks } from "../external-psks.ts";
import { VerifiedFinished } from "../finished.ts";
import { handshakeStage } from "../handshake-stage.ts";
import type { HandshakeIo, Received } from "../io.ts";
import { maxTicketCount } from "../limits.ts";
import { isMultiplexed } from "../multiplexed.ts";
import { answerOwnExtensions, ownExtensions } from "../own-extensions.ts";
import { fromPeerShare } from "../peer-key-share.ts";
import { PskKeyExchangeMode, pskModes } from "../psk-extensions.ts";
import {
  bindingOf,
  chooseMode,
  type PskSource,
  pskRefused,
  type SelectedPsk,
  type SelectedSession,
  selectPsk,
  takesPsks,
} from "../psk-selection.ts";
import type { ResumedClient } from "../resumed-client.ts";
import { checkAgainst, invalidCookie, recallRetry, retryCookie } from "../retry-cookie.ts";
import { checkSecondClientHello } from "../second-client-hello.ts";
import {
  type CertificateChoice,
  chooseAlpnProtocol,
  chooseCipherSuite,
  chooseCredential,
  chooseGroup,
  handshakeFailure,
  noSharedScheme,
  sharedSignatureSchemes,
  shareFor,
} from "../server-choices.ts";
import { hostNameOf } from "../server-name.ts";
import { issuingNone, ServerResumption, type TicketParameters } from "../server-resumption.ts";
import type { ServerHandshakeSettings } from "../settings.ts";
import { settingsFor } from "../settings-for.ts";
import { tls13 } from "../version.ts";
import { CertificateRequests } from "./certificate-requests.ts";
import { certificateRequest, type IdentifiedClient, receiveClientCertificate } from "./client-certificate.ts";
import { checkAuthenticable, checkCertWithExternPsk, checkClientHello } from "./client-hello.ts";

/** RFC 9846 §2, §4#order-sent, the server: one round trip, or two with a HelloRetryRequest. */
export function* tls13Server<Evidence>(
  io: HandshakeIo,
  settings: ServerHandshakeSettings<Evidence>,
  first: Received<typeof ClientHello>,
): Steps<Established<Evidence>> {
  checkClientHello(first.message);
  const transcript = new Transcript();
  const retry = yield* recallRetry(settings, first.message);
  const context = yield* settingsFor(settings, first.message, first.bytes, tls13);
  if (context.certificateWithExternalPsk) checkCertWithExternPsk(first.message);
  // RFC 9846 §4.2.1#retry-for-share, §4.2.4#cipher-suite-kept, §4.2.4#version-kept: nothing is chosen again.
  const group = retry === undefined ? chooseGroup(context, first.message) : still(context.namedGroups, retry.group);
  const mode = chooseMode(context, first.message, group !== undefined);
  const external = mode === undefined ? [] : yield* offeredExternalPsks(context.externalPsks, first.message);
  const cipherSuite =
    retry === undefined
      ? chooseCipherSuite(
          context,
          first.message,
          external.map((psk) => psk.hash),
        )
      : still(context.cipherSuites, retry.cipherSuite);
  const hash = hashOf(context.provider, cipherSuite.hash);
  if (retry !== undefined) checkAgainst(retry, first.message, hash);
  const choice = yield* chooseCredential(context, first.message);
  const alpnProtocol = yield* chooseAlpnProtocol(context, first.message);
  const own = yield* answerOwnExtensions(context.answerExtensions, first.message, {
    serverName: hostNameOf(first.message),
    alpnProtocol,
  });
  if (mode === undefined) checkFullHandshake(context, first.message, group, choice);
  transcript.useHash(hash);

  const hello = first.message;
  // Of no interest where no session is offered and none is given.
  const binding = (): Uint8Array => bindingOf(context, cipherSuite, hello, choice.credential);
  const externalBinding = (): Uint8Array => bindingOf(context, cipherSuite, hello, undefined);
  // RFC 8773 §5.1#psk-dhe-ke-taken, §5#asked-for: with psk_dhe_ke, where the client has asked for it.
  const withCertificate =
    context.certificateWithExternalPsk &&
    mode === PskKeyExchangeMode.pskDheKe &&
    extensionIn(hello, certWithExternPsk) !== undefined;
  const source = { context, cipherSuite, external, binding, externalBinding, withCertificate };
  const select = ({ message, bytes }: typeof first): Steps<SelectedPsk<Evidence> | undefined> =>
    selectPsk(source, message, bytes, transcript);
  // A client that wants no key exchange may have sent no share on purpose: whether it needs one comes first then.
  let psk = retry === undefined && mode === PskKeyExchangeMode.pskKe ? yield* select(first) : undefined;
  const offersEarlyData =
    retry === undefined ? extensionIn(hello, earlyDataIndication) !== undefined : retry.offersEarlyData === 1;
  let final = first;
  let share = group && shareFor(group, first.message);
  const asksAgain = retry === undefined && group !== undefined && share === undefined && psk === undefined;
  const helloRetryRequest = asksAgain || retry !== undefined;
  if (asksAgain) {
    // RFC 9846 §F.6: without certificates, that another ClientHello is asked for, and with which cipher suite, would tell that
    // a name is known.
    if (mode !== undefined && choice.credential === undefined) {
      const takeable = yield* select(first);
      takeable?.stage.abandon();
      if (takeable === undefined) checkFullHandshake(context, hello, group, choice);
    }
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
  const certified =
    psk === undefined || withCertificate ? checkFullHandshake(context, final.message, group, choice) : undefined;
  const session = psk !== undefined && "session" in psk ? psk : undefined;
  transcript.add(final.bytes);

  let earlyDataDeclined: EarlyDataDecline | undefined;
  if (offersEarlyData) {
    const circumstances = { hostCan: io.earlyData !== undefined, helloRetryRequest, cipherSuite, alpnProtocol, psk };
    earlyDataDeclined = yield* declineOfEarlyData(context, circumstances);
  }
  const acceptedWith = offersEarlyData && earlyDataDeclined === undefined ? session : undefined;
  const acceptsEarlyData = acceptedWith !== undefined;
  if (acceptsEarlyData) acceptEarlyData(io, context, hello, cipherSuite, acceptedWith, transcript);
  else if (offersEarlyData && !helloRetryRequest) io.skipEarlyData(context.maxSkippedEarlyData);

  // RFC 9846 §4.3.8#psk-ke-share, §4.3.9#psk-ke, §4.3.9#psk-dhe-ke, RFC 9325 §3.4#psk-dhe
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
        // RFC 8773 §4#answer-accompanied, §5#places
        ...(psk !== undefined && withCertificate ? [extension(certWithExternPsk, null)] : []),
      ],
    }),
  );
  if (!helloRetryRequest) io.changeCipherSpec();

  const handshake = handshakeStage(hash, psk?.stage, exchanged?.secret, transcript.current());
  context.keyLog?.(keyLogLine(handshake.client, hello.random));
  context.keyLog?.(keyLogLine(handshake.server, hello.random));
  if (!acceptsEarlyData) io.installRead("handshake", cipherSuite, handshake.client);
  io.installWrite("handshake", cipherSuite, handshake.server);

  // RFC 8773 §7, §5.1: a resumption would be without the key from outside.
  const ticketCount = psk !== undefined && withCertificate ? 0 : countTickets(context, hello, session !== undefined);
  // RFC 9846 §4.4.1#sent
  transcript.add(
    io.send(EncryptedExtensions, {
      extensions: [
        ...answers(context, hello, group, alpnProtocol, session !== undefined),
        ...(acceptsEarlyData ? [extension(earlyDataIndication, null)] : []),
        // RFC 9149 §3
        ...(extensionIn(hello, ticketRequest) === undefined ? [] : [extension(ticketCountExpected, ticketCount)]),
        ...ownExtensions(own.answers),
      ],
    }),
  );
  // RFC 9846 §4.4.2#not-on-resumption, §4.4.2#not-with-external-psk: with a pre-shared key neither side shows certificates.
  const entries = certified === undefined ? [] : certificateEntries(certified.credential, askedByClient(hello));
  const { clientAuthentication } = context;
  let request: CertificateRequest | undefined;
  if (certified !== undefined) {
    if (clientAuthentication !== undefined && clientAuthentication.demand !== "later") {
      // RFC 9846 §4.4.2#position, §4.4.2#context-empty
      request = certificateRequest(context, clientAuthentication, new Uint8Array(0));
      transcript.add(io.send(CertificateRequest, request));
    }
    yield* authenticate(io, certified, entries, transcript);
  }
  const signatureScheme = certified?.signatureScheme ?? session?.signatureScheme;
  const verifiedAt = session?.session.verifiedAt ?? context.clock();
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
  let client = session?.client && resumedClient(session.client);
  if (request !== undefined && clientAuthentication !== undefined) {
    const certificate = yield* io.receive(Certificate);
    client = yield* receiveClientCertificate(io, context, clientAuthentication, request, certificate, transcript);
  }
  const clientFinished = yield* io.receive(Finished);
  const finished = VerifiedFinished.verify(clientFinished.message, handshake.client, transcript.current());
  transcript.add(clientFinished.bytes);
  io.installRead("application", cipherSuite, main.client);

  // A session's was proved when it was made.
  const externalPsk =
    psk === undefined || session !== undefined
      ? session?.externalPsk
      : AuthenticatedPeer.byExternalPsk("client", handshake, finished, verifiedAt).externalPsk;
  return Established.withClient(
    client?.peer,
    finished,
    {
      version: tls13,
      cipherSuite,
      namedGroup: exchanged === undefined ? undefined : group,
      signatureScheme,
      alpnProtocol,
      serverCertificates: signatureScheme === undefined ? [] : (choice.credential?.certificates ?? []),
      serverAttestations: entries.map(attestationsOf),
      clientCertificates: (client?.certificate.certificateList ?? []).map(({ certData }) => certData),
      clientSignatureScheme: client?.signatureScheme,
      serverName: hostNameOf(hello),
      helloRetryRequest,
      sharedSignatureSchemes: sharedSignatureSchemes(context, hello),
      peerExtensions: own.offered,
      resumed: session !== undefined,
      externalPsk,
      verifiedAt,
      earlyData: offersEarlyData ? (acceptsEarlyData ? "accepted" : "rejected") : undefined,
      earlyDataDeclined,
    },
    {
      type: "TLS 1.3",
      cipherSuite,
      client: main.client,
      server: main.server,
      exporter: main.exporter,
      verifyData: { client: clientFinished.message.verifyData, server: verifyData },
    },
    ticketCount === 0
      ? issuingNone
      : new ServerResumption(
          context,
          main.atClientFinished(transcript.current()),
          {
            version: tls13,
            cipherSuite: cipherSuite.code,
            signatureScheme: signatureScheme?.code ?? 0,
            verifiedAt,
            alpnProtocol: asciiBytes(alpnProtocol ?? ""),
            ...originOf(context, cipherSuite, externalPsk, { binding, externalBinding }),
          },
          client,
          ticketCount,
        ),
    // RFC 9846 §4.4.2#not-with-external-psk
    externalPsk !== undefined || isMultiplexed(alpnProtocol) ? undefined : laterRequests(context, hello, transcript),
  );
}

/** What a session belongs to, and what it began with. */
function originOf(
  { provider }: ServerHandshakeSettings,
  { hash }: CipherSuite,
  psk: ExternalPsk | undefined,
  { binding, externalBinding }: Pick<PskSource<unknown>, "binding" | "externalBinding">,
): Pick<TicketParameters, "binding" | "externalIdentity" | "externalMark"> {
  const [own] = psk?.hashesAmong([hash]) ?? [];
  return psk === undefined || own === undefined
    ? { binding: binding(), externalIdentity: nothing, externalMark: nothing }
    : {
        binding: externalBinding(),
        externalIdentity: psk.identityFor(own),
        externalMark: psk.mark(provider, own) ?? nothing,
      };
}

const nothing = new Uint8Array(0);

/** A client that has shown who it is before the session was made, and that it is still the same by the pre-shared key. */
function resumedClient<Evidence>(client: ResumedClient<Evidence>): IdentifiedClient<Evidence> {
  const { certificate, signatureScheme } = client;
  return { peer: AuthenticatedPeer.resumed(client), certificate, signatureScheme };
}

/** RFC 9846 §4.3.6#only-if-offered: what a certificate is asked for with after the handshake, if the client may be asked. */
function laterRequests<Evidence>(
  context: ServerHandshakeSettings<Evidence>,
  hello: ClientHello,
  transcript: Transcript,
): CertificateRequests<Evidence> | undefined {
  const { clientAuthentication } = context;
  if (clientAuthentication === undefined || extensionIn(hello, postHandshakeAuth) === undefined) return undefined;
  return new CertificateRequests(context, clientAuthentication, transcript);
}

/** What is shown to a client. */
interface Certified {
  readonly credential: Credential;
  readonly signatureScheme: SignatureScheme;
}

/** What has to be there if no session is resumed. */
function checkFullHandshake(
  context: ServerHandshakeSettings,
  hello: ClientHello,
  group: NamedGroup | undefined,
  { credential, signatureScheme }: CertificateChoice,
): Certified {
  if (extensionIn(hello, supportedGroups) === undefined) throw missingExtension("supported_groups", "ClientHello");
  // RFC 9846 §4.2.1#group-in-common
  if (group === undefined) throw handshakeFailure("no_common_group", "the client offers no group that is accepted");
  const offersPsks = extensionIn(hello, offeredPsks) !== undefined;
  if (credential === undefined) {
    if (offersPsks && takesPsks(context)) {
      // RFC 9846 §4.2.1#psk-mode: known before any key is looked for.
      const hasMode = chooseMode(context, hello, true) !== undefined;
      throw hasMode
        ? pskRefused()
        : handshakeFailure("no_common_psk_mode", "the client wants no pre-shared key with a key exchange");
    }
    if (sharedSignatureSchemes(context, hello).length === 0) throw noSharedScheme();
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
  { stage, session }: SelectedSession,
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
  certificateList: readonly CertificateEntry[],
  transcript: Transcript,
): Steps<void> {
  // RFC 9846 §4.5.1#sent, §4.5.1#no-context
  transcript.add(io.send(Certificate, { certificateRequestContext: new Uint8Array(0), certificateList }));
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
  // RFC 6066 §3#acknowledged, §3#not-resumed: not when a session is resumed.
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
