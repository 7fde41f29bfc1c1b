import type { Duplex } from "node:stream";
import type { TlsSocket } from "./tls-socket.ts";

/** What `node:net` tells of the addresses that it tries for a name, one after the other (RFC 8305). */
const events = ["lookup", "connectionAttempt", "connectionAttemptFailed", "connectionAttemptTimeout"] as const;
const attempted = "autoSelectFamilyAttemptedAddresses";

/** Has a socket tell what the one below tells of the addresses that it tries. */
export function tellAttempts(raw: Duplex, socket: TlsSocket): void {
  for (const event of events) {
    raw.on(event, (...told: readonly unknown[]) => {
      // A list that node:net goes on adding to; types say that only it may set it.
      Reflect.set(socket, attempted, Reflect.get(raw, attempted));
      socket.emit(event, ...told);
    });
  }
}
