import { type Steps, wait } from "@tlskit/crypto";
import type { HelloRandoms, Transcript } from "@tlskit/keyschedule";
import { Certificate, type ClientHello, Finished, Tls12NewSessionTicket } from "@tlskit/messages";
import { decode } from "@tlskit/wire";
import { AuthenticatedPeer } from "../certificate-verify.ts";
import { Established } from "../established.ts";
import { VerifiedFinished } from "../finished.ts";
import type { HandshakeIo } from "../io.ts";
import { sharedSignatureSchemes } from "../server-choices.ts";
import { hostNameOf } from "../server-name.ts";
import type { ServerHandshakeSettings } from "../settings.ts";
import { offersSecureRenegotiation } from "./client-hello.ts";
import type { GivenSession } from "./given-session.ts";
import { keyLengths } from "./key-lengths.ts";
import type { EarlierProtocol } from "./protocol.ts";
import { earlierIoOf } from "./receive.ts";
import { resumedMainSecret } from "./resumed-main-secret.ts";
import type { FoundSession } from "./server-session.ts";

/** What the ServerHello has said. */
interface Settled {
  readonly hellos: HelloRandoms;
  readonly alpnProtocol: string | undefined;
  readonly encryptThenMac: boolean;
  readonly given: GivenSession;
}

/** RFC 5246 §7.3#abbreviated, RFC 5077 §3.1, the server behind a ServerHello that resumes: it finishes first. */
export function* resumingServer<Evidence>(
  protocol: EarlierProtocol,
  io: HandshakeIo,
  context: ServerHandshakeSettings<Evidence>,
  hello: ClientHello,
  { session, cipherSuite, signatureScheme, credential, client: shownBy, externalPsk }: FoundSession<Evidence>,
  { hellos, alpnProtocol, encryptThenMac, given }: Settled,
  transcript: Transcript,
): Steps<Established<Evidence>> {
  const host = earlierIoOf(io);
  const main = resumedMainSecret(protocol, context, cipherSuite, session);
  context.keyLog?.(main.keyLogLine(hello.random));
  const keys = main.keyBlock(hellos, keyLengths(protocol, context.provider, cipherSuite));

  // RFC 5077 §3.3#issued, §3.3#only-announced; it is as old as the one that it replaces.
  const ticket = given.announcesTicket ? yield* given.made(protocol, { ...session, externalPsk }) : undefined;
  if (ticket !== undefined) transcript.add(io.send(Tls12NewSessionTicket, ticket));
  io.changeCipherSpec(); // RFC 5246 §7.1#new-keys
  host.installWrite({ version: protocol.code, cipherSuite, keys: keys.server, encryptThenMac });
  const verifyData = main.verifyData("server", transcript.current());
  transcript.add(io.send(Finished, { verifyData }));
  io.endOfFlight();

  yield* host.receiveChangeCipherSpec();
  host.installRead({ version: protocol.code, cipherSuite, keys: keys.client, encryptThenMac });
  const clientFinished = yield* io.receive(Finished);
  const finished = VerifiedFinished.verifyEarlier(clientFinished.message, main, "client", transcript.current());
  io.endOfFlight();
  // The application is asked about nobody who has only seen the ticket or the identifier go by.
  if (shownBy !== undefined) yield* wait(shownBy.peer.admit?.());
  const client = shownBy && AuthenticatedPeer.resumed(shownBy);
  const shown = session.certificate.length === 0 ? [] : decode(Certificate.body, session.certificate).certificateList;

  return Established.withClient(
    client,
    finished,
    {
      version: protocol.code,
      cipherSuite,
      namedGroup: undefined,
      signatureScheme,
      externalPsk,
      alpnProtocol,
      serverCertificates: credential?.certificates ?? [],
      serverAttestations: credential?.certificates.map(() => ({})) ?? [],
      clientCertificates: shown.map(({ certData }) => certData),
      clientSignatureScheme: client?.signatureScheme,
      serverName: hostNameOf(hello),
      helloRetryRequest: false,
      sharedSignatureSchemes: sharedSignatureSchemes(context, hello),
      peerExtensions: [],
      resumed: true,
      verifiedAt: session.verifiedAt,
      earlyData: undefined,
      earlyDataDeclined: undefined,
    },
    {
      type: "earlier",
      exporter: main.exporter(hellos),
      extendedMainSecret: main.extended,
      secureRenegotiation: offersSecureRenegotiation(hello),
      verifyData: { client: clientFinished.message.verifyData, server: verifyData },
      finishedFirst: "server",
    },
    given,
  );
}
