import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as tls from "node:tls";
import { type Signer, signerFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import type { KeyServerEvent } from "@tlskit/keyless";
import {
  clientsNamed,
  KeyClient,
  type KeyClientOptions,
  KeyListener,
  type KeyListenerOptions,
  type KeyServerAddress,
} from "@tlskit/keyless-node";
import { createServer, type SecureServer } from "@tlskit/node";
import type { ServerOptions } from "@tlskit/tls";
import { toPem, type VerifiedChain } from "@tlskit/x509";
import { Authority, type Certified, random } from "./authority.ts";

/** Who certifies key servers and frontends, to each other alone. */
export const inside = new Authority("Inside");
/** Who certifies web servers, to everybody. */
export const outside = new Authority("Outside");
export const www: Certified = outside.certify("www.example");
export const wwwSigner: Signer = signerFor(nodeProvider, www.key, random);
const keyServer = inside.certify("key-server.internal");
export const frontend: Certified = inside.certify("frontend.internal", { purposes: ["clientAuth"] });

export const credentials = ({ chain, key }: Certified) => ({ cert: chain, key, ca: inside.anchors });

export interface Listening {
  readonly listener: KeyListener;
  readonly address: KeyServerAddress;
  readonly events: KeyServerEvent<VerifiedChain>[];
  readonly failures: string[];
}

/** Milliseconds. */
const patience = 20_000;

const codeOf = (error: Error): string => ("code" in error ? String(error.code) : error.message);

/** A key server with the key `www` for `frontend.internal`. */
export async function keyListener(options: Partial<KeyListenerOptions> = {}): Promise<Listening> {
  const [events, failures]: [KeyServerEvent<VerifiedChain>[], string[]] = [[], []];
  const listener = new KeyListener({
    ...credentials(keyServer),
    signatureTimeout: patience,
    keys: { www: { signer: wwwSigner, mayUse: clientsNamed("frontend.internal") } },
    told: (event) => events.push(event),
    failed: (error) => failures.push(codeOf(error)),
    ...options,
  });
  const { port } = await listener.listen(0, "127.0.0.1");
  return { listener, address: addressOf(port), events, failures };
}

export const addressOf = (port: number): KeyServerAddress => ({
  host: "127.0.0.1",
  port,
  servername: "key-server.internal",
});

export function keyClient(
  servers: readonly KeyServerAddress[],
  options: Partial<KeyClientOptions> = {},
): { readonly client: KeyClient; readonly failures: string[] } {
  const failures: string[] = [];
  const client = new KeyClient({
    ...credentials(frontend),
    servers,
    // Nothing is to fail because a machine is slow.
    ...{ connectTimeout: patience, answerTimeout: patience, timeLimit: 3 * patience },
    failed: (error) => failures.push(codeOf(error)),
    ...options,
  });
  return { client, failures };
}

/** A TLS server whose key is elsewhere; it says what became of each handshake. */
export async function webServer(
  key: Signer,
  {
    chain = www.chain,
    versions,
  }: { readonly chain?: Certified["chain"]; readonly versions?: ServerOptions["versions"] } = {},
): Promise<{ readonly server: SecureServer; readonly port: number; readonly failures: string[] }> {
  const failures: string[] = [];
  const server = createServer({ certificates: [{ chain, key }], tickets: false, versions }, (socket) => socket.end());
  server.on("tlsClientError", (error: Error) => failures.push(codeOf(error)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port, failures };
}

const ca = toPem("CERTIFICATE", outside.certificate.der);

/** A handshake by Node's own TLS: nothing, if it ended well, or the code of the error. */
export function handshake(port: number, options: tls.ConnectionOptions = {}): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = tls.connect({
      host: "127.0.0.1",
      port,
      servername: "www.example",
      ca,
      minVersion: "TLSv1.3",
      ...options,
    });
    socket.on("error", (error) => resolve(codeOf(error)));
    socket.on("secureConnect", () => {
      resolve(undefined);
      socket.destroy();
    });
  });
}
