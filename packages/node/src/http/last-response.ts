import type { Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/**
 * RFC 9112 §9.6: nothing behind the last request of a connection is processed. node:http would answer each with 503,
 * and a client that goes on asking keeps it busy with that.
 */
export function passOverWhatFollows(server: Server): void {
  server.on("dropRequest", (_request, socket: Duplex) => {
    socket.removeAllListeners("data");
    socket.resume();
  });
}

/**
 * RFC 9112 §9.6: whoever says `Connection: close` closes the connection behind that response. Behind the last one that
 * `maxRequestsPerSocket` allows, node:http says so and leaves the closing to the client, or to the time for idle ones.
 */
export function closeBehindLast(response: ServerResponse): void {
  // Not documented; in a Node without it connections are closed later.
  if (Reflect.get(response, "maxRequestsOnConnectionReached") === true) response.shouldKeepAlive = false;
}
