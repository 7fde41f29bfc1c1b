import {
  type EarlierIo,
  type EarlierSecrets,
  type HandshakeIo,
  tls13 as handshakeOfTls13,
  type Version,
} from "@tlskit/handshake";
import type { After } from "./after.ts";
import type { LaterHandshakes } from "./after-tls12.ts";
import type { ConnectionParts, EarlierRecords } from "./earlier-host.ts";

/** A version of TLS that a connection may come to. What isn't listed isn't bundled, but for TLS 1.3. */
export interface TlsVersion extends Version {
  /** What is different in connections before TLS 1.3, whose own lines every connection has. */
  readonly connection?: EarlierConnection | undefined;
}

/** What a connection of a version before TLS 1.3 is made of. */
export interface EarlierConnection {
  /** @internal How its records are written and read. */
  readonly records: EarlierRecords;
  /** @internal What a connection is to the handshakes of all versions before TLS 1.3. */
  host(parts: ConnectionParts): EarlierIo;
  /** @internal What may come after the handshake. */
  after(io: HandshakeIo, role: "client" | "server", secrets: EarlierSecrets, later: LaterHandshakes): After;
}

/** TLS 1.3 (RFC 9846). */
export const tls13: TlsVersion = handshakeOfTls13;
