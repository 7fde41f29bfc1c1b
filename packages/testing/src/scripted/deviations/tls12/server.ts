import type { Deviation } from "../../deviation.ts";
import type { ScriptedTls12Server } from "../../tls12/server.ts";
import { tls12RecordDeviations } from "./records.ts";
import { tls12ServerAuthenticationDeviations } from "./server-authentication.ts";
import { tls12ServerFlowDeviations } from "./server-flow.ts";
import { tls12ServerHelloDeviations } from "./server-hello.ts";
import { tls12EcdheServerDeviations } from "./server-key-exchange.ts";

/** Every way in which a scripted server of TLS 1.2 with ECDHE misbehaves, or is merely unusual, in a full handshake. */
export const tls12ServerDeviations: readonly Deviation<ScriptedTls12Server>[] = [
  ...tls12ServerFlowDeviations,
  ...tls12ServerHelloDeviations,
  ...tls12EcdheServerDeviations,
  ...tls12ServerAuthenticationDeviations,
  ...tls12RecordDeviations<ScriptedTls12Server>("ServerHelloDone"),
];
