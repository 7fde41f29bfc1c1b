import { after, before, edits, instantStep, leftOut, messageStep, type Script, step } from "../script.ts";
import { sharedSteps } from "../shared-steps.ts";
import type { ScriptedTls12Client } from "./client.ts";
import type { ScriptedTls12Peer } from "./peer.ts";
import type { ScriptedTls12Server } from "./server.ts";

const keys = step<ScriptedTls12Peer>("keys", (peer) => peer.useKeys());

/** RFC 5246 §7.3, a server, step by step. Names are those of the messages. */
export const tls12ServerScript: Script<ScriptedTls12Server> = [
  step("receive ClientHello", (server) => server.untilReceived("client_hello")),
  messageStep("ServerHello", (server) => server.serverHello()),
  messageStep("Certificate", (server) => server.certificateMessage()),
  messageStep("ServerKeyExchange", (server) => server.serverKeyExchange()),
  messageStep("ServerHelloDone", (server) => server.serverHelloDone()),
  step("receive Finished", (server) => server.untilReceived("finished")),
  sharedSteps.changeCipherSpec,
  keys,
  messageStep("Finished", (server) => server.finished()),
  sharedSteps.data,
  sharedSteps.close,
];

/** RFC 5246 §7.4.7.1: the same where the client encrypts a secret to the certificate's key. */
export const tls12RsaServerScript: Script<ScriptedTls12Server> =
  leftOut<ScriptedTls12Server>("ServerKeyExchange")(tls12ServerScript);

/** RFC 5246 §7.4.4: the same for a client that is asked for a certificate. */
export const tls12AskingScript: Script<ScriptedTls12Server> = before<ScriptedTls12Server>(
  "ServerHelloDone",
  messageStep("CertificateRequest", (server) => server.certificateRequest()),
)(tls12ServerScript);

/** RFC 6066 §8: the same with an OCSP response. */
export const tls12StaplingScript: Script<ScriptedTls12Server> = edits<ScriptedTls12Server>(
  before(
    "ServerHello",
    instantStep("a status is going to come", (server) => {
      server.acknowledgesStatus = true;
    }),
  ),
  after(
    "Certificate",
    messageStep("CertificateStatus", (server) => server.certificateStatus()),
  ),
)(tls12ServerScript);

/** RFC 5077 §3.1: the same with a ticket. */
export const tls12TicketScript: Script<ScriptedTls12Server> = withTicket(tls12ServerScript);

/** RFC 5246 §7.3#abbreviated: the same for a session that is resumed. */
export const tls12ResumingServerScript: Script<ScriptedTls12Server> = [
  step("receive ClientHello", (server) => server.untilReceived("client_hello")),
  messageStep("ServerHello", (server) => server.serverHello()),
  instantStep("main secret", (server) => server.goOnWithSession()),
  sharedSteps.changeCipherSpec,
  keys,
  messageStep("Finished", (server) => server.finished()),
  step("receive Finished", (server) => server.untilReceived("finished")),
  sharedSteps.data,
  sharedSteps.close,
];

/** RFC 5077 §3.3: the same with a ticket for the one that it was resumed by. */
export const tls12RenewingServerScript: Script<ScriptedTls12Server> = withTicket(tls12ResumingServerScript);

function withTicket(script: Script<ScriptedTls12Server>): Script<ScriptedTls12Server> {
  return edits<ScriptedTls12Server>(
    before(
      "ServerHello",
      instantStep("a ticket is going to come", (server) => {
        server.announcesTicket = true;
      }),
    ),
    before(
      "change_cipher_spec",
      messageStep("NewSessionTicket", (server) => server.newSessionTicket()),
    ),
  )(script);
}

/** RFC 5246 §7.3, a client, step by step. Names are those of the messages. */
export const tls12ClientScript: Script<ScriptedTls12Client> = [
  messageStep("ClientHello", (client) => client.clientHello()),
  step("receive ServerHelloDone", (client) => client.untilReceived("server_hello_done")),
  messageStep("ClientKeyExchange", (client) => client.clientKeyExchange()),
  instantStep("main secret", (client) => client.useMainSecret()),
  sharedSteps.changeCipherSpec,
  keys,
  messageStep("Finished", (client) => client.finished()),
  step("receive Finished", (client) => client.untilReceived("finished")),
  sharedSteps.data,
  sharedSteps.close,
];

/** RFC 5246 §7.4.6: the same for a server that asks for a certificate. */
export const tls12AuthenticatingScript: Script<ScriptedTls12Client> = edits<ScriptedTls12Client>(
  before(
    "ClientKeyExchange",
    messageStep("Certificate", (client) => client.certificateMessage()),
  ),
  before(
    "change_cipher_spec",
    messageStep("CertificateVerify", (client) => client.certificateVerify()),
  ),
)(tls12ClientScript);

/** RFC 5246 §7.3#abbreviated: the same for a session that the server resumes. */
export const tls12ResumingClientScript: Script<ScriptedTls12Client> = [
  messageStep("ClientHello", (client) => client.clientHello()),
  step("receive Finished", (client) => client.untilReceived("finished")),
  sharedSteps.changeCipherSpec,
  keys,
  messageStep("Finished", (client) => client.finished()),
  sharedSteps.data,
  sharedSteps.close,
];
