import { type BlockList, isIPv6 } from "node:net";
import { callerError } from "@tlskit/tls";
import type { RawStream } from "./raw-stream.ts";
import type { TlsSocket } from "./tls-socket.ts";

/** Whether the peer's address is in a list. What has no address is in none. */
export function isBlocked({ remoteAddress }: RawStream, blockList: BlockList): boolean {
  return remoteAddress !== undefined && blockList.check(remoteAddress, isIPv6(remoteAddress) ? "ipv6" : "ipv4");
}

/**
 * Ends a socket whose raw one has come to a blocked address, before anything is sent. Newer versions of Node don't even
 * connect; older ones have no such option for clients, and would drop it.
 */
export function refuseBlocked(raw: RawStream, blockList: BlockList, socket: TlsSocket): void {
  const check = (): void => {
    if (isBlocked(raw, blockList)) {
      socket.destroy(callerError("ERR_IP_BLOCKED", `blockList has the address ${raw.remoteAddress}`));
    }
  };
  if (raw.connecting === true) raw.prependOnceListener("connect", check);
  else check();
}
