import type { CipherSuite, NamedGroup } from "@tlskit/ciphersuites";
import { hashOf, type Steps } from "@tlskit/crypto";
import { type HandshakeStage, keyLogLine, type Transcript } from "@tlskit/keyschedule";
import {
  Certificate,
  CertificateRequest,
  CertificateVerify,
  ClientHello,
  EncryptedExtensions,
  EndOfEarlyData,
  extensionCodes,
  Finished,
  HelloRetryRequest,
  type KeyShareEntry,
  ServerHello,
} from "@tlskit/messages";
import { Alert, asciiBytes, callerError, decode, decodeError, encode, peerError } from "@tlskit/wire";
import { chosenAlpnProtocol } from "../alpn.ts";
import { type Attestations, attestationsOf, checkEntries } from "../attestations.ts";
import { AuthenticatedPeer, signTranscript } from "../certificate-verify.ts";
import { keepingNone } from "../client-resumption.ts";
import type { ClientStart } from "../client-start.ts";
import type { ClientCredentialRequest } from "../credential.ts";
import { Established } from "../established.ts";
import { checkResponses, illegalParameter } from "../extension-rules.ts";
import { VerifiedFinished } from "../finished.ts";
import { handshakeStage } from "../handshake-stage.ts";
import type { HandshakeIo, Received } from "../io.ts";
import { isMultiplexed } from "../multiplexed.ts";
import { noBinding } from "../no-binding.ts";
import { disposeOf, type Offer, retryOffer } from "../offer.ts";
import { ownExtensionsIn } from "../own-extensions.ts";
import { fromPeerShare } from "../peer-key-share.ts";
import type { PeerVerifier } from "../peer-verifier.ts";
import type { ResumableSession } from "../resumable-session.ts";
import type { ClientHandshakeSettings } from "../settings.ts";
import { tls13 } from "../version.ts";
import { type ClientChoice, certificateFor, chooseForServer, readCertificateRequest } from "./certificate-request.ts";
import { checkRetry, checkServerHello, offeredShare } from "./server-hello.ts";

