import { clientIdentity, type Identity, identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { MariaDbServer, mariadb } from "@tlskit/interop/mariadb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heardAs } from "./helpers/heard-as.ts";
import { Relay } from "./helpers/relay.ts";
import { type Outcomes, runProgram } from "./helpers/run-program.ts";
import { byVersion, versions } from "./helpers/versions.ts";
import { ways } from "./helpers/ways.ts";

const certificate = identity("P-256");
const elsewhere = identity("P-256", "under P-256", { dnsNames: ["elsewhere.example"] });
const alice = clientIdentity("alice");
const stranger = clientIdentity("alice", "P-256", "under P-256");
const mallory = clientIdentity("mallory");
const shown = ({ chainPem: cert, keyPem: key }: Identity) => ({ cert, key });

const statements = [
  "CREATE USER alice REQUIRE X509;",
  "CREATE USER carol REQUIRE SUBJECT '/CN=alice';",
  "CREATE USER bob IDENTIFIED BY 'a password' REQUIRE SSL;",
  "GRANT ALL ON test.* TO alice, bob, carol;",
];

describeUnless(typeof mariadb === "string" ? mariadb : undefined, "mysql2, with a MariaDB", () => {
  let server: MariaDbServer;
  let relay: Relay;
  let old: MariaDbServer;
  let modern: MariaDbServer;
  let misnamed: MariaDbServer;
  beforeAll(async () => {
    if (typeof mariadb === "string") return;
    const programs = mariadb;
    [server, old, modern, misnamed] = await Promise.all([
      MariaDbServer.start(programs, certificate, { clients: alice, statements }),
      MariaDbServer.start(programs, certificate, { statements, version: "TLSv1.2" }),
      MariaDbServer.start(programs, certificate, { statements, version: "TLSv1.3" }),
      MariaDbServer.start(programs, elsewhere, { statements }),
    ]);
    relay = await Relay.listen(async () => server.port);
  });
  afterAll(() => relay.close());
  afterAll(() => Promise.all([server, old, modern, misnamed].map((each) => each.stop())));

  describe.each(ways)("over %s", (_name, way) => {
    let outcomes: Outcomes;
    beforeAll(async () => {
      const ssl = { ca: certificate.rootPem, verifyIdentity: true };
      const at = ({ port }: { readonly port: number }, options: object) => ({
        host: "localhost",
        port,
        database: "test",
        ...options,
      });
      const bob = { user: "bob", password: "a password", ssl };
      outcomes = await runProgram("mysql2.ts", way, {
        versions: byVersion((version) => at(relay, { user: "alice", ssl: { ...ssl, ...shown(alice), ...version } })),
        cutPort: relay.cutPort,
        connections: {
          "TLSv1.3": at(server, { user: "alice", ssl: { ...ssl, ...shown(alice) } }),
          "TLSv1.2": at(server, { user: "alice", ssl: { ...ssl, ...shown(alice), maxVersion: "TLSv1.2" } }),
          "TLSv1.3 alone": at(modern, bob),
          "TLSv1.2 alone": at(old, bob),
          "another authority": at(server, { ...bob, ssl: { ...ssl, ca: alice.rootPem } }),
          "another name": at(misnamed, bob),
          "another name, not verified": at(misnamed, { ...bob, ssl: { ca: certificate.rootPem } }),
          "another authority, not verified": at(misnamed, {
            ...bob,
            ssl: { ca: alice.rootPem, rejectUnauthorized: false },
          }),
          "the subject that is demanded": at(server, { user: "carol", ssl: { ...ssl, ...shown(alice) } }),
          "another subject": at(server, { user: "carol", ssl: { ...ssl, ...shown(mallory) } }),
          "no certificate": at(server, { user: "alice", ssl }),
          "a stranger's certificate": at(server, { user: "alice", ssl: { ...ssl, ...shown(stranger) } }),
        },
      });
    });

    describe.each(versions)("in %s", (version) => {
      it("gets large results, and sends large parameters", () => {
        expect(outcomes[`large results, ${version}`]).toEqual({ value: { rows: 300, whole: true } });
        expect(outcomes[`large parameters, ${version}`]).toEqual({ value: [{ length: 1_000_000 }] });
      });

      it("asks over many connections at once", () => {
        expect(outcomes[`a pool, ${version}`]).toEqual({ value: Array.from({ length: 20 }, (_, n) => n) });
      });

      it("connects anew when its connections were cut off", () => {
        const value = { query: "an error", afterwards: [{ one: 1 }] };
        expect(outcomes[`connections that are cut off, ${version}`]).toEqual({ value });
      });

      it("resumes the sessions that it keeps", () => {
        expect(outcomes[`one connection after another, ${version}`]).toEqual({ value: [true, true, true] });
      });
    });

    it.each(["TLSv1.3", "TLSv1.2"])(
      "shows the certificate that the server demands, and verifies its name, in %s",
      (version) => {
        expect(outcomes[version]).toEqual({ value: { user: "alice@127.0.0.1", version } });
      },
    );

    it.each(["TLSv1.3", "TLSv1.2"])("connects to a server that has %s alone", (version) => {
      expect(outcomes[`${version} alone`]).toEqual({ value: { user: "bob@127.0.0.1", version } });
    });

    it("refuses a server of another authority unless told not to verify it", () => {
      expect(outcomes["another authority"]).toMatchObject({
        error: {
          code: "HANDSHAKE_SSL_ERROR",
          message: expect.stringMatching(/^unable to verify the first certificate/),
        },
      });
      expect(outcomes["another authority, not verified"]).toMatchObject({ value: { user: "bob@127.0.0.1" } });
    });

    it("refuses a server of another name if it is told to verify that", () => {
      expect(outcomes["another name"]).toMatchObject({
        error: { code: "HANDSHAKE_SSL_ERROR", message: expect.stringMatching(/^Hostname\/IP does not match/) },
      });
      expect(outcomes["another name, not verified"]).toMatchObject({ value: { user: "bob@127.0.0.1" } });
    });

    it("is known by its certificate", () => {
      expect(outcomes["the subject that is demanded"]).toMatchObject({ value: { user: "carol@127.0.0.1" } });
      expect(outcomes["another subject"]).toMatchObject({ error: { code: "ER_ACCESS_DENIED_ERROR" } });
      expect(outcomes["no certificate"]).toMatchObject({ error: { code: "ER_ACCESS_DENIED_ERROR" } });
      expect(outcomes["a stranger's certificate"]).toMatchObject({
        error: { code: heardAs(way, "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA") },
      });
    });
  });
});
