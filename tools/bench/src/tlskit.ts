import { once } from "node:events";
import { TLS_AES_128_GCM_SHA256, x25519 } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { type ConnectOptions, connect, createClientContext, createHttpsServer, createServer } from "@tlskit/node";
import type { Implementation } from "./implementation.ts";
import { listen } from "./listen.ts";
import type { BenchPki } from "./pki.ts";

/** Ours, with a provider. */
export function tlskit(pki: BenchPki, provider: CryptoProvider): Implementation {
  const cipherSuites = [TLS_AES_128_GCM_SHA256];
  const choices = { provider, cipherSuites, namedGroups: [x25519] };
  const server = { ...choices, cert: pki.cert, key: pki.key, tickets: false };
  const context = createClientContext({ ...choices, ca: pki.ca });
  const anyGroup = createClientContext({ provider, cipherSuites, ca: pki.ca });
  const secured = async (options: ConnectOptions) => {
    const socket = connect({ servername: "localhost", ...options });
    await once(socket, "secureConnect");
    return socket;
  };
  return {
    serve: (accept) => listen(createServer(server, accept)),
    serveHttps: (listener) => listen(createHttpsServer(server, listener)),
    connect: (port) => secured({ host: "127.0.0.1", port, context }),
    connectOver: (raw) => secured({ socket: raw, context: anyGroup }),
  };
}
