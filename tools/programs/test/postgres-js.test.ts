import { clientIdentity, type Identity, identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { PostgresServer, postgres, postgresUser } from "@tlskit/interop/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heardAs } from "./helpers/heard-as.ts";
import { type Outcomes, runProgram } from "./helpers/run-program.ts";
import { byVersion, versions } from "./helpers/versions.ts";
import { ways } from "./helpers/ways.ts";

const certificate = identity("P-256");
const alice = clientIdentity(postgresUser);
const stranger = clientIdentity(postgresUser, "P-256", "under P-256");
const shown = ({ chainPem: cert, keyPem: key }: Identity) => ({ cert, key });
/** PostgreSQL's SQLSTATE `query_canceled`. */
const queryCanceled = "57014";

describeUnless(typeof postgres === "string" ? postgres : undefined, "postgres.js", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    if (typeof postgres === "string") return;
    server = await PostgresServer.start(postgres, certificate, { clients: alice });
  });
  afterAll(() => server.stop());

  describe.each(ways)("over %s", (_name, way) => {
    let outcomes: Outcomes;
    beforeAll(async () => {
      const base = { host: "localhost", port: server.port, user: postgresUser, database: "postgres" };
      const ssl = { ca: certificate.rootPem, ...shown(alice) };
      outcomes = await runProgram("postgres-js.ts", way, {
        versions: byVersion((version) => ({ ...base, ssl: { ...ssl, ...version } })),
        connections: {
          "TLSv1.3": { ...base, ssl: { ...ssl, minVersion: "TLSv1.3" } },
          "TLSv1.2": { ...base, ssl: { ...ssl, maxVersion: "TLSv1.2" } },
          require: { ...base, ssl: { ...ssl, ca: alice.rootPem, rejectUnauthorized: false } },
          "another authority": { ...base, ssl: { ...ssl, ca: alice.rootPem } },
          "another name": { ...base, ssl: { ...ssl, servername: "elsewhere.example" } },
          "a stranger's certificate": { ...base, ssl: { ...ssl, ...shown(stranger) } },
        },
      });
    });

    describe.each(versions)("in %s", (version) => {
      it("gets large results, whole and bit by bit", () => {
        expect(outcomes[`large results, ${version}`]).toEqual({ value: { rows: 300, whole: true } });
        expect(outcomes[`a result by a cursor, ${version}`]).toEqual({ value: [100, 100, 50] });
      });

      it("hears what others notify", () => {
        expect(outcomes[`NOTIFY, ${version}`]).toEqual({ value: "something happened" });
      });

      it("goes on after a query that it cancelled", () => {
        expect(outcomes[`a query cancelled, ${version}`]).toEqual({
          value: { code: queryCanceled, afterwards: [{ one: 1 }] },
        });
      });

      it("asks over many connections at once", () => {
        expect(outcomes[`many queries at once, ${version}`]).toEqual({
          value: Array.from({ length: 20 }, (_, n) => n),
        });
      });
    });

    it.each(["TLSv1.3", "TLSv1.2"])("shows the certificate that the server demands in %s", (version) => {
      expect(outcomes[version]).toEqual({ value: { user: postgresUser, version, certificate: `/CN=${postgresUser}` } });
    });

    it("takes any server only if it is told to", () => {
      expect(outcomes["require"]).toMatchObject({ value: { user: postgresUser } });
      expect(outcomes["another authority"]).toMatchObject({ error: { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" } });
      expect(outcomes["another name"]).toMatchObject({ error: { code: "ERR_TLS_CERT_ALTNAME_INVALID" } });
    });

    it("is refused, and told so, with a certificate that the server doesn't take", () => {
      expect(outcomes["a stranger's certificate"]).toMatchObject({
        error: { code: heardAs(way, "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA") },
      });
    });
  });
});
