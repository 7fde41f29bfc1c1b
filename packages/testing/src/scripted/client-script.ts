import type { ScriptedClient } from "./client.ts";
import { RecordType } from "./peer.ts";
import { after, edits, leftOut, messageStep, type Script, step } from "./script.ts";
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
