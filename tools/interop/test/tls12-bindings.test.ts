import { tls12, tls13 } from "@tlskit/tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { GnutlsServer, gnutlsClient } from "../src/gnutls.ts";
import { NodeServer, nodeClient } from "../src/node-tls.ts";
import { OpensslServer, opensslClient } from "../src/openssl.ts";
import { type OurEnd, OurServer, ourClient } from "../src/ours.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { expectData, showing, trusting } from "./helpers/settings.ts";

// What both ends of a connection of TLS 1.2 derive from it, and nobody else can.

const certificate = identity("P-256");
const versions = [tls13, tls12];

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

async function ourServer(): Promise<OurServer> {
  const server = await OurServer.listen(showing([certificate], { versions }));
  onTestFinished(() => server.close());
  return server;
}

describePeer("openssl", "keying material of TLS 1.2, with openssl", () => {
  const label = "EXPORTER-interop";
  const asked = ["-tls1_2", "-keymatexport", label, "-keymatexportlen", "48"];

  // RFC 5705 §4: it exports without a context, which isn't the same as an empty one.
  const expectSame = async (ours: OurEnd, peer: ReturnType<typeof opensslClient>): Promise<void> => {
    await expectData(ours, peer);
    const [, theirs] = await peer.waitForLine(/Keying material: ([0-9A-F]+)$/);
    expect(hex(ours.socket.exportKeyingMaterial(48, label)).toUpperCase()).toBe(theirs);
    expect(hex(ours.socket.exportKeyingMaterial(48, label, new Uint8Array(0))).toUpperCase()).not.toBe(theirs);
  };

  it("is the same at our client and s_server", async () => {
    const server = await OpensslServer.start(certificate, ...asked);
    const peer = server.next();
    await expectSame(ourClient(server.port, trusting(certificate, { versions })), peer);
  });

  it("is the same at our server and s_client", async () => {
    const server = await ourServer();
    const peer = opensslClient(server.port, certificate, ...asked);
    await expectSame(await server.accept(), peer);
  });
});

describe("keying material of TLS 1.2, with Node's tls", () => {
  const only = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;
  const contexts = [Buffer.alloc(0), Buffer.from("context")];

  it("is the same at our client and its server", async () => {
    const server = await NodeServer.start(certificate, only);
    onTestFinished(() => server.close());
    const ours = ourClient(server.port, trusting(certificate, { versions }));
    const peer = await server.accept();
    await expectData(ours, peer);
    for (const context of contexts) {
      const theirs = peer.socket.exportKeyingMaterial(32, "EXPORTER-interop", context);
      expect(hex(ours.socket.exportKeyingMaterial(32, "EXPORTER-interop", context))).toBe(hex(theirs));
    }
  });

  it("is the same at our server and its client, and so is what Finished says", async () => {
    const server = await ourServer();
    const peer = nodeClient(server.port, certificate, only);
    const ours = await server.accept();
    await expectData(ours, peer);
    for (const context of contexts) {
      const theirs = peer.socket.exportKeyingMaterial(32, "EXPORTER-interop", context);
      expect(hex(ours.socket.exportKeyingMaterial(32, "EXPORTER-interop", context))).toBe(hex(theirs));
    }
    // RFC 5929 §3: the first Finished is the client's.
    expect(hex(ours.socket.channelBinding("tls-unique"))).toBe(hex(peer.socket.getFinished() ?? Buffer.alloc(0)));
  });
});

describePeer("gnutls", "channel bindings of TLS 1.2, with GnuTLS", () => {
  const only = "NORMAL:-VERS-ALL:+VERS-TLS1.2";

  it.each(["tls-unique", "tls-exporter"] as const)("%s is the same at both ends, in both roles", async (type) => {
    const gnutls = await GnutlsServer.start(certificate, ["--priority", only]);
    const atServer = gnutls.next();
    const client = ourClient(gnutls.port, trusting(certificate, { versions }));
    const server = await ourServer();
    const atClient = gnutlsClient(server.port, certificate, ["--verbose", "--priority", only]);
    const serving = await server.accept();
    for (const [ours, peer] of [
      [client, atServer],
      [serving, atClient],
    ] as const) {
      await ours.established();
      const [, theirs] = await peer.waitForLine(new RegExp(`^ - '${type}': ([0-9a-f]+)`));
      expect(hex(ours.socket.channelBinding(type))).toBe(theirs);
    }
  });

  // RFC 7627 §5.4#no-export, RFC 9266 §4
  it("there are none without an extended main secret", async () => {
    const without = ["--priority", `${only}:%NO_SESSION_HASH`];
    const server = await ourServer();
    const atServer = gnutlsClient(server.port, certificate, without);
    const serving = await server.accept();
    await expectData(serving, atServer);
    const gnutls = await GnutlsServer.start(certificate, without);
    const served = ourClient(gnutls.port, trusting(certificate, { versions }));
    await expectData(served, gnutls.next());
    for (const ours of [serving, served]) {
      for (const type of ["tls-unique", "tls-exporter"] as const) {
        expect(() => ours.socket.channelBinding(type)).toThrow(expect.objectContaining({ code: "no_channel_binding" }));
      }
      expect(() => ours.socket.exportKeyingMaterial(32, "EXPORTER-interop")).toThrow(
        expect.objectContaining({ code: "no_exporter" }),
      );
    }
  });
});
