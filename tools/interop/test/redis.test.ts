import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { Duplex } from "node:stream";
import * as tls from "node:tls";
import { connect } from "@tlskit/node";
import { Alert } from "@tlskit/tls";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { clientIdentity, type Identity, identity } from "../src/certificates.ts";
import { noRedis, RedisServer } from "../src/redis.ts";
import { describeUnless } from "./helpers/describe-peer.ts";

const certificate = identity("P-256");
const alice = clientIdentity("alice");

/** Whose TLS it is: Node's own shows what is usual. */
const clients: Readonly<Record<string, (port: number, shown?: Identity) => Duplex>> = {
  "node:tls": (port, shown) =>
    tls.connect({
      host: "localhost",
      port,
      ca: certificate.rootPem,
      ...(shown === undefined ? {} : { cert: shown.chainPem, key: shown.keyPem }),
    }),
};

/** The driver `redis`, over a tunnel: it opens its connections itself. */
async function driverOver(open: () => Duplex) {
  const failures: unknown[] = [];
  const tunnel = createServer((plain) => {
    const secure = open();
    secure.on("error", (error) => failures.push(error));
    secure.on("close", () => plain.destroy());
    plain.on("error", () => secure.destroy());
    plain.on("close", () => secure.destroy());
    plain.pipe(secure).pipe(plain);
  });
  tunnel.listen(0, "127.0.0.1");
  await once(tunnel, "listening");
  const { port } = tunnel.address() as AddressInfo; // it listens on a port, so it has one
  const driver = createClient({ socket: { host: "127.0.0.1", port, tls: false, reconnectStrategy: false } });
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

  it("refuses ours, which shows nothing, though it writes at once", async () => {
    const { driver, failures } = await driverOver(() =>
      connect({ host: "localhost", port: server.port, ca: certificate.rootPem }),
    );
    await expect(driver.connect()).rejects.toThrow();
    expect(failures).toMatchObject([{ kind: "alert", alert: Alert.certificateRequired }]);
  });
});
