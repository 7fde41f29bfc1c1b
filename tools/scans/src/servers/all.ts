import type { ScannedServer } from "../scanned-server.ts";
import { chainServers } from "./chains.ts";
import { gnutlsServers } from "./gnutls.ts";
import { inProcessServers } from "./in-process.ts";
import { nginxServers } from "./nginx.ts";
import { opensslServers } from "./openssl.ts";
import { pretendedServers } from "./pretended.ts";
import { startTlsServers } from "./starttls.ts";
import { ticketbleedServer } from "./ticketbleed.ts";

/** Every server that is scanned. */
export const scannedServers: readonly ScannedServer[] = [
  ...nginxServers,
  ...opensslServers,
  ...gnutlsServers,
  ...inProcessServers,
  ...startTlsServers,
  ticketbleedServer,
  ...pretendedServers,
  ...chainServers,
];
