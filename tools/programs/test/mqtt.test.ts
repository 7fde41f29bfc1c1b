import { clientIdentity, type Identity, identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { MosquittoServer, mosquitto } from "@tlskit/interop/mosquitto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heardAs } from "./helpers/heard-as.ts";
import { Relay } from "./helpers/relay.ts";
import { type Outcomes, runProgram } from "./helpers/run-program.ts";
import { byVersion, versions } from "./helpers/versions.ts";
import { ways } from "./helpers/ways.ts";

const certificate = identity("P-256");
const alice = clientIdentity("alice");
const stranger = clientIdentity("alice", "P-256", "under P-256");
const shown = ({ chainPem: cert, keyPem: key }: Identity) => ({ cert, key });

const missing = mosquitto === undefined ? "the program mosquitto is not on this machine" : undefined;
describeUnless(missing, "MQTT.js, with a mosquitto that demands certificates", () => {
  let server: MosquittoServer;
  let relay: Relay;
  let old: MosquittoServer;
  let modern: MosquittoServer;
  beforeAll(async () => {
    const command = mosquitto ?? "";
    [server, old, modern] = await Promise.all([
      MosquittoServer.start(command, certificate, { clients: alice }),
      MosquittoServer.start(command, certificate, { version: "TLSv1.2" }),
      MosquittoServer.start(command, certificate, { version: "TLSv1.3" }),
    ]);
    relay = await Relay.listen(async () => server.port);
  });
  afterAll(() => relay.close());

  describe.each(ways)("over %s", (_name, way) => {
    let outcomes: Outcomes;
    beforeAll(async () => {
      const tls = { ca: certificate.rootPem, ...shown(alice) };
      const at = ({ port }: { readonly port: number }, changed: object = {}) => ({
        url: `mqtts://localhost:${port}`,
        tls: { ...tls, ...changed },
      });
      outcomes = await runProgram("mqtt.ts", way, {
        versions: byVersion((version) => at(relay, version)),
        cutPort: relay.cutPort,
        connections: {
          "TLSv1.2 alone": at(old),
          "TLSv1.3 alone": at(modern),
          "another authority": at(server, { ca: alice.rootPem }),
          "another name": at(server, { servername: "elsewhere.example" }),
          "another authority, not verified": at(server, { ca: alice.rootPem, rejectUnauthorized: false }),
          "a stranger's certificate": at(server, shown(stranger)),
          "no certificate": at(server, { cert: undefined, key: undefined }),
        },
      });
    });

    describe.each(versions)("in %s", (version) => {
      it("gets what was published, acknowledged", () => {
        const value = { granted: [1], topic: "news/today", payload: "something happened", qos: 1 };
        expect(outcomes[`a message that is acknowledged, ${version}`]).toEqual({ value });
      });

      it("connects anew, and is subscribed anew, when it was cut off", () => {
        expect(outcomes[`a connection that is cut off, ${version}`]).toEqual({ value: "something happened" });
      });

      it("publishes large messages, and many", () => {
        expect(outcomes[`a large message, ${version}`]).toEqual({ value: { whole: true } });
        expect(outcomes[`many messages, ${version}`]).toEqual({ value: 300 });
      });
    });

    it.each(["TLSv1.2 alone", "TLSv1.3 alone"])("speaks %s", (version) => {
      expect(outcomes[version]).toEqual({ value: true });
    });

    it("refuses another broker unless told not to verify it", () => {
      expect(outcomes["another authority"]).toMatchObject({ error: { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" } });
      expect(outcomes["another name"]).toMatchObject({ error: { code: "ERR_TLS_CERT_ALTNAME_INVALID" } });
      expect(outcomes["another authority, not verified"]).toEqual({ value: true });
    });

    it.each([
      ["a stranger's certificate", "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"],
      ["no certificate", "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED"],
    ])("is refused, and told so, with %s", (shown, alert) => {
      expect(outcomes[shown]).toMatchObject({ error: { code: heardAs(way, alert) } });
    });
  });
});
