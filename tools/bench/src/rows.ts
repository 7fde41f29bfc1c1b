import type { Row } from "./row.ts";
import { aead } from "./rows/aead.ts";
import { bulk } from "./rows/bulk.ts";
import { certificates } from "./rows/certificates.ts";
import { connections } from "./rows/connections.ts";
import { cpu } from "./rows/cpu.ts";
import { eventLoop } from "./rows/event-loop.ts";
import { handshakeOptions } from "./rows/handshake-options.ts";
import { handshakes } from "./rows/handshakes.ts";
import { https } from "./rows/https.ts";
import { idleMemory } from "./rows/idle-memory.ts";
import { longStream } from "./rows/long-stream.ts";
import { nobleHandshake } from "./rows/noble-handshake.ts";
import { page } from "./rows/page.ts";
import { postgres } from "./rows/postgres.ts";
import { recordLayer } from "./rows/record-layer.ts";
import { remoteKeys } from "./rows/remote-keys.ts";
import { resumedHandshakes } from "./rows/resumed-handshakes.ts";
import { roundTrips } from "./rows/round-trips.ts";
import { webCrypto } from "./rows/web-crypto.ts";
import { worstCases } from "./rows/worst-cases.ts";

/** All rows, under the names that `pnpm bench` takes. */
export const rows: Readonly<Record<string, Row>> = {
  "record-layer": recordLayer,
  aead,
  bulk,
  cpu,
  handshakes,
  "handshake-options": handshakeOptions,
  "resumed-handshakes": resumedHandshakes,
  "remote-keys": remoteKeys,
  "event-loop": eventLoop,
  "round-trips": roundTrips,
  postgres,
  page,
  https,
  "idle-memory": idleMemory,
  "noble-handshake": nobleHandshake,
  "web-crypto": webCrypto,
  connections,
  "long-stream": longStream,
  certificates,
  "worst-cases": worstCases,
};
