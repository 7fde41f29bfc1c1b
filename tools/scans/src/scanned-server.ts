import type { CheckName, ScanTarget, Transport } from "@tlskit/scan";
import type { TrustAnchors } from "@tlskit/x509";

/** A server that is to be scanned, and what of the table of findings is true of it. */
export interface ScannedServer {
  /** What it is, for people: `nginx as Mozilla recommends it`. */
  readonly name: string;
  /** Ids of all findings that it has: neither more nor less is to be found. */
  readonly findings: readonly string[];
  /** The checks that are made, those that it is about: all of them unless told otherwise. */
  readonly checks?: readonly CheckName[] | undefined;
  /** Checks that come to nothing, since it doesn't do as much as they need: what rests on them can't be judged. */
  readonly checksInVain?: readonly CheckName[] | undefined;
  /** Findings that can't be judged although their checks come to something: one that is looked for in vain. */
  readonly unclear?: readonly string[] | undefined;
  /** Connections at once: fewer for one that serves one after the other, to which another would seem silent. */
  readonly maxConnections?: number | undefined;
  /** Days that lie between two scans, the second of which is told of the first: one alone unless told otherwise. */
  readonly daysBetweenScans?: number | undefined;
  /** Starts it; once for all that is asserted. */
  start(): Promise<RunningServer> | RunningServer;
}

/** One that waits for connections. */
export interface RunningServer {
  readonly target: ScanTarget;
  readonly anchors: TrustAnchors;
  /** The roots that browsers trust: Mozilla's unless told otherwise. */
  readonly publicRoots?: TrustAnchors | undefined;
  /** By TCP unless told otherwise. */
  readonly transport?: Transport | undefined;
  stop(): Promise<void> | void;
}

/** One on a port of this machine. */
export function onPort(port: number, anchors: TrustAnchors, stop: () => Promise<void> | void): RunningServer {
  return { target: { host: "localhost", port, address: "127.0.0.1" }, anchors, stop };
}
