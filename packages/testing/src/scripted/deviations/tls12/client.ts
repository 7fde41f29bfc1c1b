import type { Deviation } from "../../deviation.ts";
import type { ScriptedTls12Client } from "../../tls12/client.ts";
import { tls12ClientFlowDeviations } from "./client-flow.ts";
import { tls12ClientHelloDeviations } from "./client-hello.ts";
import { tls12EcdheClientDeviations } from "./client-key-exchange.ts";
import { tls12RecordDeviations } from "./records.ts";

/** Every way in which a scripted client of TLS 1.2 with ECDHE misbehaves, or is merely unusual, in a full handshake. */
export const tls12ClientDeviations: readonly Deviation<ScriptedTls12Client>[] = [
  ...tls12ClientFlowDeviations,
  ...tls12ClientHelloDeviations,
  ...tls12EcdheClientDeviations,
  ...tls12RecordDeviations<ScriptedTls12Client>("ClientKeyExchange"),
];
