import { clientIdentity, type Identity, identity } from "@tlskit/interop/certificates";
import type { ServerInput, ServerPorts, Shown, WebClientInput, WebPorts } from "../programs/web.ts";
import { endedOver, type Outcomes, runProgram, startProgram } from "./run-program.ts";
import type { Way } from "./ways.ts";

export const server: Identity = identity("P-256");
export const alice: Identity = clientIdentity("alice");

const expired = identity("P-256", "under P-256", { expired: true });
const misnamed = identity("P-256", "under P-256", { dnsNames: ["other.example"] });

/** A server that runs. */
export interface RunningServer<Ports> {
  readonly ports: Ports;
  /** Fails if it spoke TLS by another way than it was to. */
  readonly stop: () => Promise<void>;
}

/** Starts a server. */
export async function startServer<Ports extends ServerPorts = ServerPorts>(
  file: string,
  way: Way,
): Promise<RunningServer<Ports>> {
  const input: ServerInput = {
    ...shown(server),
    expired: shown(expired),
    misnamed: shown(misnamed),
    clients: alice.rootPem,
  };
  const program = startProgram(file, way, input);
  const [line] = await program.waitForLine(/^\{"ports":.*\}$/);
  // The program prints what it is declared to print.
  const { ports } = JSON.parse(line) as { readonly ports: Ports };
  const stop = async (): Promise<void> => {
    program.endInput();
    await endedOver(way, program);
  };
  return { ports, stop };
}

/** Runs a client of `web-server.ts`. */
export async function runWebClient(file: string, way: Way, ports: WebPorts): Promise<Outcomes> {
  const input: WebClientInput = { ports, ca: server.rootPem, otherCa: alice.rootPem, alice: shown(alice) };
  return await runProgram(file, way, input);
}

function shown({ chainPem, keyPem }: Identity): Shown {
  return { cert: chainPem, key: keyPem };
}
