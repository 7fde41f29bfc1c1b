import { constants } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttpsServer } from "node:https";
import * as tls from "node:tls";
import type { Implementation } from "./implementation.ts";
import { listen } from "./listen.ts";
import type { BenchPki } from "./pki.ts";

/** Node's own tls: OpenSSL in C, for comparison. */
export function nodeTls(pki: BenchPki): Implementation {
  const common = { minVersion: "TLSv1.3", ciphers: "TLS_AES_128_GCM_SHA256" } as const;
  const x25519 = { ...common, ecdhCurve: "X25519" };
  // Without tickets, as ours.
  const server = { ...x25519, cert: pki.cert, key: pki.key, secureOptions: constants.SSL_OP_NO_TICKET };
  // Made once, as ours is.
  const secureContext = tls.createSecureContext({ ...x25519, ca: pki.ca });
  const anyGroup = tls.createSecureContext({ ...common, ca: pki.ca });
  const secured = async (options: tls.ConnectionOptions) => {
    const socket = tls.connect({ servername: "localhost", ...options });
    await once(socket, "secureConnect");
    return socket;
  };
  return {
    serve: (accept) => listen(tls.createServer(server, accept)),
    serveHttps: (listener) => listen(createHttpsServer(server, listener)),
    connect: (port) => secured({ host: "127.0.0.1", port, secureContext }),
    connectOver: (raw) => secured({ socket: raw, secureContext: anyGroup }),
  };
}
