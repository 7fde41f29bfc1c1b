import type { SocketInfo } from "@tlskit/node";

/** What a peer says was negotiated, in IANA's names; what it doesn't say is absent. */
export interface PeerReport {
  readonly cipherSuite?: string | undefined;
  readonly namedGroup?: string | undefined;
  readonly signatureScheme?: string | undefined;
}

/** A pre-shared key, as programs take it. */
export interface NamedKey {
  readonly name: string;
  /** In hexadecimal digits. */
  readonly key: string;
}

/** What a peer's end needs of ours, to exchange data with it. */
export interface OurSide {
  send(text: string): void;
  /** As many characters as `text` has, which must be those of it. */
  receive(text: string): Promise<void>;
}

/** The peer's end of one connection. */
export interface PeerEnd {
  /** Sends a text each way and waits until it has arrived, whole. */
  exchange(ours: OurSide, text: string): Promise<void>;
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
    signatureScheme: report.signatureScheme === undefined ? undefined : info.signatureScheme?.name,
  };
}
