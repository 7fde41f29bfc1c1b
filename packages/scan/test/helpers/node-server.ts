import { Duplex } from "node:stream";
import { createSecureContext, type SecureContextOptions, TLSSocket } from "node:tls";
import { privateKeyToPem, toPem } from "@tlskit/x509";
import type { ByteStream } from "../../src/transport.ts";
import { rawConnection, sharedPki } from "./in-memory-server.ts";

/**
 * A connection to a server of Node's TLSSocket, in memory: OpenSSL's, which lets clients renegotiate there, without the limit that
 * is of Node's servers on sockets.
 */
export function connectionToNode(options: SecureContextOptions): ByteStream {
  const { chain, key } = sharedPki().certificateOf("P-256");
  const cert = chain.map(({ der }) => toPem("CERTIFICATE", der)).join("");
  const secureContext = createSecureContext({ cert, key: privateKeyToPem(key), ...options });
  return rawConnection(({ readable, writable }) => {
    const socket = new TLSSocket(Duplex.fromWeb({ readable, writable }), { isServer: true, secureContext });
    // What ends a connection is for the client to find out.
    socket.on("error", () => socket.destroy());
    socket.resume();
  });
}
