/** An HTTP server that takes early data, and answers 425 (Too Early, RFC 8470) to early requests that aren't safe. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createHttpsServer, type HttpsServer } from "@tlskit/node";
import type { ReplayGuard } from "@tlskit/sessions";
import type { CertificateWithKey } from "@tlskit/tls";

/** RFC 9110 §9.2.1: methods that ask for nothing to be done. Doing that twice does no harm. */
const safeMethods: ReadonlySet<string | undefined> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * @param guard one for all servers that share ticket keys: `new MemoryReplayGuard({ clock: Date.now })` where there is one.
 * @param handle answers requests. Those with safe methods may be replays, if their connection's handshake isn't done
 * (`request.socket.secureConnecting`): what they do besides, such as counting, may be done again.
 */
export function createCautiousServer(
  certificates: readonly CertificateWithKey[],
  guard: ReplayGuard,
  handle: RequestListener,
): HttpsServer {
  const server = createHttpsServer({ certificates, earlyData: { maxSize: 16_384, guard } }, handle);
  server.on("earlyRequest", (request: IncomingMessage, response: ServerResponse) => {
    if (safeMethods.has(request.method)) {
      handle(request, response);
      return;
    }
    // RFC 8470 §5.2: nothing was done, and the client may ask again when the handshake is done.
    request.resume();
    response.writeHead(425, { "Content-Length": 0 }).end();
  });
  return server;
}
