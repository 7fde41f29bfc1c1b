import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { clientIdentity, type Identity, identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { noWorkerd } from "@tlskit/interop/workerd";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startWorker } from "./helpers/worker.ts";

const certificate = identity("P-256");
const alice = clientIdentity("alice");
const stranger = clientIdentity("alice", "P-256", "under P-256");

describeUnless(noWorkerd, "the example of mutual TLS from a Worker", () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer(
      { cert: certificate.chainPem, key: certificate.keyPem, ca: alice.rootPem, requestCert: true },
      ({ url, socket }, response) => {
        const { subject } = (socket as TLSSocket).getPeerCertificate();
        response.writeHead(url === "/secret" ? 403 : 200).end(`${String(subject.CN)} wants ${url}`);
      },
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  /** What a Worker answers that has this certificate and trusts this authority. */
  async function answered(path: string, client: Identity, authority: Identity): Promise<string> {
    const { port } = server.address() as AddressInfo; // it listens on a port, so it has one
    const files = { "authority.pem": authority.rootPem, "certificate.pem": client.chainPem, "key.pem": client.keyPem };
    const running = await startWorker("worker-mutual-tls", files, { SERVER: `https://localhost:${port}` });
    try {
      const response = await fetch(`http://127.0.0.1:${running.port}${path}`);
      return `${response.status} ${await response.text()}`;
    } finally {
      await running.stop();
    }
  }

  it("is let in by its certificate, and passes on what is answered", async () => {
    expect(await answered("/some?thing", alice, certificate)).toBe("200 alice wants /some?thing");
    expect(await answered("/secret", alice, certificate)).toBe("403 alice wants /secret");
  });

  it("isn't let in without a certificate of the authority that the server names", async () => {
    expect(await answered("/", stranger, certificate)).toMatch(/^502 alert_certificate_required: /);
  });

  it("refuses a server of another authority", async () => {
    expect(await answered("/", alice, alice)).toMatch(/^502 certificate_unknown_issuer: /);
  });
});
