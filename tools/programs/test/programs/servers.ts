import { once } from "node:events";
import type { ServerOptions } from "node:https";
import type { AddressInfo, Server } from "node:net";
import type { TLSSocket } from "node:tls";
import { input } from "./cases.ts";
import type { ServerInput, ServerPorts } from "./web.ts";

/** What every request has, by whatever protocol it came. */
export interface Requested {
  readonly httpVersion: string;
  /** HTTP/2 shows what stands for a TLSSocket. */
  readonly socket: object;
}

/** As a server that takes everybody, and knows some: with the certificates that it is given. */
export function tlsOptions(): ServerOptions {
  const { cert, key, clients } = input<ServerInput>();
  return { cert, key, ca: clients, requestCert: true, rejectUnauthorized: false };
}

export function hello(request: Requested): string {
  return `hello by HTTP/${request.httpVersion} over ${tlsOf(request).getProtocol()}`;
}

/** Who the client is, and whether that was verified. */
export function who(request: Requested): string {
  const tls = tlsOf(request);
  return `${tls.getPeerCertificate().subject?.CN} ${tls.authorized} ${tls.authorizationError ?? ""}`;
}

export function tlsOf({ socket }: Requested): TLSSocket {
  return socket as TLSSocket;
}

/** Lets a server listen on this machine. */
export async function portOf(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Tells the test where the servers are. They serve until the test has nothing more to say. */
export function printPorts<Ports extends ServerPorts = ServerPorts>(ports: Ports): void {
  console.log(JSON.stringify({ ports }));
  process.stdin.once("end", () => process.exit()).resume();
}
