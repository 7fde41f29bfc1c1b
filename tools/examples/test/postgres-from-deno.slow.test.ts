import { clientIdentity, identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { PostgresServer, postgres, postgresUser } from "@tlskit/interop/postgres";
import { identityFiles } from "@tlskit/interop/scratch";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runInDeno } from "./helpers/example.ts";

const certificate = identity("P-256");
const alice = clientIdentity(postgresUser);
const stranger = clientIdentity(postgresUser, "P-256", "under P-256");

describeUnless(typeof postgres === "string" ? postgres : undefined, "the example of PostgreSQL from Deno", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    if (typeof postgres === "string") return;
    server = await PostgresServer.start(postgres, certificate, { clients: alice });
  });
  afterAll(() => server?.stop());

  const run = (client: typeof alice, ca = certificate) => {
    const { chain, key } = identityFiles(client);
    const args = ["localhost", String(server.port), postgresUser, identityFiles(ca).root, chain, key];
    return runInDeno("postgres-from-deno/main.ts", ["--allow-net", "--allow-env", "--allow-read"], args);
  };

  it("is let in by its certificate, and gets a long answer", async () => {
    const { exitCode, lines } = await run(alice);
    expect(lines.at(-1)).toMatch(/^\{/);
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
      version: "TLSv1.3",
      client_dn: expect.stringContaining(postgresUser),
      current_user: postgresUser,
      long: 100_000,
    });
    expect(exitCode).toBe(0);
  });

  it("isn't let in by a certificate of another authority", async () => {
    const { exitCode, lines } = await run(stranger);
    expect(exitCode).toBe(1);
    // It isn't even shown: PostgreSQL says whose certificates it takes.
    expect(lines.join("\n")).toMatch(/connection requires a valid client certificate/);
  });

  it("refuses a server of another authority", async () => {
    const { exitCode, lines } = await run(alice, alice);
    expect(exitCode).toBe(1);
    expect(lines.join("\n")).toMatch(/the server's certificate is refused/);
  });
});
