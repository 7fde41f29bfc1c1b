import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import {
  acceptStartTls,
  imap,
  mysql,
  type Protocol,
  postgres as postgresProtocol,
  smtp,
  startTls,
} from "@tlskit/node/starttls";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { describeUnless } from "../src/describe-unless.ts";
import { DovecotServer, dovecot } from "../src/dovecot.ts";
import { MariaDbServer, mariadb } from "../src/mariadb.ts";
import { opensslClient } from "../src/openssl.ts";
import { PostfixServer, postfix } from "../src/postfix.ts";
import { PostgresServer, postgres } from "../src/postgres.ts";
import { describePeer } from "./helpers/describe-peer.ts";

const certificate = identity("P-256");

describePeer("openssl", "openssl s_client -starttls with our servers", () => {
  it.each([smtp, imap, postgresProtocol])("comes to TLS: $name", async (protocol) => {
    const server = createServer((raw: Socket) => {
      acceptStartTls(raw, { protocol, host: "localhost", cert: certificate.chainPem, key: certificate.keyPem }).then(
        (socket) => socket.on("error", () => undefined).pipe(socket),
        (error: unknown) => server.emit("error", error),
      );
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    // It listens on a port.
    const { port } = server.address() as AddressInfo;
    const peer = opensslClient(port, certificate, "-starttls", protocol.name);
    expect(await peer.waitForLine(/^ *Verification: OK|^Verify return code: 0 \(ok\)/)).toBeDefined();
    // What it prints first is of the clear, and its input is read once TLS is there.
    const from = peer.program.lines.length;
    peer.send("over TLS\n");
    await peer.program.waitForLine(/over TLS$/, from);
    await peer.program.stop();
  });
});

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
  [
    "MariaDB",
    mysql,
    typeof mariadb === "string" ? mariadb : undefined,
    async () => {
      const server = await MariaDbServer.start(available(mariadb), certificate, { statements: [] });
      return { port: server.port, stop: () => server.stop() };
    },
  ],
];

function available<Programs extends object>(programs: Programs | string): Programs {
  if (typeof programs === "string") throw new Error(programs);
  return programs;
}

/** What is said first under TLS, and how the answer begins. */
const first: Readonly<Record<string, readonly [said: string, heard: RegExp]>> = {
  // StartupMessage, and AuthenticationOk.
  postgres: ["\0\0\0\x14\0\x03\0\0user\0alice\0\0", /^R/],
  smtp: ["EHLO me.example\r\n", /^250-localhost\r\n/],
  imap: ["a CAPABILITY\r\n", /^\* CAPABILITY /],
  // HandshakeResponse41 of a user whom nobody knows, and a packet that is an error.
  mysql: [`\x27\0\0\x02\0\x8a\0\0\xff\xff\xff\0\x2d${"\0".repeat(23)}nobody\0`, /^.{4}\xff/s],
};

for (const [name, protocol, missing, start] of servers) {
  describeUnless(missing, `${name} with our client`, () => {
    let server: Waiting;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());

    it.each(["TLSv1.3", "TLSv1.2"] as const)("goes over to %s, is verified, and goes on", async (version) => {
      const socket = await startTls({
        protocol,
        host: "localhost",
        family: 4,
        port: server.port,
        ca: certificate.rootPem,
        maxVersion: version,
      });
      socket.on("error", () => undefined);
      expect([socket.authorized, socket.getProtocol()]).toEqual([true, version]);
      const [said = "", heard = /$/] = first[protocol.name] ?? [];
      socket.write(said, "latin1");
      const [answer] = await once(socket, "data");
      expect(answer.toString("latin1")).toMatch(heard);
      socket.destroy();
    });

    it("isn't taken for another", async () => {
      const elsewhere = startTls({
        protocol,
        host: "localhost",
        servername: "example.com",
        family: 4,
        port: server.port,
        ca: certificate.rootPem,
      });
      await expect(elsewhere).rejects.toMatchObject({ code: "certificate_name_mismatch" });
    });
  });
}
