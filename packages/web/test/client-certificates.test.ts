import { nodeProvider } from "@tlskit/crypto-node";
import { throwawayPki } from "@tlskit/testing";
import { ownCertificates, postHandshakeAuthentication, VerifiedChain } from "@tlskit/tls";
import { describe, expect, test } from "vitest";
import type { ClientContextOptions, ServerContextOptions } from "../src/index.ts";
import { codeOf, failure, read, text, write } from "./helpers/streams.ts";
import { opened, pair, providers } from "./helpers/world.ts";

const clients = throwawayPki(
  nodeProvider,
  (length) => crypto.getRandomValues(new Uint8Array(length)),
  "alice.example",
  Date.now(),
  { purpose: "clientAuth" },
);
const { anchors } = clients;
const alice: Partial<ClientContextOptions> = {
  certificates: ownCertificates([clients.certificate]),
  postHandshakeAuth: postHandshakeAuthentication,
};
const later: Partial<ServerContextOptions> = { clientCertificates: { demand: "later", anchors } };

describe.each(providers)("clients' certificates, by $name", (provider) => {
  test("a client is known when its handshake is done", async () => {
    const server = { clientCertificates: { demand: "required", anchors } } as const;
    const { server: socket } = await opened({ provider, client: alice, server });
    expect(socket.info?.peer).toBeInstanceOf(VerifiedChain);
  });

  test("one without a certificate is refused: it is told at the first read", async () => {
    const server = { clientCertificates: { demand: "required", anchors } } as const;
    const { client, server: socket } = await pair({ provider, server });
    expect(await codeOf(socket.opened)).toBe("certificate_required");
    await client.opened;
    expect(await codeOf(text(client.readable))).toBe("alert_certificate_required");
  });

  test("one is asked afterwards, and known from then on", async () => {
    const { client, server } = await opened({ provider, client: alice, server: later });
    expect(server.info?.peer).toBeUndefined();
    const [answer] = await Promise.all([server.requestClientCertificate(), write(client.writable, "data besides")]);
    expect(answer.authenticated).toBe(true);
    expect(answer.info.peer).toBeInstanceOf(VerifiedChain);
    expect(server.info?.peer).toBe(answer.info.peer);
    expect(await read(server.readable, 12)).toBe("data besides");
  });

  test("one that has none says so", async () => {
    const { server } = await opened({
      provider,
      client: { postHandshakeAuth: postHandshakeAuthentication },
      server: later,
    });
    expect(await server.requestClientCertificate()).toMatchObject({ authenticated: false });
  });

  test("one that didn't offer it can't be asked", async () => {
    const { server } = await opened({ provider, server: later });
    expect(await failure(server.requestClientCertificate())).toMatchObject({
      kind: "caller",
      code: "client_not_askable",
    });
  });

  test("nobody can be asked before the handshake is done, nor at an end", async () => {
    const { server } = await pair({ provider, client: alice, server: later });
    expect(await codeOf(server.requestClientCertificate())).toBe("not_established");
    await server.opened;
    await server.close();
    expect(await codeOf(server.requestClientCertificate())).toBe("closed");
  });

  test("a question that gets no answer fails with the connection", async () => {
    const never = { ...alice, certificates: ownCertificates(() => new Promise<undefined>(() => {})) };
    const { client, server, wire } = await opened({ provider, client: never, server: later });
    const first = failure(server.requestClientCertificate());
    wire.cut();
    expect((await first).code).toBe("transport_failed");
    expect(await codeOf(client.closed)).toBe("transport_failed");
    const other = await opened({ provider, client: never, server: later });
    const second = failure(other.server.requestClientCertificate());
    await other.server.close();
    expect((await second).code).toBe("closed");
  });
});
