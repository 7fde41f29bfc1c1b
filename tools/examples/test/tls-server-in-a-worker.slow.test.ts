import { clientIdentity, identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { identityFiles } from "@tlskit/interop/scratch";
import { noWorkerd, type Workerd } from "@tlskit/interop/workerd";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runExample } from "./helpers/example.ts";
import { startWorker } from "./helpers/worker.ts";

const certificate = identity("P-256");
const alice = clientIdentity("alice");
const stranger = clientIdentity("alice", "P-256", "under P-256");

describeUnless(noWorkerd, "the example of a TLS server in a Worker", () => {
  let worker: Workerd;
  beforeAll(async () => {
    worker = await startWorker("tls-server-in-a-worker", {
      "certificate.pem": certificate.chainPem,
      "key.pem": certificate.keyPem,
      "clients.pem": alice.rootPem,
    });
  });
  afterAll(() => worker?.stop());

  const run = (host: string, client: typeof alice) => {
    const { chain, key } = identityFiles(client);
    const url = `ws://127.0.0.1:${worker.port}/`;
    return runExample("tls-server-in-a-worker/client.ts", [url, host, identityFiles(certificate).root, chain, key]);
  };

  it("knows its clients, also when they come again", async () => {
    const { exitCode, lines } = await run("localhost", alice);
    expect(lines).toEqual(["hello, CN=alice", "hello, CN=alice again"]);
    expect(exitCode).toBe(0);
  });

  it("isn't taken for anybody else", async () => {
    const { exitCode, lines } = await run("another.example", alice);
    expect(lines.join("\n")).toContain("certificate_name_mismatch");
    expect(exitCode).toBe(1);
  });

  it("lets nobody in without a certificate of the authority that it knows", async () => {
    const { exitCode, lines } = await run("localhost", stranger);
    expect(lines.join("\n")).toContain("alert_certificate_required");
    expect(exitCode).toBe(1);
  });

  it("speaks by WebSocket alone", async () => {
    expect((await fetch(`http://127.0.0.1:${worker.port}/`)).status).toBe(426);
  });
});
