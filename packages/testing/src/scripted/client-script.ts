import type { ScriptedClient } from "./client.ts";
import { messageStep, type Script, step } from "./script.ts";
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
