import { constants } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as tls from "node:tls";
import type { BenchPki, Implementation } from "./implementation.ts";

const settings = { minVersion: "TLSv1.3", ecdhCurve: "X25519" } as const;

/** Node's own tls: OpenSSL in C, for comparison. */
export function nodeTls(pki: BenchPki, cipherSuite: string): Implementation {
  return {
    name: "node:tls",
    async serve(accept) {
      const server = tls.createServer(
        // Without tickets, which ours doesn't issue either.
        { cert: pki.cert, key: pki.key, ciphers: cipherSuite, secureOptions: constants.SSL_OP_NO_TICKET, ...settings },
        accept,
      );
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return { port: (server.address() as AddressInfo).port, close: () => server.close() };
    },
    async connect(port) {
      const socket = tls.connect({
        host: "127.0.0.1",
        port,
        servername: "localhost",
        ca: pki.ca,
        ciphers: cipherSuite,
        ...settings,
      });
      await once(socket, "secureConnect");
      return socket;
    },
  };
}
