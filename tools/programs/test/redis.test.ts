import type { ConnectionOptions } from "node:tls";
import { clientIdentity, type Identity, identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { noRedis, RedisServer } from "@tlskit/interop/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heardAs } from "./helpers/heard-as.ts";
import type { Relay } from "./helpers/relay.ts";
import { restartedRedis } from "./helpers/restarted-redis.ts";
import { type Outcomes, runProgram } from "./helpers/run-program.ts";
import { SilentServer } from "./helpers/silent-server.ts";
import { byVersion, versions } from "./helpers/versions.ts";
import { ways } from "./helpers/ways.ts";

const certificate = identity("P-256");
const alice = clientIdentity("alice");
const stranger = clientIdentity("alice", "P-256", "under P-256");
const expired = clientIdentity("alice", "P-256", "under Ed25519", { expired: true });
const shown = ({ chainPem: cert, keyPem: key }: Identity) => ({ cert, key });

/** Where nobody listens. */
const nobodysPort = 1;

/** In the words of either. */
const timedOut = expect.stringMatching(/^(connect ETIMEDOUT|Connection timeout)$/);

/** Where each has the options of TLS. */
const programs: readonly (readonly [string, (port: number, tls: ConnectionOptions) => object])[] = [
  ["ioredis", (port, tls) => ({ host: "localhost", port, tls })],
  ["node-redis", (port, tls) => ({ host: "localhost", port, tls: true, ...tls })],
];

describeUnless(noRedis, "a Redis that demands certificates", () => {
  let server: Relay;
  let old: RedisServer;
  let modern: RedisServer;
  let silent: SilentServer;
  beforeAll(async () => {
    silent = await SilentServer.listen();
    [server, old, modern] = await Promise.all([
      restartedRedis(() => RedisServer.start(certificate, alice)),
      RedisServer.start(certificate, alice, { version: "TLSv1.2" }),
      RedisServer.start(certificate, alice, { version: "TLSv1.3" }),
    ]);
  });
  afterAll(() => silent.close());
  afterAll(() => server.close());

  describe.each(programs)("with %s", (program, at) => {
    describe.each(ways)("over %s", (_name, way) => {
      let outcomes: Outcomes;
      beforeAll(async () => {
        const tls = { ca: certificate.rootPem, ...shown(alice) };
        outcomes = await runProgram(`${program}.ts`, way, {
          versions: byVersion((version) => at(server.port, { ...tls, ...version })),
          connections: {
            "TLSv1.2 alone": at(old.port, tls),
            "TLSv1.3 alone": at(modern.port, tls),
            "another authority": at(server.port, { ...tls, ca: alice.rootPem }),
            "another name": at(server.port, { ...tls, servername: "elsewhere.example" }),
            "a stranger's certificate": at(modern.port, { ...tls, ...shown(stranger) }),
            "an expired certificate": at(modern.port, { ...tls, ...shown(expired) }),
            "no certificate": at(modern.port, { ca: certificate.rootPem }),
            "no certificate, TLSv1.2": at(old.port, { ca: certificate.rootPem }),
            "nobody there": at(nobodysPort, tls),
            "nobody who answers": { ...at(silent.port, tls), connectTimeout: 200 },
          },
        });
      });

      describe.each(versions)("in %s", (version) => {
        it("keeps large values", () => {
          expect(outcomes[`large values, ${version}`]).toEqual({ value: { whole: true } });
        });

        it("answers thousands of commands in a row", () => {
          expect(outcomes[`a pipeline, ${version}`]).toEqual({ value: [2_000, 1] });
        });

        it("passes on what others publish", () => {
          expect(outcomes[`a channel, ${version}`]).toEqual({ value: ["news", "something happened"] });
        });

        it("is connected to again when it has restarted", () => {
          expect(outcomes[`a server that restarts, ${version}`]).toEqual({ value: "PONG" });
        });
      });

      it.each(["TLSv1.2 alone", "TLSv1.3 alone"])("speaks %s", (version) => {
        expect(outcomes[version]).toEqual({ value: "PONG" });
      });

      it("is refused if it is another", () => {
        expect(outcomes["another authority"]).toMatchObject({ error: { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" } });
        expect(outcomes["another name"]).toMatchObject({ error: { code: "ERR_TLS_CERT_ALTNAME_INVALID" } });
      });

      it("says so where nobody is there, or nobody answers in the time that it was given", () => {
        expect(outcomes["nobody there"]).toMatchObject({ error: { code: "ECONNREFUSED" } });
        expect(outcomes["nobody who answers"]).toMatchObject({ error: { message: timedOut } });
      });

      it.each([
        ["a stranger's certificate", "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"],
        ["an expired certificate", "ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED"],
        ["no certificate", "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED"],
        ["no certificate, TLSv1.2", "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE"],
      ])("refuses %s, and is heard", (shown, alert) => {
        expect(outcomes[shown]).toMatchObject({ error: { code: heardAs(way, alert) } });
      });
    });
  });
});
