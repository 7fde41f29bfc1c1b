/** What the cases are given: whom they can connect to on this machine, all of whom certify themselves for `localhost`. */
export interface Given {
  /** In PEM: who certified the servers. */
  readonly authority: string;
  /** In PEM: certificate and key of a client that those servers know who ask for one. */
  readonly client: { readonly certificates: string; readonly key: string };
  /** What its subject is. */
  readonly clientName: string;
  readonly ports: {
    /** `openssl s_server`, which sends each line back in reverse; or why there is none. */
    readonly openssl: number | string;
    /** `node:tls`: says how many bytes have come when there come no more, and their sum. */
    readonly counting: number;
    /** `node:tls`: sends a MiB at once, of which each byte is its place modulo 251, and its end behind that. */
    readonly sending: number;
    /** `@tlskit/node`: asks for a certificate, and says whose it was and whether a session was resumed. */
    readonly naming: number;
    /** Goes over to TLS by `node:tls` when it is told STARTTLS, and is an echo then; it injects data if it is told so. */
    readonly starttls: number;
    /** Ends the TCP connection when the handshake is done. */
    readonly cutting: number;
    /** Joins two connections that begin with the same bytes. */
    readonly joining: number;
    /** Nobody listens there. */
    readonly closed: number;
    /** PostgreSQL, or why there is none. */
    readonly postgres: number | string;
  };
}
