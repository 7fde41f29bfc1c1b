import type { SocketInfo } from "@tlskit/node";
import type { OurEnd } from "./ours.ts";

/** What a peer says was negotiated, in IANA's names; what it doesn't say is absent. */
export interface PeerReport {
  readonly cipherSuite?: string | undefined;
  readonly namedGroup?: string | undefined;
  readonly signatureScheme?: string | undefined;
}

/** The peer's end of one connection. */
export interface PeerEnd {
  /** Sends a text each way and waits until it has arrived, whole. */
  exchange(ours: OurEnd, text: string): Promise<void>;
  /** What it says of the connection, at the latest after an exchange. */
  report(): Promise<PeerReport>;
  /** Ends the connection from its side, if it can. */
  end?(): void;
  /** Waits until it has ended the connection, in order as far as it can tell. */
  closed(): Promise<void>;
}

/** Our own report, with those entries alone that the peer's has. */
export function sameReport(info: SocketInfo, report: PeerReport): PeerReport {
  return {
    cipherSuite: report.cipherSuite === undefined ? undefined : info.cipherSuite.name,
    namedGroup: report.namedGroup === undefined ? undefined : info.namedGroup?.name,
    signatureScheme: report.signatureScheme === undefined ? undefined : info.signatureScheme.name,
  };
}
