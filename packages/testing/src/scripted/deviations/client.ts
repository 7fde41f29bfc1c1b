import type { ScriptedClient } from "../client.ts";
import type { Deviation } from "../deviation.ts";
import { alertDeviations } from "./alerts.ts";
import { clientFlowDeviations } from "./client-flow.ts";
import { clientHelloDeviations } from "./client-hello.ts";
import { clientRetryDeviations } from "./client-retry.ts";
import { postHandshakeDeviations } from "./post-handshake.ts";
import { recordDeviations } from "./records.ts";

/** Every way in which a scripted client misbehaves, or is merely unusual: what a server has to make of it. */
export const clientDeviations: readonly Deviation<ScriptedClient>[] = [
  ...clientFlowDeviations,
  ...clientHelloDeviations,
  ...clientRetryDeviations,
  ...recordDeviations<ScriptedClient>("Finished", "Finished"),
  ...alertDeviations<ScriptedClient>("Finished"),
  ...postHandshakeDeviations<ScriptedClient>([]),
];
