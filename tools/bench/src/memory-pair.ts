import { TLS_AES_128_GCM_SHA256, x25519 } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import {
  ClientContext,
  type ClientOptions,
  resumption,
  ServerContext,
  TlsClient,
  TlsServer,
  TrustAnchors,
} from "@tlskit/tls";
import type { BenchCertificates } from "./pki.ts";
import { random } from "./random.ts";

/** Both ends of a connection, wired to each other. */
export interface MemoryPair {
  readonly client: TlsClient;
  readonly server: TlsServer;
}

/** Makes an established connection. What comes to the client it hands to `received`; the server sends everything back. */
export type ConnectInMemory = (received?: (data: Uint8Array) => void) => MemoryPair;

/** Makes connections in memory, without sockets; what comes is established. */
export function memoryPairs(
  provider: CryptoProvider,
  { ca, leaf, key }: BenchCertificates,
  ofClient: Pick<ClientOptions, "verifiedSignatures"> = {},
): ConnectInMemory {
  const common = {
    provider,
    random,
    clock: Date.now,
    cipherSuites: [TLS_AES_128_GCM_SHA256],
    namedGroups: [x25519],
  };
  const clientContext = new ClientContext({ resumption, ...common, ...ofClient, anchors: TrustAnchors.of([ca]) });
  const serverContext = new ServerContext({ ...common, certificates: [{ chain: [leaf], key }] });
  const nothing = (): void => undefined;
  return (received = nothing) => {
    const client: TlsClient = new TlsClient(
      clientContext,
      { host: "localhost" },
      { ciphertext: (bytes) => server.receive(bytes), plaintext: received, closed: nothing },
    );
    const server: TlsServer = new TlsServer(serverContext, {
      ciphertext: (bytes) => client.receive(bytes),
      plaintext: (data) => server.send(data),
      closed: nothing,
    });
    server.start();
    client.start();
    if (client.info === undefined || server.info === undefined) throw new Error("the handshake wasn't done at once");
    return { client, server };
  };
}
