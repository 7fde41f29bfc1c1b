/** Clients that show who they are. */
import assert from "node:assert/strict";
import { tls12 } from "@tlskit/tls";
import type { ServerContextOptions } from "../../src/index.ts";
import { bytes, clientPem, clientPki, close, failsWith, pair, pki, readText } from "./world.ts";

const asking: Partial<ServerContextOptions> = {
  clientCertificates: { demand: "required", anchors: clientPki.anchors },
};
const alice = { cert: clientPem.cert, key: clientPem.key };

for (const versions of [undefined, [tls12]]) {
  const name = versions === undefined ? "TLS 1.3" : "TLS 1.2";

  Deno.test(`a client shows its certificate, which is verified: ${name}`, async () => {
    const { client, server } = await pair(alice, { ...asking, versions });
    const { peer } = await server.handshake();
    assert.deepEqual(peer?.leaf.der, clientPki.certificate.chain[0]?.der);
    await client.write(bytes("hello"));
    assert.equal(await readText(server, 5), "hello");
    await close(client, server);
  });

  Deno.test(`a client without one is refused where it is required: ${name}`, async () => {
    const { client, server } = await pair({}, { ...asking, versions });
    await failsWith(server.handshake(), "certificate_required");
    // The alert may come when the client is connected already: it is told then where it reads, and where it writes.
    const { alert } = await failsWith(
      client.read(new Uint8Array(1)),
      versions === undefined ? "alert_certificate_required" : "alert_handshake_failure",
    );
    assert.equal(alert, versions === undefined ? 116 : 40);
    await assert.rejects(client.write(bytes("x")), { name: "TlsError", alert });
    await close(client, server);
  });

  Deno.test(`a certificate by somebody else is refused: ${name}`, async () => {
    const stranger = { certificates: pki.certificates };
    const { client, server } = await pair(stranger, { ...asking, versions });
    await assert.rejects(server.handshake(), { name: "TlsError" });
    await assert.rejects(client.read(new Uint8Array(1)), { name: "TlsError", kind: "alert" });
    await close(client, server);
  });

  Deno.test(`a client may stay anonymous where it is asked for nothing more: ${name}`, async () => {
    const clientCertificates = { demand: "optional", anchors: clientPki.anchors } as const;
    const { client, server } = await pair({}, { clientCertificates, versions });
    assert.equal((await server.handshake()).peer, undefined);
    await close(client, server);
  });
}

Deno.test("a client is asked after the handshake", async () => {
  const clientCertificates = { demand: "later", anchors: clientPki.anchors } as const;
  const { client, server } = await pair({ ...alice, postHandshakeAuth: true }, { clientCertificates });
  assert.equal((await server.handshake()).peer, undefined);
  const { authenticated } = await server.requestClientCertificate();
  assert.equal(authenticated, true);
  assert.deepEqual(server.info?.peer?.leaf.der, clientPki.certificate.chain[0]?.der);
  await close(client, server);
});

Deno.test("who waits for a client's answer is told that there will be none", async () => {
  const clientCertificates = { demand: "later", anchors: clientPki.anchors } as const;
  const chooseCertificate = () => new Promise<undefined>(() => undefined);
  const { client, server } = await pair({ chooseCertificate, postHandshakeAuth: true }, { clientCertificates });
  await server.handshake();
  const answering = server.requestClientCertificate();
  client.close();
  await assert.rejects(answering, { name: "TlsError" });
  await close(client, server);
});

Deno.test("who can't be asked is an error of the caller's", async () => {
  const { client, server } = await pair({}, {});
  await failsWith(server.requestClientCertificate(), "not_established");
  await server.handshake();
  await failsWith(server.requestClientCertificate(), "client_not_askable");
  await close(client, server);
});
