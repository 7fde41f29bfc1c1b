import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** RFC 8470 §5.2: the request hasn't been processed, and may be sent again when the handshake is done. */
export function refuseEarly(request: IncomingMessage, response: ServerResponse): true {
  request.resume();
  response.writeHead(425, { "Content-Length": 0 }).end();
  return true;
}

/** The same for what isn't answered by a response of Node's. */
export function refuseEarlyUpgrade(socket: Duplex): true {
  socket.end("HTTP/1.1 425 Too Early\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  return true;
}
