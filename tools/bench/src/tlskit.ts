import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type CipherSuite, x25519 } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { connect, createClientContext, createServer } from "@tlskit/node";
import type { BenchPki, Implementation } from "./implementation.ts";

/** Ours, with a provider. */
export function tlskit(pki: BenchPki, provider: CryptoProvider, cipherSuite: CipherSuite): Implementation {
  const choices = { provider, cipherSuites: [cipherSuite], namedGroups: [x25519] };
  const context = createClientContext({ ...choices, ca: pki.ca });
  return {
    name: `tlskit (${provider.name})`,
    async serve(accept) {
      const server = createServer({ ...choices, cert: pki.cert, key: pki.key }, accept);
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return { port: (server.address() as AddressInfo).port, close: () => server.close() };
    },
    async connect(port) {
      const socket = connect({ host: "127.0.0.1", port, servername: "localhost", context });
      await once(socket, "secureConnect");
      return socket;
    },
  };
}
