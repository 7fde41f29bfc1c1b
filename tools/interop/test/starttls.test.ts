import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { acceptStartTls, imap, postgres, smtp, startTls } from "@tlskit/node/starttls";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { describeUnless } from "../src/describe-unless.ts";
import { opensslClient } from "../src/openssl.ts";
import { startTlsServers, type WaitingServer } from "../src/starttls-servers.ts";
import { describePeer } from "./helpers/describe-peer.ts";

const certificate = identity("P-256");

describePeer("openssl", "openssl s_client -starttls with our servers", () => {
  it.each([smtp, imap, postgres])("comes to TLS: $name", async (protocol) => {
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

/** What is said first under TLS, and how the answer begins. */
const first: Readonly<Record<string, readonly [said: string, heard: RegExp]>> = {
  // StartupMessage, and AuthenticationOk.
  postgres: ["\0\0\0\x14\0\x03\0\0user\0alice\0\0", /^R/],
  smtp: ["EHLO me.example\r\n", /^250-localhost\r\n/],
  imap: ["a CAPABILITY\r\n", /^\* CAPABILITY /],
  // HandshakeResponse41 of a user whom nobody knows, and a packet that is an error.
  mysql: [`\x27\0\0\x02\0\x8a\0\0\xff\xff\xff\0\x2d${"\0".repeat(23)}nobody\0`, /^.{4}\xff/s],
};

for (const { name, protocol, missing, start } of startTlsServers) {
  describeUnless(missing, `${name} with our client`, () => {
    let server: WaitingServer;
    beforeAll(async () => {
      server = await start(certificate);
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
