import { clientIdentity, type Identity, identity } from "@tlskit/interop/certificates";
import type { ServerInput, ServerPorts, Shown, WebClientInput, WebPorts } from "../programs/web.ts";
import { type Outcomes, runProgram, startProgram } from "./run-program.ts";
import type { Way } from "./ways.ts";

export const server: Identity = identity("P-256");
export const alice: Identity = clientIdentity("alice");

const expired = identity("P-256", "under P-256", { expired: true });
const misnamed = identity("P-256", "under P-256", { dnsNames: ["other.example"] });

/** Starts a server, which lives until all programs are stopped. */
export async function startServer<Ports extends ServerPorts>(file: string, way: Way): Promise<Ports> {
  const input: ServerInput = {
    ...shown(server),
    expired: shown(expired),
    misnamed: shown(misnamed),
    clients: alice.rootPem,
  };
  const [line] = await startProgram(file, way, input).waitForLine(/^\{.*\}$/);
  // The program prints what it is declared to print.
  return JSON.parse(line) as Ports;
}

/** Runs a client of `web-server.ts`. */
export async function runWebClient(file: string, way: Way, ports: WebPorts): Promise<Outcomes> {
  const input: WebClientInput = { ports, ca: server.rootPem, otherCa: alice.rootPem, alice: shown(alice) };
  return await runProgram(file, way, input);
}

function shown({ chainPem, keyPem }: Identity): Shown {
  return { cert: chainPem, key: keyPem };
}
