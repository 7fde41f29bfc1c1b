import type { Protocol } from "@tlskit/starttls";

/** What is scanned: one server, at one address. */
export interface ScanTarget {
  /** The name that the server has to prove, which it is told (SNI), unless this is an address. */
  readonly host: string;
  readonly port: number;
  /** Where to connect to; `host` unless told otherwise. */
  readonly address?: string | undefined;
  /** What goes before TLS, where the protocol begins in the clear. */
  readonly startTls?: Protocol | undefined;
}
