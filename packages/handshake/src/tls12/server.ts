import type { SignatureScheme } from "@tlskit/ciphersuites";
import type { Steps } from "@tlskit/crypto";
import { externalPskOf, Transcript } from "@tlskit/keyschedule";
import {
  applicationLayerProtocolNegotiation,
  CertificateStatusType,
  type ClientHello,
  type Extension,
  ecPointFormats,
  encryptThenMac,
  extendedMainSecret,
  extension,
  extensionIn,
  Finished,
  renegotiationInfo,
  ServerHello,
  ServerHelloDone,
  serverNameAcknowledged,
  sessionTicket,
  signedCertificateTimestamps,
  statusAcknowledged,
  Tls12Certificate,
  Tls12CertificateRequest,
  Tls12CertificateStatus,
  Tls12NewSessionTicket,
} from "@tlskit/messages";
import { asciiBytes, callerError } from "@tlskit/wire";
import { type Attestations, askedByClient, attestationsOf, certificateEntries } from "../attestations.ts";
import { AuthenticatedPeer, signContent } from "../certificate-verify.ts";
import { downgradedRandom } from "../downgrade.ts";
import { Established } from "../established.ts";
import { VerifiedFinished } from "../finished.ts";
import type { HandshakeIo, Received } from "../io.ts";
import { bindingOf } from "../psk-selection.ts";
import { chooseAlpnProtocol, sharedSignatureSchemes } from "../server-choices.ts";
import { hostNameOf } from "../server-name.ts";
import type { ServerHandshakeSettings } from "../settings.ts";
import { settingsFor } from "../settings-for.ts";
import { earlierWith } from "../versions.ts";
import { certificateRequest, receiveClientCertificate, verifyClient } from "./client-certificate.ts";
import { checkClientHello, offersSecureRenegotiation } from "./client-hello.ts";
import { GivenSession } from "./given-session.ts";
import { keyLengths } from "./key-lengths.ts";
import type { EarlierProtocol } from "./protocol.ts";
import { earlierIoOf } from "./receive.ts";
import { receiveFinishedUnderPsk } from "./receive-finished.ts";
import { resumingServer } from "./resuming-server.ts";
import { choose } from "./server-choices.ts";
import { certificateOfSession, findSession } from "./server-session.ts";
import { signedParams } from "./signed-params.ts";

