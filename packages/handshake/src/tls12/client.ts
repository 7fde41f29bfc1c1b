import { isAnonymous, type Tls12CipherSuite } from "@tlskit/ciphersuites";
import type { Steps } from "@tlskit/crypto";
import { externalPskOf, type MainSecret } from "@tlskit/keyschedule";
import {
  Certificate,
  type CertificateEntry,
  type CertificateStatus,
  CertificateVerify,
  certificateStatus,
  extension,
  Finished,
  type MessageType,
  type ServerHello,
  ServerHelloDone,
  signedCertificateTimestamps,
  Tls12Certificate,
  Tls12CertificateRequest,
  Tls12CertificateStatus,
  Tls12NewSessionTicket,
} from "@tlskit/messages";
import { asciiBytes, callerError, decodeError, encode } from "@tlskit/wire";
import { attestationsOf } from "../attestations.ts";
import { AuthenticatedPeer, signContent } from "../certificate-verify.ts";
import { keepingNone } from "../client-resumption.ts";
import type { ClientStart } from "../client-start.ts";
import { type EarlierSecrets, Established } from "../established.ts";
import { illegalParameter } from "../extension-rules.ts";
import { VerifiedFinished } from "../finished.ts";
import type { HandshakeIo, Received } from "../io.ts";
import { noBinding } from "../no-binding.ts";
import { disposeOf } from "../offer.ts";
import type { TrustedPeer } from "../peer-verifier.ts";
import { handshakeFailure } from "../server-choices.ts";
import type { ClientHandshakeSettings } from "../settings.ts";
import { certificateKeyOf } from "./certificate-key.ts";
import { chooseForServer } from "./client-certificate.ts";
import { sessionFrom } from "./client-session.ts";
import { mayBeInCertificate } from "./groups.ts";
import { type KeyExchangeMethod, methodOf } from "./key-exchange.ts";
import { keyLengths } from "./key-lengths.ts";
import type { EarlierProtocol } from "./protocol.ts";
import { earlierIoOf } from "./receive.ts";
import { checkSameCertificates, checkSamePsk, renegotiationState } from "./renegotiated.ts";
import { resumingClient } from "./resuming-client.ts";
import { checkServerHello } from "./server-hello.ts";
import { signedParams } from "./signed-params.ts";
import { withoutCertificates } from "./without-certificates.ts";

const endOfServerHello = [Tls12CertificateRequest, ServerHelloDone] as const;

