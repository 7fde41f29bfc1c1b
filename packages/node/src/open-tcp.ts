import { connect, type TcpNetConnectOpts } from "node:net";
import type { Duplex } from "node:stream";
import type { TcpOptions } from "./connect.ts";
import type { SharedReading } from "./raw-stream.ts";
import { unbracketed } from "./target.ts";

/** Where a TCP connection goes, or to which Unix socket. */
export interface Place {
  readonly path?: string | null | undefined;
  readonly host?: string | null | undefined;
  readonly port: number | string | undefined;
}

/**
 * The connection below, where nobody has one already.
 * @param reading how its bytes come, where they don't come as a stream's.
 */
export function openTcp({ path, host, port }: Place, tcp: TcpOptions, reading: SharedReading | undefined): Duplex {
  // The Finished message and a first short request are two small writes: the second would wait for the peer to
  // acknowledge the first, which has no reason to hurry. Each side's end is TLS's to say.
  const onread = reading === undefined ? {} : { onread: reading.onread };
  const common = { noDelay: true, ...tcp, allowHalfOpen: true, ...onread };
  if (typeof path === "string") return connect({ ...common, path });
  // What port is none is for node:net to say.
  return connect({ ...common, host: unbracketed(host ?? "localhost"), port } as TcpNetConnectOpts);
}
