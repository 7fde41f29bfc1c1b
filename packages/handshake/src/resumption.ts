import type { SignatureScheme } from "@tlskit/ciphersuites";
import type { Steps } from "@tlskit/crypto";
import type { Certificate, NewSessionTicket } from "@tlskit/messages";
import type { HandshakeIo } from "./io.ts";

/** What a client has shown, and what its CertificateVerify was signed with. */
export interface ClientIdentity {
  readonly certificate: Certificate;
  readonly signatureScheme: SignatureScheme | undefined;
}

/** What of a connection lets another one resume it: what a client makes of tickets, and a server's making of them. */
export interface Resumption {
  /**
   * At a client: keeps the session that a ticket makes, if it is one to be kept.
   * @throws {TlsError} for a ticket that no server may send
   */
  keep(ticket: NewSessionTicket): void;
  /**
   * At a server: sends the tickets that the client gets. A host runs this once, when the handshake is done, beside all else:
   * it may wait for a store. A client has none to send.
   */
  issue(io: HandshakeIo): Steps<void>;
  /**
   * At a server: the client has shown who it is after the handshake. One more ticket is due, and all that are made from
   * here on are for this client (RFC 9846 §4.7.1).
   */
  identified(client: ClientIdentity): void;
  /**
   * RFC 5246 §7.2.2#session-forgotten, before TLS 1.3: a fatal alert has ended the connection, so that its session isn't to be
   * resumed any more. Nothing waits for a store.
   */
  failed?(): void;
}
