import { clientIdentity, type Identity, identity } from "@tlskit/interop/certificates";
import type { Shown, WebClientInput, WebPorts, WebServerInput } from "../programs/web.ts";
import { type Outcomes, runProgram, startProgram } from "./run-program.ts";
import type { Way } from "./ways.ts";

export const server: Identity = identity("P-256");
export const alice: Identity = clientIdentity("alice");

const expired = identity("P-256", "under P-256", { expired: true });
const misnamed = identity("P-256", "under P-256", { dnsNames: ["other.example"] });

/** What `web-server.ts` is told. */
export const webServerInput: WebServerInput = {
  good: shown(server),
  expired: shown(expired),
  misnamed: shown(misnamed),
  clients: alice.rootPem,
};

/** Starts `web-server.ts`, which lives until all programs are stopped. */
export async function startWebServer(way: Way): Promise<WebPorts> {
  const program = startProgram("web-server.ts", way, webServerInput);
  const [line] = await program.waitForLine(/^\{.*\}$/);
  return JSON.parse(line);
}

/** Runs a client of `web-server.ts`. */
export async function runWebClient(file: string, way: Way, ports: WebPorts): Promise<Outcomes> {
  const input: WebClientInput = { ports, ca: server.rootPem, otherCa: alice.rootPem, alice: shown(alice) };
  return await runProgram(file, way, input);
}

function shown({ chainPem, keyPem }: Identity): Shown {
  return { cert: chainPem, key: keyPem };
}