/** RFC 5246 §7.3, §7.4#order, the client: two round trips. */
export function* tls12Client<Evidence>(
  protocol: EarlierProtocol,
  suites: readonly Tls12CipherSuite[],
  methods: readonly KeyExchangeMethod[],
  io: HandshakeIo,
  context: ClientHandshakeSettings<Evidence>,
  { offer, transcript, earlyData }: ClientStart<Evidence>,
  { message: serverHello, bytes }: Received<typeof ServerHello>,
): Steps<Established<Evidence>> {
  const host = earlierIoOf(io);
  host.begin(protocol.code);
  const { hello } = offer;
  // What was prepared for TLS 1.3 is of no use.
  disposeOf(offer.keyShares);
  for (const { stage } of offer.psks) stage.abandon();
  const choice = checkServerHello(protocol, context, suites, offer, serverHello);
  const { cipherSuite, alpnProtocol, encryptThenMac } = choice;
  transcript.useHash(protocol.transcriptHash(context.provider, cipherSuite));
  transcript.add(bytes);
  // RFC 5246 §7.4.1.3#full-handshake: or it goes on as if none had been offered.
  const { earlierSession } = offer;
  if (choice.resumes && earlierSession !== undefined) {
    const start = { offer, transcript, earlyData };
    return yield* resumingClient(protocol, io, context, start, earlierSession, serverHello, choice);
  }
  const method = methodOf(methods, cipherSuite);

  // RFC 4279 §2: who has a suite without a certificate shows none, and asks for none.
  const showsCertificate = cipherSuite.certificateKey !== undefined;
  const certificate = showsCertificate ? yield* io.receive(Tls12Certificate) : undefined;
  if (certificate !== undefined) transcript.add(certificate.bytes);
  const { certificateList } = certificate?.message ?? { certificateList: [] };
  if (showsCertificate && certificateList.length === 0) throw decodeError("the server sent an empty Certificate");
  checkSameCertificates(context, certificateList);

  // RFC 6066 §8#announced: a server that acknowledges the wish may leave it at that.
  const mayShowStatus = showsCertificate && choice.mayShowStatus;
  const beyond = behindCertificate(method);
  let next = yield* io.receive(...(mayShowStatus ? [Tls12CertificateStatus] : []), ...beyond);
  let status: CertificateStatus | undefined;
  if (next.name === "CertificateStatus") {
    status = next.message;
    transcript.add(next.bytes);
    next = yield* io.receive(...beyond);
  }
  const entries = entriesOf(certificateList, status, choice.timestamps);
  const attestations = entries.map(attestationsOf);
  const peer = showsCertificate ? yield* verifyCertificate(context, cipherSuite, entries) : undefined;
  const announced = next.name === "ServerKeyExchange" ? next : undefined;
  const keyExchange = method.client({ context, hello, peer }, announced?.message);
  let signer: AuthenticatedPeer<Evidence> | undefined;
  if (announced !== undefined) {
    transcript.add(announced.bytes);
    const signed = method.serverMessage?.signed?.(announced.message);
    signer =
      peer &&
      signed &&
      (yield* AuthenticatedPeer.verifySignature(
        "ServerKeyExchange",
        peer,
        protocol.signatures.named(signed.signedParams, peer.keyType),
        protocol.signatures.schemes(context.signatureSchemes),
        protocol.signatures.algorithm,
        signedParams(hello, serverHello, signed.params),
        context.clock(),
      ));
    next = yield* io.receive(...endOfServerHello);
  }

  let request: Tls12CertificateRequest | undefined;
  if (next.name === "CertificateRequest") {
    // RFC 5246 §7.4.4, RFC 4279 §2
    if (!showsCertificate) {
      throw handshakeFailure("request_without_certificate", "the server asks for a certificate and shows none itself");
    }
    request = next.message;
    transcript.add(next.bytes);
    next = yield* io.receive(ServerHelloDone);
  }
  transcript.add(next.bytes);
  io.endOfFlight();

  // RFC 5246 §7.4.6#empty, §7.3#certificate-sent, §7.4.7#position, RFC 8422 §3#empty, §3#no-verify: whoever is asked and has no certificate shows none, and then there is no CertificateVerify.
  const own = request && (yield* chooseForServer(protocol, context, request));
  const clientCertificates = own?.credential.certificates ?? [];
  if (request !== undefined) transcript.add(io.send(Tls12Certificate, { certificateList: clientCertificates }));
  const { bytes: sent, secret: preliminary, group } = yield* keyExchange.send(io);
  transcript.add(sent);
  const hellos = { client: hello.random, server: serverHello.random };
  // RFC 7627 §3, §5.1#derived, §5.2#derived-without: the hash of everything up to here.
  const prf = protocol.prf(context.provider, cipherSuite);
  const main = choice.extendedMainSecret
    ? preliminary.extendedMainSecret(prf, transcript.current())
    : preliminary.mainSecret(prf, hellos);
  context.keyLog?.(main.keyLogLine(hello.random));
  const keys = main.keyBlock(hellos, keyLengths(protocol, context.provider, cipherSuite));

  if (own !== undefined) {
    // RFC 5246 §7.4.8#position: it signs the messages themselves.
    const { credential, signatureScheme, algorithm } = own;
    const signed = yield* signContent(credential, algorithm, transcript.messages());
    transcript.add(io.send(CertificateVerify, { algorithm: signatureScheme.code, signature: signed }));
  }
  io.changeCipherSpec(); // RFC 5246 §7.1#new-keys
  host.installWrite({ version: protocol.code, cipherSuite, keys: keys.client, encryptThenMac });
  const ownFinished = main.verifyData("client", transcript.current());
  transcript.add(io.send(Finished, { verifyData: ownFinished }));

  // RFC 5077 §3.3#issued
  const newTicket = choice.announcesTicket ? yield* io.receive(Tls12NewSessionTicket) : undefined;
  if (newTicket !== undefined) transcript.add(newTicket.bytes);
  yield* host.receiveChangeCipherSpec();
  host.installRead({ version: protocol.code, cipherSuite, keys: keys.server, encryptThenMac });
  const serverFinished = yield* io.receive(Finished);
  const finished = VerifiedFinished.verifyEarlier(serverFinished.message, main, "server", transcript.current());
  transcript.add(serverFinished.bytes);
  io.endOfFlight();
  const negotiated = {
    version: protocol.code,
    cipherSuite,
    namedGroup: group,
    alpnProtocol,
    serverCertificates: certificateList,
    serverAttestations: attestations,
    clientCertificates,
    clientSignatureScheme: own?.signatureScheme,
    serverName: context.serverName,
    helloRetryRequest: false,
    sharedSignatureSchemes: [],
    peerExtensions: [],
    resumed: false,
    earlyData: earlyData.outcome,
    earlyDataDeclined: undefined,
  };
  const verifyData = { client: ownFinished, server: serverFinished.message.verifyData };
  const secrets: EarlierSecrets = {
    type: "earlier",
    exporter: main.exporter(hellos),
    extendedMainSecret: main.extended,
    secureRenegotiation: choice.secureRenegotiation,
    verifyData,
    finishedFirst: "client",
    renegotiation: renegotiationState(context, hello, choice, verifyData),
  };
  // RFC 5246 §A.5#anonymous
  if (context.dangerouslyAnonymous === true && isAnonymous(cipherSuite)) {
    return Established.dangerouslyWithAnybody(finished, negotiated, secrets, keepingNone);
  }
  const server = signer ?? (yield* authenticated(cipherSuite, peer, main, finished, context.clock()));
  checkSamePsk(context, server);

  // RFC 7627 §5.3#session-without
  const session =
    (main.extended || context.dangerousResumptionWithoutExtendedMainSecret) &&
    sessionFrom(
      context,
      {
        version: protocol.code,
        cipherSuite: cipherSuite.code,
        signatureScheme: server.signatureScheme?.code ?? 0,
        secret: main.dangerouslyExpose(),
        extendedMainSecret: main.extended,
        sessionId: serverHello.legacySessionIdEcho,
        verifiedAt: server.verifiedAt,
        serverName: asciiBytes(context.serverName ?? ""),
        alpnProtocol: asciiBytes(alpnProtocol ?? ""),
        binding: context.sessionBinding ?? noBinding,
        certificate: encode(Certificate.body, {
          certificateRequestContext: new Uint8Array(0),
          certificateList: entries,
        }),
        externalMark: server.externalPsk?.mark(context.provider, cipherSuite.hash) ?? new Uint8Array(0),
      },
      newTicket?.message,
    );
  // RFC 5077 §3.3#valid-after-finished
  const resumption = (session ? context.sessions?.keepingOne(context, session) : undefined) ?? keepingNone;
  return Established.withServer(server, finished, negotiated, secrets, resumption);
}

