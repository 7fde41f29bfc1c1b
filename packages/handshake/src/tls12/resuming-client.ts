import type { Steps } from "@tlskit/crypto";
import { Certificate, Finished, type ServerHello, Tls12NewSessionTicket } from "@tlskit/messages";
import { decode } from "@tlskit/wire";
import { attestationsOf } from "../attestations.ts";
import { AuthenticatedPeer } from "../certificate-verify.ts";
import { keepingNone } from "../client-resumption.ts";
import type { ClientStart } from "../client-start.ts";
import { Established } from "../established.ts";
import { VerifiedFinished } from "../finished.ts";
import type { HandshakeIo } from "../io.ts";
import type { ResumableSession } from "../resumable-session.ts";
import type { ClientHandshakeSettings } from "../settings.ts";
import { sessionFrom } from "./client-session.ts";
import { keyLengths } from "./key-lengths.ts";
import type { EarlierProtocol } from "./protocol.ts";
import { earlierIoOf } from "./receive.ts";
import { renegotiationState } from "./renegotiated.ts";
import { resumedMainSecret } from "./resumed-main-secret.ts";
import type { Tls12Choice } from "./server-hello.ts";

/** RFC 5246 §7.3#abbreviated, RFC 5077 §3.1, the client behind a ServerHello that resumes: the server finishes first. */
export function* resumingClient<Evidence>(
  protocol: EarlierProtocol,
  io: HandshakeIo,
  context: ClientHandshakeSettings<Evidence>,
  { offer: { hello }, transcript, earlyData }: Pick<ClientStart<Evidence>, "offer" | "transcript" | "earlyData">,
  resumable: ResumableSession<Evidence>,
  serverHello: ServerHello,
  choice: Tls12Choice,
): Steps<Established<Evidence>> {
  const { cipherSuite, alpnProtocol, encryptThenMac, announcesTicket } = choice;
  const host = earlierIoOf(io);
  const { session } = resumable;
  const main = resumedMainSecret(protocol, context, cipherSuite, session);
  context.keyLog?.(main.keyLogLine(hello.random));
  const hellos = { client: hello.random, server: serverHello.random };
  const keys = main.keyBlock(hellos, keyLengths(protocol, context.provider, cipherSuite));

  // RFC 5077 §3.3#issued
  const renewed = announcesTicket ? yield* io.receive(Tls12NewSessionTicket) : undefined;
  if (renewed !== undefined) transcript.add(renewed.bytes);
  yield* host.receiveChangeCipherSpec();
  host.installRead({ version: protocol.code, cipherSuite, keys: keys.server, encryptThenMac });
  const serverFinished = yield* io.receive(Finished);
  const finished = VerifiedFinished.verifyEarlier(serverFinished.message, main, "server", transcript.current());
  transcript.add(serverFinished.bytes);
  io.endOfFlight();

  io.changeCipherSpec(); // RFC 5246 §7.1#new-keys
  host.installWrite({ version: protocol.code, cipherSuite, keys: keys.client, encryptThenMac });
  const own = main.verifyData("client", transcript.current());
  io.send(Finished, { verifyData: own });
  const verifyData = { client: own, server: serverFinished.message.verifyData };

  const server = AuthenticatedPeer.resumed(resumable);
  const { certificateList } = decode(Certificate.body, session.certificate);
  return Established.withServer(
    server,
    finished,
    {
      version: protocol.code,
      cipherSuite,
      namedGroup: undefined,
      alpnProtocol,
      serverCertificates: certificateList.map(({ certData }) => certData),
      serverAttestations: certificateList.map(attestationsOf),
      clientCertificates: [],
      clientSignatureScheme: undefined,
      serverName: context.serverName,
      helloRetryRequest: false,
      sharedSignatureSchemes: [],
      peerExtensions: [],
      resumed: true,
      earlyData: earlyData.outcome,
      earlyDataDeclined: undefined,
    },
    {
      type: "earlier",
      exporter: main.exporter(hellos),
      extendedMainSecret: main.extended,
      secureRenegotiation: choice.secureRenegotiation,
      verifyData,
      finishedFirst: "server",
      renegotiation: renegotiationState(context, hello, choice, verifyData),
    },
    // RFC 5077 §3.3#valid-after-finished. A session without a new ticket may be resumed again by its old one.
    context.sessions?.keepingOne(context, sessionFrom(context, session, renewed?.message) ?? session) ?? keepingNone,
  );
}
