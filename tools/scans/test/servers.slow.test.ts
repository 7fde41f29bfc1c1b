import { describeUnless } from "@tlskit/interop/describe-unless";
import { expect, it } from "vitest";
import { scanServer } from "../src/scan-server.ts";
import type { ScannedServer } from "../src/scanned-server.ts";
import { gnutlsMissing, gnutlsServers } from "../src/servers/gnutls.ts";
import { inProcessServers } from "../src/servers/in-process.ts";
import { nginxMissing, nginxServers } from "../src/servers/nginx.ts";
import { opensslMissing, opensslServers } from "../src/servers/openssl.ts";
import { startTlsServers } from "../src/servers/starttls.ts";
import { ticketbleedServer } from "../src/servers/ticketbleed.ts";
import { expectedVerdict, verdictOf } from "../src/verdict.ts";

/** Who they are, why they aren't here, and what is true of them. */
const programs: readonly (readonly [name: string, missing: string | undefined, servers: readonly ScannedServer[]])[] = [
  ["nginx", nginxMissing, nginxServers],
  ["OpenSSL", opensslMissing, opensslServers],
  ["GnuTLS", gnutlsMissing, gnutlsServers],
  ["Node's and ours", undefined, [...inProcessServers, ...startTlsServers, ticketbleedServer]],
];

for (const [name, missing, servers] of programs) {
  describeUnless(missing, `a scan of ${name}`, () => {
    it.each(servers)("finds what there is, and nothing else: $name", async (server) => {
      expect(verdictOf(await scanServer(server))).toEqual(expectedVerdict(server));
    });
  });
}
