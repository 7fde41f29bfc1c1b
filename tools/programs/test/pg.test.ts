import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { pipeline } from "node:stream";
import * as tls from "node:tls";
import { clientIdentity, type Identity, identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { PostgresServer, postgres, postgresUser } from "@tlskit/interop/postgres";
import { identityFiles } from "@tlskit/interop/scratch";
import { Client, type ClientConfig } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heardAs } from "./helpers/heard-as.ts";
import { Relay } from "./helpers/relay.ts";
import { type Outcomes, runProgram } from "./helpers/run-program.ts";
import { byVersion, versions } from "./helpers/versions.ts";
import { ways } from "./helpers/ways.ts";

const certificate = identity("P-256");
const elsewhere = identity("P-256", "under P-256", { dnsNames: ["elsewhere.example"] });
const stranger = clientIdentity(postgresUser, "P-256", "under P-256");
const alice = clientIdentity(postgresUser);
const expired = clientIdentity(postgresUser, "P-256", "under Ed25519", { expired: true });

/** How PostgreSQL refuses, by its SQLSTATE. */
const invalidAuthorization = "28000";
const invalidPassword = "28P01";
const queryCanceled = "57014";

/** As programs have it in their environment. */
function url(port: number, parameters: Readonly<Record<string, string>>): string {
  return `postgresql://${postgresUser}@localhost:${port}/postgres?${new URLSearchParams(parameters)}`;
}

/** Files as URLs name them. */
const shown = (user: Identity) => ({ sslcert: identityFiles(user).chain, sslkey: identityFiles(user).key });
const trusted = (server: Identity) => ({ sslrootcert: identityFiles(server).root });

