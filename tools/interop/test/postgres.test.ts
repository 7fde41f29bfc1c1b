import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import * as tls from "node:tls";
import { connect } from "@tlskit/node";
import { Alert } from "@tlskit/tls";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { clientIdentity, type Identity, identity } from "../src/certificates.ts";
import { describeUnless } from "../src/describe-unless.ts";
import { forPg, PostgresServer, postgres, postgresUser } from "../src/postgres.ts";

const certificate = identity("P-256");
const user = clientIdentity(postgresUser);

const ours = (socket: Socket, shown?: Identity, maxVersion?: "TLSv1.2"): Duplex =>
  connect({
    socket,
    servername: "localhost",
    ca: certificate.rootPem,
    cert: shown?.chainPem,
    key: shown?.keyPem,
    maxVersion,
  });

/** Whose TLS it is: Node's own shows what is usual. */
const clients: Readonly<Record<string, (socket: Socket, shown?: Identity) => Duplex>> = {
  "node:tls": (socket, shown) =>
    tls.connect({
      socket,
      servername: "localhost",
      ca: certificate.rootPem,
      ...(shown === undefined ? {} : { cert: shown.chainPem, key: shown.keyPem }),
    }),
  ours,
  "ours in TLS 1.2": (socket, shown) => ours(socket, shown, "TLSv1.2"),
};

describeUnless(
  typeof postgres === "string" ? postgres : undefined,
  "PostgreSQL, which demands certificates that name the user",
  () => {
    let server: PostgresServer;
    beforeAll(async () => {
      if (typeof postgres === "string") return;
      server = await PostgresServer.start(postgres, certificate, { clients: user });
    });
    afterAll(() => server.stop());

    async function driver(open: (raw: Socket) => Duplex): Promise<Client> {
      const stream = open(await server.readyForTls());
      const client = new Client({ user: postgresUser, database: "postgres", stream: () => forPg(stream) });
      client.on("error", () => undefined);
      onTestFinished(() => client.end());
      return client;
    }

    describe.each(Object.entries(clients))("by %s", (_name, open) => {
      it("serves the user whom the certificate names", async () => {
        const client = await driver((raw) => open(raw, user));
        await client.connect();
        const { rows } = await client.query(
          "SELECT $1::int AS answer, current_user AS who, repeat('x', 100000) AS long",
          [42],
        );
        expect(rows).toEqual([{ answer: 42, who: postgresUser, long: "x".repeat(100_000) }]);
      });

      it("refuses one whom the certificate doesn't name, behind the handshake", async () => {
        const client = await driver((raw) => open(raw, clientIdentity("bob")));
        await expect(client.connect()).rejects.toThrow(`"trust" authentication failed for user "${postgresUser}"`);
      });

      it("refuses one who shows no certificate, behind the handshake", async () => {
        const client = await driver((raw) => open(raw));
        await expect(client.connect()).rejects.toThrow("connection requires a valid client certificate");
      });
    });

    it("refuses ours with an expired certificate, and is heard though the driver writes at once", async () => {
      const expired = clientIdentity(postgresUser, "P-256", "under Ed25519", { expired: true });
      const client = await driver((raw) => ours(raw, expired));
      await expect(client.connect()).rejects.toMatchObject({ kind: "alert", alert: Alert.certificateExpired });
    });
  },
);
