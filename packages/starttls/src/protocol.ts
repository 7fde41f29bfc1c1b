import type { Dialogue } from "./dialogue.ts";

/** A protocol that begins in the clear and goes over to TLS. */
export interface Protocol {
  /** As `openssl s_client -starttls` has it: `smtp`. */
  readonly name: string;
  /** Where the specification is. */
  readonly specification: string;
  /** The port where it begins in the clear. */
  readonly port: number;
  /** A client's part: what it says and hears until TLS begins with its ClientHello. */
  readonly client: (names: ClientNames) => Dialogue;
  /** A server's part, for protocols in which it is small. */
  readonly server?: (names: ServerNames) => Dialogue;
}

/** What a client says in the clear of who is who. */
export interface ClientNames {
  /** The server's name, which some protocols say: letters, digits, `-`, `.`, `_`, or an address. */
  readonly host: string;
  /** How the client calls itself: its name, or an address in brackets. `[127.0.0.1]` unless told otherwise, which says nothing. */
  readonly clientName?: string | undefined;
}

/** What a server says of itself. */
export interface ServerNames {
  /** Its name. */
  readonly host: string;
}
