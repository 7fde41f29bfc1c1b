import { text } from "node:stream/consumers";
import { clientIdentity, type Identity, identity } from "@tlskit/interop/certificates";
import { scratchFile } from "@tlskit/interop/scratch";
import {
  bytes,
  digest,
  type ServerInput,
  type ServerPorts,
  type Shown,
  type WebClientInput,
  type WebPorts,
} from "../programs/web.ts";
import { endedOver, type Outcomes, runProgram, startProgram, timeOfProgram } from "./run-program.ts";
import type { Way } from "./ways.ts";

export const server: Identity = identity("P-256");
export const alice: Identity = clientIdentity("alice");

const expired = identity("P-256", "under P-256", { expired: true });
const misnamed = identity("P-256", "under P-256", { dnsNames: ["other.example"] });

/** A file, and what its length and digest are. */
export const large: string = scratchFile("large", await text(bytes(5_000_000)));
export const digestOfLarge: string = await digest(bytes(5_000_000));

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
  const [line] = await program.waitForLine(/^\{"ports":.*\}$/, 0, timeOfProgram);
  // The program prints what it is declared to print.
  const { ports } = JSON.parse(line) as { readonly ports: Ports };
  const stop = async (): Promise<void> => {
    program.endInput();
    await endedOver(way, program);
  };
  return { ports, stop };
}

/**
 * Runs a client of `web-server.ts`.
 * @param nginx where an nginx is that it talks to instead.
 */
export async function runWebClient(file: string, way: Way, ports: WebPorts, nginx?: number): Promise<Outcomes> {
  const input: WebClientInput = { ports, nginx, ca: server.rootPem, otherCa: alice.rootPem, alice: shown(alice) };
  return await runProgram(file, way, input);
}

function shown({ chainPem, keyPem }: Identity): Shown {
  return { cert: chainPem, key: keyPem };
}