/** RFC 5246 §7.3, §7.4#order, the server: two round trips. */
export function* tls12Server<Evidence>(
  protocol: EarlierProtocol,
  io: HandshakeIo,
  settings: ServerHandshakeSettings<Evidence>,
  { message: hello, bytes }: Received<typeof ClientHello>,
): Steps<Established<Evidence>> {
  const host = earlierIoOf(io);
  host.begin(protocol.code);
  checkClientHello(hello);
  const context = yield* settingsFor(settings, hello, bytes, protocol.code);
  const { cipherSuites, keyExchanges } = earlierWith(context.versions, protocol.code);
  const suites = cipherSuites(context.provider);
  const choice = yield* choose(protocol, context, suites, keyExchanges, hello);
  const { exchange, certified } = choice;
  const credential = certified?.credential;
  const session = yield* findSession(protocol, context, suites, hello, credential);
  const cipherSuite = session?.cipherSuite ?? choice.cipherSuite;
  const alpnProtocol = yield* chooseAlpnProtocol(context, hello);
  const isExtended = extensionIn(hello, extendedMainSecret) !== undefined;
  // RFC 7366 §3#cbc-alone, §2#both-sides: with block ciphers, wherever the client has it.
  const isEncryptThenMac = cipherSuite.protection.type === "CBC" && extensionIn(hello, encryptThenMac) !== undefined;
  const transcript = new Transcript();
  transcript.useHash(protocol.transcriptHash(context.provider, cipherSuite));
  transcript.add(bytes);

  // RFC 9846 §4.2.3#downgrade-sentinel-sent, RFC 5246 §7.4.1.3#random
  const serverRandom = downgradedRandom(context.random(32), protocol.code, settings.versions);
  const [leaf] = credential === undefined ? [] : certificateEntries(credential, askedByClient(hello));
  // RFC 6066 §1.1#resumed: not where a session is resumed.
  const attestations = session === undefined && leaf ? attestationsOf(leaf) : undefined;
  const given = session ? GivenSession.again(context, hello, session.named) : GivenSession.fresh(context, hello);
  const hellos = { client: hello.random, server: serverRandom };
  transcript.add(
    io.send(ServerHello, {
      legacyVersion: protocol.code, // RFC 9846 §4.3.1#older-version-answer
      random: serverRandom,
      legacySessionIdEcho: given.identifier,
      cipherSuite: cipherSuite.code,
      legacyCompressionMethod: 0,
      extensions: answers(context, hello, {
        alpnProtocol,
        isEncryptThenMac,
        announcesTicket: given.announcesTicket,
        resumes: session !== undefined,
        attestations,
      }),
    }),
  );
  if (session !== undefined) {
    const settled = { hellos, alpnProtocol, encryptThenMac: isEncryptThenMac, given };
    return yield* resumingServer(protocol, io, context, hello, session, settled, transcript);
  }
  // RFC 5246 §7.4.2#sent, RFC 4279 §2
  if (credential !== undefined) {
    transcript.add(io.send(Tls12Certificate, { certificateList: credential.certificates }));
  }
  // RFC 6066 §8#announced
  if (attestations?.ocspResponse !== undefined) {
    const { ocspResponse: response } = attestations;
    transcript.add(io.send(Tls12CertificateStatus, { statusType: CertificateStatusType.ocsp, response }));
  }
  const keyExchange = yield* exchange.begin(credential);
  const { announcement } = keyExchange;
  // What was signed with, if something was.
  let signatureScheme: SignatureScheme | undefined;
  if (announcement?.params !== undefined) {
    if (certified === undefined)
      throw callerError("unsupported_choice", "there is no key to sign the key exchange with");
    const content = signedParams(hello, { random: serverRandom }, announcement.params);
    const signature = yield* signContent(certified.credential, certified.algorithm, content);
    signatureScheme = certified.signatureScheme;
    transcript.add(announcement.send(io, { algorithm: signatureScheme.code, signature }));
  } else if (announcement !== undefined) transcript.add(announcement.send(io));
  const { clientAuthentication } = context;
  // There is no later than this: nobody is asked behind the handshake. RFC 4279 §2: nor with a suite without certificates.
  const asked = credential === undefined || clientAuthentication?.demand === "later" ? undefined : clientAuthentication;
  if (asked !== undefined)
    transcript.add(io.send(Tls12CertificateRequest, certificateRequest(protocol, context, asked)));
  transcript.add(io.send(ServerHelloDone, null));
  io.endOfFlight();

  const shown = asked && (yield* receiveClientCertificate(io, asked, transcript));
  const { bytes: received, secret: preliminary, group } = yield* keyExchange.receive(io);
  transcript.add(received);
  // RFC 7627 §3, §5.1#derived, §5.2#derived-without: the hash of everything up to here.
  const prf = protocol.prf(context.provider, cipherSuite);
  const main = isExtended
    ? preliminary.extendedMainSecret(prf, transcript.current())
    : preliminary.mainSecret(prf, hellos);
  context.keyLog?.(main.keyLogLine(hello.random));
  const keys = main.keyBlock(hellos, keyLengths(protocol, context.provider, cipherSuite));

  const client = shown && (yield* verifyClient(protocol, io, context, shown, transcript));
  yield* host.receiveChangeCipherSpec();
  host.installRead({
    version: protocol.code,
    cipherSuite,
    keys: keys.client,
    encryptThenMac: isEncryptThenMac,
  });
  const usesPsk = externalPskOf(main) !== undefined;
  const clientFinished = yield* usesPsk ? receiveFinishedUnderPsk(io) : io.receive(Finished);
  const finished = VerifiedFinished.verifyEarlier(clientFinished.message, main, "client", transcript.current());
  transcript.add(clientFinished.bytes);
  io.endOfFlight();

  const verifiedAt = context.clock();
  const externalPsk = usesPsk
    ? AuthenticatedPeer.byExternalPsk("client", main, finished, verifiedAt).externalPsk
    : undefined;
  // RFC 5077 §3.3#issued, §3.3#finished-first
  const ticket = yield* given.made(protocol, {
    cipherSuite: cipherSuite.code,
    signatureScheme: signatureScheme?.code ?? 0,
    secret: main.dangerouslyExpose(),
    extendedMainSecret: main.extended,
    verifiedAt,
    alpnProtocol: asciiBytes(alpnProtocol ?? ""),
    binding: bindingOf(context, cipherSuite, hello, credential),
    externalPsk,
    certificate: certificateOfSession(shown?.certificates ?? []),
    clientSignatureScheme: client?.signatureScheme?.code ?? 0,
  });
  if (ticket !== undefined) transcript.add(io.send(Tls12NewSessionTicket, ticket));
  io.changeCipherSpec(); // RFC 5246 §7.1#new-keys
  host.installWrite({
    version: protocol.code,
    cipherSuite,
    keys: keys.server,
    encryptThenMac: isEncryptThenMac,
  });
  const verifyData = main.verifyData("server", transcript.current());
  transcript.add(io.send(Finished, { verifyData }));

  return Established.withClient(
    client,
    finished,
    {
      version: protocol.code,
      cipherSuite,
      namedGroup: group,
      signatureScheme,
      externalPsk,
      alpnProtocol,
      serverCertificates: credential?.certificates ?? [],
      serverAttestations: credential?.certificates.map((_, index) => (index === 0 ? (attestations ?? {}) : {})) ?? [],
      clientCertificates: shown?.certificates ?? [],
      clientSignatureScheme: client?.signatureScheme,
      serverName: hostNameOf(hello),
      helloRetryRequest: false,
      sharedSignatureSchemes: sharedSignatureSchemes(context, hello),
      peerExtensions: [],
      resumed: false,
      verifiedAt,
      earlyData: undefined,
      earlyDataDeclined: undefined,
    },
    {
      type: "earlier",
      exporter: main.exporter(hellos),
      extendedMainSecret: main.extended,
      secureRenegotiation: offersSecureRenegotiation(hello),
      verifyData: { client: clientFinished.message.verifyData, server: verifyData },
      finishedFirst: "client",
    },
    given,
  );
}

