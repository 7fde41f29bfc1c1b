import type { ServerResponse } from "node:http";

/**
 * RFC 9112 §9.6: whoever says `Connection: close` closes the connection behind that response. Behind the last one that
 * `maxRequestsPerSocket` allows, node:http says so and leaves the closing to the client, or to the time for idle ones.
 */
export function closeBehindLast(response: ServerResponse): void {
  // Not documented; in a Node without it connections are closed later.
  if (Reflect.get(response, "maxRequestsOnConnectionReached") === true) response.shouldKeepAlive = false;
}
