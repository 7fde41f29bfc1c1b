import type { Version } from "@tlskit/handshake";
import { AfterTls12 } from "./after-tls12.ts";
import { EarlierHost, type EarlierRecords } from "./earlier-host.ts";
import type { TlsVersion } from "./version.ts";

/** A version before TLS 1.3 that a connection may come to: its handshake, and how its records are written and read. */
export function withRecords(handshake: Version, records: EarlierRecords): TlsVersion {
  return {
    ...handshake,
    connection: {
      records,
      host: (parts) => new EarlierHost(parts),
      after: (io, role, secrets, later) => new AfterTls12(io, role, secrets, later),
    },
  };
}