/** What the answers depend on. */
interface Answered {
  readonly alpnProtocol: string | undefined;
  readonly isEncryptThenMac: boolean;
  readonly announcesTicket: boolean;
  readonly resumes: boolean;
  readonly attestations: Attestations | undefined;
}

/** RFC 5246 §7.4.1.4#extensions-sent, §7.4.1.4.1#not-sent: the answers to what the client asked; nothing where it asked nothing. */
function answers(
  context: ServerHandshakeSettings,
  hello: ClientHello,
  { alpnProtocol, isEncryptThenMac, announcesTicket, resumes, attestations }: Answered,
): readonly Extension[] | undefined {
  const { ocspResponse, signedCertificateTimestamps: timestamps = [] } = attestations ?? {};
  // RFC 6066 §3#not-resumed
  const acknowledgesName = !resumes && context.acknowledgeServerName && hostNameOf(hello) !== undefined;
  const extensions = [
    ...(acknowledgesName ? [extension(serverNameAcknowledged, null)] : []),
    // RFC 6066 §8, RFC 6962 §3.3.1: of the first certificate alone
    ...(ocspResponse === undefined ? [] : [extension(statusAcknowledged, null)]),
    ...(timestamps.length === 0 ? [] : [extension(signedCertificateTimestamps, timestamps)]),
    // RFC 8422 §5.2#uncompressed
    ...(extensionIn(hello, ecPointFormats) === undefined ? [] : [extension(ecPointFormats, Uint8Array.of(0))]),
    ...(alpnProtocol === undefined ? [] : [extension(applicationLayerProtocolNegotiation, [asciiBytes(alpnProtocol)])]),
    ...(isEncryptThenMac ? [extension(encryptThenMac, null)] : []),
    // RFC 5077 §3.2#announced, §3.2#not-unasked
    ...(announcesTicket ? [extension(sessionTicket, new Uint8Array(0))] : []),
    // RFC 7627 §5.2#answered, §5.2#not-unasked, §5.3#answered
    ...(extensionIn(hello, extendedMainSecret) === undefined ? [] : [extension(extendedMainSecret, null)]),
    // RFC 5746 §3.6#sent, §3.6#nothing-else-unasked, §4.3#minimum
    ...(offersSecureRenegotiation(hello) ? [extension(renegotiationInfo, new Uint8Array(0))] : []),
  ];
  return extensions.length === 0 ? undefined : extensions;
}
