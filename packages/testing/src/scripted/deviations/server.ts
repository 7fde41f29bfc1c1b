import { HandshakeType } from "@tlskit/messages";
import type { Deviation } from "../deviation.ts";
import type { ScriptedServer } from "../server.ts";
import { alertDeviations } from "./alerts.ts";
import { postHandshakeDeviations } from "./post-handshake.ts";
import { recordDeviations } from "./records.ts";
import { serverAttestationDeviations } from "./server-attestations.ts";
import { serverAuthenticationDeviations } from "./server-authentication.ts";
import { serverFlowDeviations } from "./server-flow.ts";
import { serverHelloDeviations } from "./server-hello.ts";
import { serverRetryDeviations } from "./server-retry.ts";
import { ticketDeviations } from "./tickets.ts";

type Server = ScriptedServer;

/** Every way in which a scripted server misbehaves, or is merely unusual: what a client has to make of it. */
export const serverDeviations: readonly Deviation<Server>[] = [
  ...serverFlowDeviations,
  ...serverHelloDeviations,
  ...serverRetryDeviations,
  ...serverAuthenticationDeviations,
  ...serverAttestationDeviations,
  ...recordDeviations<Server>("EncryptedExtensions", "Finished"),
  ...alertDeviations<Server>("EncryptedExtensions"),
  ...postHandshakeDeviations<Server>([HandshakeType.newSessionTicket]),
  ...ticketDeviations,
];
