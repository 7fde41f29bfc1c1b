import { nodeProvider } from "@tlskit/crypto-node";
import { type ScanTarget, scan } from "@tlskit/scan";
import { nodeTransport } from "@tlskit/scan/node";
import { mysql } from "@tlskit/starttls";
import { expect, it } from "vitest";
import { identity } from "../src/certificates.ts";
import { describeUnless } from "../src/describe-unless.ts";
import { startTlsServers } from "../src/starttls-servers.ts";

const certificate = identity("P-256");

// MariaDB takes seconds to begin, and is spoken to by our client in starttls.test.ts.
const servers = startTlsServers.filter(({ protocol }) => protocol !== mysql);

for (const { name, protocol: startTls, missing, start } of servers) {
  describeUnless(missing, name, () => {
    it(`is scanned behind what is spoken before TLS: ${startTls.name}`, async () => {
      const server = await start(certificate);
      try {
        const target: ScanTarget = { host: "localhost", address: "127.0.0.1", port: server.port, startTls };
        const report = await scan(target, {
          transport: nodeTransport(),
          provider: nodeProvider,
          anchors: certificate.anchors,
          checks: ["versions", "certificates"],
        });
        if (report.state === "unreached") throw new Error(`${report.code}: ${report.reason}`);
        const { versions, certificates } = report.facts;
        if (versions.state !== "found") throw new Error(`versions: ${versions.state}: ${versions.reason}`);
        const spoken = versions.value.filter((each) => each.spoken).map(({ version }) => version);
        expect(spoken).toEqual(expect.arrayContaining(["TLS 1.3", "TLS 1.2"]));
        if (certificates.state !== "found")
          throw new Error(`certificates: ${certificates.state}: ${certificates.reason}`);
        const [shown] = certificates.value;
        expect(shown).toMatchObject({ keyType: "EC", verdict: { trusted: true, nameMatches: true } });
      } finally {
        await server.stop();
      }
    });
  });
}
