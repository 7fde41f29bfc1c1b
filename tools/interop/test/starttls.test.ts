import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { acceptStartTls, imap, postgres as postgresProtocol, smtp, startTls } from "@tlskit/node/starttls";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { describeUnless } from "../src/describe-unless.ts";
import { opensslClient } from "../src/openssl.ts";
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

describeUnless(typeof postgres === "string" ? postgres : undefined, "PostgreSQL with our client", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    if (typeof postgres === "string") return;
    server = await PostgresServer.start(postgres, certificate);
  });
  afterAll(() => server.stop());

  it("begins TLS at SSLRequest, and is verified", async () => {
    const socket = await startTls({
      protocol: postgresProtocol,
      host: "localhost",
      family: 4,
      port: server.port,
      ca: certificate.rootPem,
    });
    socket.on("error", () => undefined);
    expect(socket.authorized).toBe(true);
    // StartupMessage: the answer's first octet says whether it is one of authentication.
    socket.write(Buffer.from("\0\0\0\x14\0\x03\0\0user\0alice\0\0", "latin1"));
    const [answer] = await once(socket, "data");
    expect(String.fromCharCode(answer[0])).toBe("R");
    socket.destroy();
  });
});
