import { after, before, edits, leftOut, messageStep, type Script, step } from "./script.ts";
import type { ScriptedServer } from "./server.ts";
import { sharedSteps } from "./shared-steps.ts";

/** RFC 9846 §2, a server, step by step. Names are those of the messages. */
export const serverScript: Script<ScriptedServer> = [
  step("receive ClientHello", (server) => server.untilReceived("client_hello")),
  messageStep("ServerHello", (server) => server.serverHello()),
  sharedSteps.changeCipherSpec,
  step("handshake keys", (server) => server.useHandshakeKeys()),
  messageStep("EncryptedExtensions", (server) => server.encryptedExtensions()),
  messageStep("Certificate", (server) => server.certificateMessage()),
  messageStep("CertificateVerify", (server) => server.certificateVerify()),
  messageStep("Finished", (server) => server.finished()),
  step("application keys", (server) => server.useApplicationKeys()),
  step("receive Finished", (server) => server.untilReceived("finished")),
  sharedSteps.data,
  sharedSteps.close,
];

/** RFC 9846 §4.4.2: the same for a client that is asked for a certificate. */
export const askingScript: Script<ScriptedServer> = before<ScriptedServer>(
  "Certificate",
  messageStep("CertificateRequest", (server) => server.certificateRequest()),
)(serverScript);

/** RFC 9846 §4.7.2: the same for a client that is asked after the handshake. */
export const laterAskingScript: Script<ScriptedServer> = after<ScriptedServer>(
  "receive Finished",
  messageStep("later CertificateRequest", (server) => server.certificateRequest(Uint8Array.of(1, 2, 3))),
  step("receive the answer", (server) => server.untilReceived("finished", 2)),
)(serverScript);

/** RFC 9846 §2.2: the same for a session that is resumed. */
export const resumingScript: Script<ScriptedServer> = edits<ScriptedServer>(
  leftOut("Certificate"),
  leftOut("CertificateVerify"),
)(serverScript);