/** RFC 9846 §2, §4#order-sent, the client: one round trip, or two with a HelloRetryRequest. */
export function* tls13Client<Evidence>(
  io: HandshakeIo,
  context: ClientHandshakeSettings<Evidence>,
  start: ClientStart<Evidence>,
  first: Received<typeof HelloRetryRequest | typeof ServerHello>,
): Steps<Established<Evidence>> {
  const { transcript, earlyData, changeCipherSpec } = start;
  let { offer } = start;
  let answer = first;
  if (first.name === "HelloRetryRequest") {
    const { hash } = checkRetry(context, offer, first.message);
    transcript.useHash(hashOf(context.provider, hash));
    transcript.replaceClientHello1();
    transcript.add(first.bytes);
    io.endOfFlight();
    earlyData.answer(false);
    offer = yield* retryOffer(io, context, offer, first.message, hash, transcript);
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
  for (const offered of offer.psks) if (offered !== psk) offered.stage.abandon();
  const session = psk !== undefined && "resumable" in psk ? psk : undefined;
  if (session === undefined) earlyData.answer(false);
  if (!earlyData.pending) io.installWrite("handshake", cipherSuite, handshake.client);

  const encryptedExtensions = yield* io.receive(EncryptedExtensions);
  const alpnProtocol = checkEncryptedExtensions(context, offer, encryptedExtensions.message);
  transcript.add(encryptedExtensions.bytes);
  const accepted = earlyData.isAccepted(session, cipherSuite, alpnProtocol, encryptedExtensions.message);
  if (earlyData.pending && !accepted) {
    earlyData.answer(false);
    io.installWrite("handshake", cipherSuite, handshake.client);
  }
  earlyData.answer(accepted);

  // RFC 9846 §4.4.2#not-on-resumption, §4.4.2#not-with-external-psk: with a pre-shared key it is the server's Finished that
  // comes next; but with RFC 8773 §7#never-alone, which a client that asks for that insists on.
  const certified =
    psk === undefined || context.certificateWithExternalPsk
      ? yield* authenticateServer(io, context, offer, transcript)
      : undefined;

  const serverFinished = yield* io.receive(Finished);
  const finished = VerifiedFinished.verify(serverFinished.message, handshake.server, transcript.current());
  transcript.add(serverFinished.bytes);
  const server = serverOf(context, certified?.server, session?.resumable, handshake, finished);

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
  const { asked } = certified ?? {};
  const shown = asked && (yield* authenticateClient(io, context, asked, transcript));
  // RFC 9846 §4.5.1#finished-anyway
  const clientFinished = handshake.client.verifyData(transcript.current());
  transcript.add(io.send(Finished, { verifyData: clientFinished }));
  // RFC 9846 §4.5.3#next-keys
  io.installWrite("application", cipherSuite, main.client);

  const certificate = certified?.certificate ?? certificateOf(session?.resumable);
  return Established.withServer(
    server,
    finished,
    {
      version: tls13,
      cipherSuite,
      namedGroup: exchanged?.group,
      alpnProtocol,
      serverCertificates: certificate?.certificateList.map(({ certData }) => certData) ?? [],
      serverAttestations: certified?.attestations ?? certificate?.certificateList.map(attestationsOf) ?? [],
      clientCertificates: shown?.credential.certificates ?? [],
      clientSignatureScheme: shown?.signatureScheme,
      serverName: context.serverName,
      helloRetryRequest: first.name === "HelloRetryRequest",
      sharedSignatureSchemes: [],
      peerExtensions: ownExtensionsIn(encryptedExtensions.message),
      resumed: session !== undefined,
      earlyData: earlyData.outcome,
      earlyDataDeclined: undefined,
    },
    {
      type: "TLS 1.3",
      cipherSuite,
      client: main.client,
      server: main.server,
      exporter: main.exporter,
      verifyData: { client: clientFinished, server: serverFinished.message.verifyData },
    },
    context.sessions === undefined || context.certificateWithExternalPsk
      ? keepingNone
      : context.sessions.keeping(context, main.atClientFinished(transcript.current()), {
          version: tls13,
          cipherSuite: cipherSuite.code,
          signatureScheme: server.signatureScheme?.code ?? 0,
          verifiedAt: server.verifiedAt,
          serverName: asciiBytes(context.serverName ?? ""),
          alpnProtocol: asciiBytes(alpnProtocol ?? ""),
          binding: context.sessionBinding ?? noBinding,
          certificate: certificate === undefined ? nothing : encode(Certificate.body, certificate),
          externalMark: markOf(context, server, cipherSuite),
        }),
    mayBeAskedLater(server, alpnProtocol) ? context.postHandshakeAuth?.(context, transcript) : undefined,
  );
}

/** RFC 9846 §4.3.6, §4.4.2#not-with-external-psk: whether requests after the handshake are answered. */
function mayBeAskedLater({ externalPsk }: AuthenticatedPeer<unknown>, alpnProtocol: string | undefined): boolean {
  return externalPsk === undefined && !isMultiplexed(alpnProtocol);
}

const nothing = new Uint8Array(0);

/** What proves who the server is. */
function serverOf<Evidence>(
  context: ClientHandshakeSettings<Evidence>,
  certified: AuthenticatedPeer<Evidence> | undefined,
  resumable: ResumableSession<Evidence> | undefined,
  handshake: HandshakeStage,
  finished: VerifiedFinished,
): AuthenticatedPeer<Evidence> {
  if (resumable !== undefined) return AuthenticatedPeer.resumed(resumable);
  if (certified === undefined) return AuthenticatedPeer.byExternalPsk("server", handshake, finished, context.clock());
  return context.certificateWithExternalPsk ? certified.andExternalPsk("server", handshake, finished) : certified;
}

function certificateOf(resumable: ResumableSession<unknown> | undefined): Certificate | undefined {
  return resumable?.server === undefined ? undefined : decode(Certificate.body, resumable.session.certificate);
}

/** What a session is to keep of the pre-shared key from outside, if that did without a certificate. */
function markOf(
  { provider }: ClientHandshakeSettings<unknown>,
  { externalPsk }: AuthenticatedPeer<unknown>,
  { hash }: CipherSuite,
): Uint8Array {
  return externalPsk?.mark(provider, hash) ?? nothing;
}

/** How a server has shown by a certificate who it is. */
interface ServerAuthentication<Evidence> {
  readonly server: AuthenticatedPeer<Evidence>;
  readonly certificate: Certificate;
  readonly attestations: readonly Attestations[];
  /** What it asks for, if it asks for a certificate. */
  readonly asked: ClientCredentialRequest | undefined;
}

/** RFC 9846 §4.5: Certificate and CertificateVerify, and maybe a CertificateRequest before them. */
function* authenticateServer<Evidence>(
  io: HandshakeIo,
  context: ClientHandshakeSettings<Evidence>,
  offer: Offer<Evidence>,
  transcript: Transcript,
): Steps<ServerAuthentication<Evidence>> {
  let certificate = yield* io.receive(CertificateRequest, Certificate);
  let asked: ClientCredentialRequest | undefined;
  if (certificate.name === "CertificateRequest") {
    if (certificate.message.certificateRequestContext.length !== 0) {
      throw illegalParameter("certificate_request_context", "certificate_request_context is not empty in a handshake");
    }
    asked = readCertificateRequest(context, certificate.message);
    transcript.add(certificate.bytes);
    certificate = yield* io.receive(Certificate);
  }
  const attestations = checkServerCertificate(context, offer, certificate.message);
  const peer = yield* verifierOf(context)(certificate.message.certificateList);
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
  return { server, certificate: certificate.message, attestations, asked };
}

/** RFC 9846 §4.5: the client's Certificate, and CertificateVerify unless that is empty. */
function* authenticateClient(
  io: HandshakeIo,
  context: ClientHandshakeSettings<unknown>,
  asked: ClientCredentialRequest,
  transcript: Transcript,
): Steps<ClientChoice | undefined> {
  const choice = yield* chooseForServer(context, asked);
  transcript.add(io.send(Certificate, certificateFor(asked, choice)));
  if (choice !== undefined) {
    // RFC 9846 §4.5.2#sent-by-client, §4.5.2#position
    const { credential, signatureScheme } = choice;
    const signature = yield* signTranscript("client", credential, signatureScheme, transcript.current());
    transcript.add(io.send(CertificateVerify, signature));
  }
  return choice;
}

/** A ServerHello without a pre-shared key was refused where there is none. */
function verifierOf<Evidence>({ verifyPeer }: ClientHandshakeSettings<Evidence>): PeerVerifier<Evidence> {
  if (verifyPeer === undefined) throw callerError("no_authentication", "no certificate is accepted");
  return verifyPeer;
}

/** RFC 9846 §7.4: the secret that a server's key share makes. */
function* exchangeKeys(
  offer: Offer,
  share: KeyShareEntry,
): Steps<{ readonly group: NamedGroup; readonly secret: Uint8Array }> {
  const { group, keyShare } = offeredShare(offer, share.group);
  return { group, secret: yield* fromPeerShare(group, () => keyShare.finish(share.keyExchange)) };
}

/** RFC 9846 §4.4.1#forbidden-checked; RFC 7301 §3.1, RFC 9325 §3.8#not-of-list: the protocol chosen, if one was. */
function checkEncryptedExtensions(
  context: ClientHandshakeSettings<unknown>,
  offer: Offer,
  message: EncryptedExtensions,
): string | undefined {
  checkResponses("encryptedExtensions", message, extensionCodes(offer.hello), context.extensions);
  return chosenAlpnProtocol(context, message);
}

/** RFC 9846 §4.5.1. */
function checkServerCertificate(
  context: ClientHandshakeSettings<unknown>,
  offer: Offer,
  message: Certificate,
): readonly Attestations[] {
  if (message.certificateRequestContext.length !== 0) {
    throw illegalParameter("certificate_request_context", "a server's certificate_request_context is not empty");
  }
  // RFC 9846 §4.5.1.3#empty-checked: an empty Certificate from a server
  if (message.certificateList.length === 0) throw decodeError("the server sent an empty Certificate");
  return checkEntries(message.certificateList, extensionCodes(offer.hello), context.extensions);
}
