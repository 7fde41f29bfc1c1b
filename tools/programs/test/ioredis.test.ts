import { clientIdentity, identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { noRedis, RedisServer } from "@tlskit/interop/redis";
import { beforeAll, describe, expect, it } from "vitest";
import { type Outcomes, runProgram } from "./helpers/run-program.ts";
import { ways } from "./helpers/ways.ts";

const certificate = identity("P-256");
const alice = clientIdentity("alice");

describeUnless(noRedis, "ioredis, with a Redis that demands certificates", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start(certificate, alice);
  });

  describe.each(ways)("over %s", (_name, way) => {
    let outcomes: Outcomes;
    beforeAll(async () => {
      outcomes = await runProgram("ioredis.ts", way, {
        port: server.port,
        tls: { ca: certificate.rootPem, cert: alice.chainPem, key: alice.keyPem },
        cases: {
          "TLS 1.2": { maxVersion: "TLSv1.2" },
          "another authority": { ca: alice.rootPem },
        },
      });
    });

    it("gets large values and pipelines", () => {
      expect(outcomes["a large value, and a pipeline"]).toEqual({ value: { whole: true, replies: [1, 2, 1] } });
    });

    it("speaks TLS 1.2", () => {
      expect(outcomes["TLS 1.2"]).toEqual({ value: "PONG" });
    });

    it("refuses a server whose authority it doesn't know", () => {
      expect(outcomes["another authority"]).toMatchObject({ error: { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" } });
    });
  });
});
