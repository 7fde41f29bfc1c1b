import { type RequestListener, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** Answers a request for a WebSocket that isn't to become one. */
export function refuse(socket: Duplex, status: number): void {
  const words = STATUS_CODES[status] ?? "";
  socket.once("finish", () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${words}`,
      "Connection: close",
      "Content-Type: text/plain",
      `Content-Length: ${words.length}`,
      "",
      words,
    ].join("\r\n"),
  );
}

/** Answers whatever isn't a request for a WebSocket (RFC 9110 §15.5.22). */
export const upgradeRequired: RequestListener = (_request, response) => {
  response.writeHead(426, { connection: "close", "content-type": "text/plain", upgrade: "websocket" });
  response.end("Upgrade Required");
};
