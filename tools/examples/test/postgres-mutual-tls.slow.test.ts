import { clientIdentity, identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { PostgresServer, postgres, postgresUser } from "@tlskit/interop/postgres";
import { identityFiles } from "@tlskit/interop/scratch";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runExample } from "./helpers/example.ts";

const certificate = identity("P-256");
const alice = clientIdentity(postgresUser);
const stranger = clientIdentity(postgresUser, "P-256", "under P-256");

describeUnless(typeof postgres === "string" ? postgres : undefined, "the example of PostgreSQL", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    if (typeof postgres === "string") return;
    server = await PostgresServer.start(postgres, certificate, { clients: alice });
  });
  afterAll(() => server?.stop());

  const run = (client: typeof alice, ca = certificate) => {
    const { chain, key } = identityFiles(client);
    const args = ["localhost", String(server.port), postgresUser, identityFiles(ca).root, chain, key];
    return runExample("postgres-mutual-tls/main.ts", args, { node: ["--import", "@tlskit/node/register"] });
  };

  it("is let in by its certificate, and is verified against nobody's word but the authority's", async () => {
    const { exitCode, lines } = await run(alice);
    expect(exitCode).toBe(0);
    expect(JSON.parse(lines.join())).toMatchObject({
      version: "TLSv1.3",
      client_dn: expect.stringContaining(postgresUser),
      current_user: postgresUser,
      tlskit: true,
    });
  });

  it("isn't let in by a certificate of another authority", async () => {
    const { exitCode, lines } = await run(stranger);
    expect(exitCode).toBe(1);
    expect(lines.join("\n")).toMatch(/unknown.ca/i);
  });

  it("refuses a server of another authority", async () => {
    const { exitCode, lines } = await run(alice, alice);
    expect(exitCode).toBe(1);
    expect(lines.join("\n")).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT|SELF_SIGNED/);
  });
});
