import { nodeProvider } from "@tlskit/crypto-node";
import { type ScanTarget, scan } from "@tlskit/scan";
import { nodeTransport } from "@tlskit/scan/node";
import { imap, type Protocol, postgres as postgresProtocol, smtp } from "@tlskit/starttls";
import { expect, it } from "vitest";
import { identity } from "../src/certificates.ts";
import { describeUnless } from "../src/describe-unless.ts";
import { DovecotServer, dovecot } from "../src/dovecot.ts";
import { PostfixServer, postfix } from "../src/postfix.ts";
import { PostgresServer, postgres } from "../src/postgres.ts";

const certificate = identity("P-256");

/** A server that is waiting, and how it is ended. */
interface Waiting {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const servers: readonly (readonly [
  name: string,
  protocol: Protocol,
  missing: string | undefined,
  start: () => Promise<Waiting>,
])[] = [
  [
    "PostgreSQL",
    postgresProtocol,
    typeof postgres === "string" ? postgres : undefined,
    async () => {
      const server = await PostgresServer.start(available(postgres), certificate);
      return { port: server.port, stop: () => server.stop() };
    },
  ],
  [
    "Postfix",
    smtp,
    typeof postfix === "string" ? postfix : undefined,
    async () => {
      const server = await PostfixServer.start(available(postfix), certificate, { submission: { implicit: false } });
      return { port: server.ports.submission, stop: () => server.stop() };
    },
  ],
  [
    "Dovecot",
    imap,
    typeof dovecot === "string" ? dovecot : undefined,
    async () => {
      const server = await DovecotServer.start(available(dovecot), certificate);
      return { port: server.startTlsPort, stop: () => server.stop() };
    },
  ],
];

function available<Programs extends object>(programs: Programs | string): Programs {
  if (typeof programs === "string") throw new Error(programs);
  return programs;
}

for (const [name, startTls, missing, start] of servers) {
  describeUnless(missing, name, () => {
    it(`is scanned behind what is spoken before TLS: ${startTls.name}`, async () => {
      const server = await start();
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
