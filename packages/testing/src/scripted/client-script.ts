import type { ScriptedClient } from "./client.ts";
import { RecordType } from "./peer.ts";
import { after, before, edits, instantStep, leftOut, messageStep, type Script, step } from "./script.ts";
import { scriptedEarlyData } from "./session.ts";
import { sharedSteps } from "./shared-steps.ts";

/** RFC 9846 §2, a client, step by step. Names are those of the messages. */
export const clientScript: Script<ScriptedClient> = [
  messageStep("ClientHello", (client) => client.clientHello()),
  step("receive ServerHello", (client) => client.untilReceived("server_hello")),
  sharedSteps.changeCipherSpec,
  step("handshake keys", (client) => client.useHandshakeKeys()),
  step("receive Finished", (client) => client.untilReceived("finished")),
  messageStep("Finished", (client) => client.finished()),
  step("application keys", (client) => client.useApplicationKeys()),
  sharedSteps.data,
  sharedSteps.close,
];

/** RFC 9846 §4.5: the same for a server that asks for a certificate. */
export const authenticatingScript: Script<ScriptedClient> = before<ScriptedClient>(
  "Finished",
  messageStep("Certificate", (client) => client.certificateMessage()),
  messageStep("CertificateVerify", (client) => client.certificateVerify()),
)(clientScript);

/** RFC 9846 §4.7.2: the same for a server that asks twice after the handshake; the first of its requests is answered. */
export const laterAuthenticatingScript: Script<ScriptedClient> = after<ScriptedClient>(
  "application keys",
  step("receive CertificateRequest", (client) => client.untilReceived("certificate_request", 2)),
  instantStep("answer", (client) => client.answer(0)),
  messageStep("later Certificate", (client) => client.certificateMessage()),
  messageStep("later CertificateVerify", (client) => client.certificateVerify()),
  messageStep("later Finished", (client) => client.finished()),
)(clientScript);

/** RFC 9846 §2.3: the same with early data, which ends if the server has accepted it. */
export const earlyDataScript: Script<ScriptedClient> = edits<ScriptedClient>(
  leftOut("change_cipher_spec"),
  leftOut("handshake keys"),
  after(
    "ClientHello",
    sharedSteps.changeCipherSpec,
    step("early keys", (client) => client.useEarlyKeys()),
    step("early data", (client) => client.record(RecordType.applicationData, scriptedEarlyData)),
  ),
  after(
    "receive Finished",
    step("EndOfEarlyData", function* (client) {
      if (client.earlyDataAccepted) client.queue(client.endOfEarlyData());
      yield* client.flush();
    }),
    step("handshake keys", (client) => client.useHandshakeKeys()),
  ),
)(clientScript);