/** What the server shows, as TLS 1.3 has it: what it says of its first certificate stands beside that. */
function entriesOf(
  certificates: readonly Uint8Array[],
  status: CertificateStatus | undefined,
  timestamps: readonly Uint8Array[] | undefined,
): readonly CertificateEntry[] {
  const beside = [
    ...(status === undefined ? [] : [extension(certificateStatus, status)]),
    ...(timestamps === undefined ? [] : [extension(signedCertificateTimestamps, timestamps)]),
  ];
  return certificates.map((certData, index) => ({ certData, extensions: index === 0 ? beside : [] }));
}

/** What may come behind the server's certificate. */
function behindCertificate({
  serverMessage,
}: KeyExchangeMethod): readonly ((typeof endOfServerHello)[number] | MessageType<unknown, "ServerKeyExchange">)[] {
  if (serverMessage === undefined) return endOfServerHello;
  return serverMessage.isOptional ? [serverMessage.type, ...endOfServerHello] : [serverMessage.type];
}

function* verifyCertificate<Evidence>(
  context: ClientHandshakeSettings<Evidence>,
  cipherSuite: Tls12CipherSuite,
  entries: readonly CertificateEntry[],
): Steps<TrustedPeer<Evidence>> {
  if (context.verifyPeer === undefined) throw withoutCertificates();
  // RFC 5246 §7.4.2#rsa-encryption: a certificate may be for key exchanges without a signature alone.
  const peer = yield* context.verifyPeer(entries, decrypts(cipherSuite) ? "decrypt" : "sign");
  checkKeyType(context, cipherSuite, peer);
  return peer;
}

/** Whether the server shows by decrypting that it has its certificate's key. */
function decrypts({ keyExchange }: Tls12CipherSuite): boolean {
  return keyExchange === "RSA" || keyExchange === "RSA_PSK";
}

/** Who the server is where it has signed nothing: who has decrypted, or has the pre-shared key, or both (RFC 4279 §4). */
function* authenticated<Evidence>(
  cipherSuite: Tls12CipherSuite,
  peer: TrustedPeer<Evidence> | undefined,
  main: MainSecret,
  finished: VerifiedFinished,
  now: number,
): Steps<AuthenticatedPeer<Evidence>> {
  if (peer === undefined) return AuthenticatedPeer.byExternalPsk("server", main, finished, now);
  // With any other a certificate shows nothing without a signature.
  if (!decrypts(cipherSuite)) {
    throw callerError(
      "no_proof",
      `with ${cipherSuite.name} nothing has shown that the server has its certificate's key`,
    );
  }
  const decrypting = yield* AuthenticatedPeer.byDecryption(peer, main, finished, now);
  return externalPskOf(main) === undefined ? decrypting : decrypting.andExternalPsk("server", main, finished);
}

/** RFC 8422 §5.3, RFC 5246 §7.4.2, §7.4.5#checked: the certificate's key is of the suite's kind, and on a curve that was offered. */
function checkKeyType(
  { namedGroups }: ClientHandshakeSettings<unknown>,
  { name, certificateKey }: Tls12CipherSuite,
  { keyType }: TrustedPeer<unknown>,
): void {
  if (certificateKeyOf(keyType) !== certificateKey) {
    throw illegalParameter(
      "certificate_key_type",
      `the certificate's key is ${keyType}, which ${name} doesn't go with`,
    );
  }
  if (
    !mayBeInCertificate(
      keyType,
      namedGroups.map(({ code }) => code),
    )
  ) {
    throw illegalParameter("certificate_curve", `the certificate's key is on ${keyType}, which was not offered`);
  }
}
