import { once } from "node:events";
import { createServer } from "node:net";
import { type Duplex, pipeline } from "node:stream";
import * as tls from "node:tls";
import { connect } from "@tlskit/node";
import { Alert, type AlertDescription } from "@tlskit/tls";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { clientIdentity, type Identity, identity, type LeafKey } from "../src/certificates.ts";
import { describeUnless } from "../src/describe-unless.ts";
import { noRedis, RedisServer } from "../src/redis.ts";
import { scratchPath } from "../src/scratch.ts";

const certificate = identity("P-256");
const alice = clientIdentity("alice");

const ours = (port: number, shown?: Identity, maxVersion?: "TLSv1.2"): Duplex =>
  connect({ host: "localhost", port, ca: certificate.rootPem, cert: shown?.chainPem, key: shown?.keyPem, maxVersion });

/** Whose TLS it is: Node's own shows what is usual. */
const clients: Readonly<Record<string, (port: number, shown?: Identity) => Duplex>> = {
  "node:tls": (port, shown) =>
    tls.connect({
      host: "localhost",
      port,
      ca: certificate.rootPem,
      ...(shown === undefined ? {} : { cert: shown.chainPem, key: shown.keyPem }),
    }),
  ours,
  "ours in TLS 1.2": (port, shown) => ours(port, shown, "TLSv1.2"),
};

/** The driver `redis`, over a tunnel: it opens its connections itself. */
async function driverOver(open: () => Duplex) {
  const failures: unknown[] = [];
  const tunnel = createServer((plain) => {
    const secure = open();
    secure.on("error", (error) => failures.push(error));
    pipeline(plain, secure, plain, () => undefined);
  });
  const path = scratchPath("tunnel.sock");
  tunnel.listen(path);
  await once(tunnel, "listening");
  const driver = createClient({ socket: { path, tls: false, reconnectStrategy: false } });
  driver.on("error", () => undefined);
  onTestFinished(() => {
    driver.destroy();
    tunnel.close();
  });
  return { driver, failures };
}

describeUnless(noRedis, "Redis, which demands certificates unless told otherwise", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start(certificate, alice);
  });
  afterAll(() => server.program.stop());

  describe.each(Object.entries(clients))("by %s", (_name, open) => {
    it("serves a driver whose client it knows", async () => {
      const { driver } = await driverOver(() => open(server.port, alice));
      await driver.connect();
      const large = "value ".repeat(50_000);
      await driver.set("key", large);
      expect(await driver.get("key")).toBe(large);
    });
  });

  it.each<[string, Identity | undefined, AlertDescription]>([
    ["shows nothing", undefined, Alert.certificateRequired],
    ["shows what another authority certifies", clientIdentity("alice", "P-256", "under P-256"), Alert.unknownCa],
    [
      "shows what has expired",
      clientIdentity("alice", "P-256", "under Ed25519", { expired: true }),
      Alert.certificateExpired,
    ],
  ])("refuses ours that %s, and is heard though the driver writes at once", async (_what, shown, alert) => {
    const { driver, failures } = await driverOver(() => ours(server.port, shown));
    await expect(driver.connect()).rejects.toThrow();
    expect(failures).toMatchObject([{ kind: "alert", alert }]);
  });

  it.each<LeafKey>(["P-256", "P-384", "P-521", "Ed25519", "Ed448", "RSA", "RSA-PSS"])(
    "serves ours whose key is of type %s",
    async (leafKey) => {
      const shown = clientIdentity("alice", leafKey);
      const { driver } = await driverOver(() => ours(server.port, shown));
      await driver.connect();
      expect(await driver.ping()).toBe("PONG");
    },
  );
});
