import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { lingerTime, maxLingerBytes } from "./limits.ts";

/** What a connection runs over: any Duplex. What else a socket of `node:net` has is used where it is there. */
export type RawStream = Duplex &
  Partial<
    Pick<
      Socket,
      | "address"
      | "connecting"
      | "localAddress"
      | "localFamily"
      | "localPort"
      | "pending"
      | "ref"
      | "remoteAddress"
      | "remoteFamily"
      | "remotePort"
      | "setKeepAlive"
      | "setNoDelay"
      | "unref"
    >
  >;

/**
 * Ends a raw stream so that the peer gets what was written to it last: waits, within limits, for the peer to hang up,
 * and throws away what still comes.
 */
export function linger(raw: Duplex): void {
  if (raw.destroyed) return;
  let discarded = 0;
  const timer = setTimeout(() => raw.destroy(), lingerTime);
  raw.on("data", (bytes: Uint8Array) => {
    discarded += bytes.length;
    if (discarded > maxLingerBytes) raw.destroy();
  });
  raw.once("close", () => clearTimeout(timer));
  // A stream that doesn't destroy itself at its end is destroyed here.
  const done = (): void => {
    if (raw.readableEnded && raw.writableFinished) raw.destroy();
  };
  raw.once("end", done);
  raw.once("finish", done);
  raw.end();
  raw.resume();
  done();
}