describeUnless(typeof postgres === "string" ? postgres : undefined, "pg", () => {
  let server: PostgresServer;
  let old: PostgresServer;
  let modern: PostgresServer;
  let misnamed: PostgresServer;
  let listener: Server;
  let relay: Relay;
  beforeAll(async () => {
    if (typeof postgres === "string") return;
    const programs = postgres;
    [server, old, modern, misnamed] = await Promise.all([
      PostgresServer.start(programs, certificate, {
        clients: alice,
        access: [
          `hostssl all ${postgresUser} 127.0.0.1/32 trust clientcert=verify-full`,
          "hostssl all bob 127.0.0.1/32 scram-sha-256",
        ],
      }),
      PostgresServer.start(programs, certificate, { version: "TLSv1.2" }),
      PostgresServer.start(programs, certificate, { version: "TLSv1.3" }),
      PostgresServer.start(programs, elsewhere),
    ]);
    const ssl = { ca: certificate.rootPem, cert: alice.chainPem, key: alice.keyPem };
    const client = new Client({ host: "localhost", port: server.port, user: postgresUser, database: "postgres", ssl });
    await client.connect();
    await client.query("CREATE ROLE bob LOGIN PASSWORD 'a password'");
    await client.end();
    listener = await inTheMiddle(server);
    relay = await Relay.listen(async () => server.port);
  });
  afterAll(() => listener.close());
  afterAll(() => relay.close());
  afterAll(() => Promise.all([server, old, modern, misnamed].map((each) => each.stop())));

  describe.each(ways)("over %s", (_name, way) => {
    let outcomes: Outcomes;
    beforeAll(async () => {
      const full = { sslmode: "verify-full", ...trusted(certificate) };
      const compatible = { uselibpqcompat: "true" };
      const ssl = { ca: certificate.rootPem, cert: alice.chainPem, key: alice.keyPem };
      const database = { host: "localhost", port: server.port, database: "postgres" };
      const asAlice = { ...database, user: postgresUser };
      const bob = { ...database, user: "bob", password: "a password", ssl: { ca: certificate.rootPem } };
      const middle = { port: (listener.address() as AddressInfo).port, ssl: { rejectUnauthorized: false } };
      const connections: Readonly<Record<string, ClientConfig>> = {
        "verify-full": { connectionString: url(server.port, { ...full, ...shown(alice) }) },
        "verify-full, another authority": { connectionString: url(server.port, { ...full, ...trusted(alice) }) },
        "verify-full, another name": { connectionString: url(misnamed.port, full) },
        "verify-ca, another name": {
          connectionString: url(misnamed.port, { ...full, ...compatible, sslmode: "verify-ca" }),
        },
        "verify-ca, another authority": {
          connectionString: url(misnamed.port, { ...trusted(alice), ...compatible, sslmode: "verify-ca" }),
        },
        "no-verify": { connectionString: url(misnamed.port, { sslmode: "no-verify" }) },
        "no certificate": { connectionString: url(server.port, full) },
        "a stranger's certificate": { connectionString: url(server.port, { ...full, ...shown(stranger) }) },
        "an expired certificate": { connectionString: url(server.port, { ...full, ...shown(expired) }) },
        "TLS 1.2": { ...asAlice, ssl: { ...ssl, maxVersion: "TLSv1.2" } },
        "a server of TLSv1.2": { connectionString: url(old.port, full) },
        "a server of TLSv1.3": { connectionString: url(modern.port, full) },
        "a password": bob,
        "a password, bound to the channel": { ...bob, enableChannelBinding: true },
        "a wrong password, bound to the channel": { ...bob, enableChannelBinding: true, password: "guessed" },
        "a password, to somebody in the middle": { ...bob, ...middle },
        "a password, bound to the channel of somebody in the middle": { ...bob, ...middle, enableChannelBinding: true },
      };
      outcomes = await runProgram("pg.ts", way, {
        versions: byVersion((version) => ({ ...asAlice, port: relay.port, ssl: { ...ssl, ...version } })),
        cutPort: relay.cutPort,
        connections,
      });
    });

    const got = (name: string) => outcomes[name];

    describe.each(versions)("in %s", (version) => {
      it("gets large results, and sends large parameters", () => {
        expect(got(`large results, ${version}`)).toEqual({ value: { rows: 300, whole: true } });
        expect(got(`large parameters, ${version}`)).toEqual({ value: [{ length: 1_000_000 }] });
      });

      it("hears what others notify", () => {
        expect(got(`NOTIFY, ${version}`)).toEqual({ value: { channel: "news", payload: "something happened" } });
      });

      it("goes on after a query that was cancelled", () => {
        expect(got(`a query cancelled, ${version}`)).toEqual({
          value: { code: queryCanceled, afterwards: [{ one: 1 }] },
        });
      });

      it("connects anew when its connections were cut off", () => {
        const value = { query: "an error", afterwards: [{ one: 1 }] };
        expect(got(`connections that are cut off, ${version}`)).toEqual({ value });
      });

      it("doesn't keep a program from its end by connections that it was told to forget", () => {
        expect(got(`a pool that lets the program end, ${version}`)).toEqual({ value: [{ one: 1 }] });
      });

      it("asks over many connections at once", () => {
        expect(got(`a pool, ${version}`)).toEqual({ value: Array.from({ length: 20 }, (_, n) => n) });
      });
    });

    it.each([
      ["verify-full", "TLSv1.3"],
      ["TLS 1.2", "TLSv1.2"],
    ])("shows the certificate that the server demands: %s", (name, version) => {
      expect(got(name)).toEqual({ value: { user: postgresUser, version, certificate: `/CN=${postgresUser}` } });
    });

    it.each(["TLSv1.2", "TLSv1.3"])("connects to a server that has %s alone", (version) => {
      expect(got(`a server of ${version}`)).toEqual({ value: { user: postgresUser, version, certificate: null } });
    });

    it("asks for the name in verify-full, not in verify-ca, and for nothing in no-verify", () => {
      expect(got("verify-full, another name")).toMatchObject({ error: { code: "ERR_TLS_CERT_ALTNAME_INVALID" } });
      expect(got("verify-ca, another name")).toMatchObject({ value: { user: postgresUser } });
      expect(got("no-verify")).toMatchObject({ value: { user: postgresUser } });
    });

    it.each(["verify-full", "verify-ca"])("refuses a server of another authority in %s", (mode) => {
      expect(got(`${mode}, another authority`)).toMatchObject({ error: { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" } });
    });

    it("is refused, and told so, with a certificate that the server doesn't take", () => {
      expect(got("a stranger's certificate")).toMatchObject({
        error: { code: heardAs(way, "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA") },
      });
      expect(got("an expired certificate")).toMatchObject({
        error: { code: heardAs(way, "ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED") },
      });
      expect(got("no certificate")).toMatchObject({ error: { code: invalidAuthorization } });
    });

    it("binds a password to the channel, so that nobody in the middle can use it", () => {
      expect(got("a password")).toMatchObject({ value: { user: "bob" } });
      expect(got("a password, bound to the channel")).toMatchObject({ value: { user: "bob" } });
      expect(got("a wrong password, bound to the channel")).toMatchObject({ error: { code: invalidPassword } });
      expect(got("a password, to somebody in the middle")).toMatchObject({ value: { user: "bob" } });
      expect(got("a password, bound to the channel of somebody in the middle")).toMatchObject({
        error: { message: expect.stringContaining("SCRAM channel binding check failed") },
      });
    });
  });
});

/** Whoever is trusted by mistake: takes a client's connection for PostgreSQL's, and passes on what he hears. */
async function inTheMiddle(postgres: PostgresServer): Promise<Server> {
  const secureContext = tls.createSecureContext({ cert: elsewhere.chainPem, key: elsewhere.keyPem });
  const listener = createServer(async (socket) => {
    await once(socket, "data"); // asks whether TLS may begin
    socket.write("S");
    const client = new tls.TLSSocket(socket, { isServer: true, secureContext });
    const upstream = tls.connect({
      socket: await postgres.readyForTls(),
      servername: "localhost",
      ca: certificate.rootPem,
    });
    pipeline(client, upstream, client, () => undefined);
  });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  return listener;
}
