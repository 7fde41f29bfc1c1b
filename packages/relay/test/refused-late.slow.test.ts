import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:tls";
import { nodeProvider } from "@tlskit/crypto-node";
import { Relay } from "@tlskit/relay";
import { throwawayPki } from "@tlskit/testing";
import { connect, createClientContext, relayStream } from "@tlskit/web";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { afterAll, beforeAll, expect, test } from "vitest";

const host = "db.example";
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const { certificate, root, anchors } = throwawayPki(nodeProvider, random, host, Date.now());
let [server, relay]: [Server?, Relay?] = [];
let [port, relayPort] = [0, 0];

beforeAll(async () => {
  const [cert, key, ca] = [
    certificatesToPem(...certificate.chain),
    privateKeyToPem(certificate.key),
    certificatesToPem(root.certificate),
  ];
  server = createServer({ cert, key, ca, requestCert: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
  relay = new Relay({ targets: [`127.0.0.1:${port}`], origins: [], allowWithoutOrigin: true });
  relayPort = (await relay.listen(0, "127.0.0.1")).port;
});
afterAll(async () => {
  server?.close();
  await relay?.close();
});

// A client of TLS 1.3 is connected before the server has judged it, and sends: the relay's writes fail before it has read why.
test("a page that goes on sending hears why it is refused", { timeout: 60_000 }, async () => {
  const context = await createClientContext({ anchors, provider: nodeProvider });
  const heard: unknown[] = [];
  for (let connection = 0; connection < 20; connection += 1) {
    const stream = await relayStream(`ws://127.0.0.1:${relayPort}`, { host: "127.0.0.1", port });
    const socket = connect(stream, context, { host });
    const writer = socket.writable.getWriter();
    const sending = (async () => {
      for (;;) await writer.write(new Uint8Array(2000));
    })();
    sending.catch(() => undefined);
    await new Response(socket.readable).text().catch((error: unknown) => heard.push(error));
    await socket.close().catch(() => undefined);
  }
  expect(heard).toEqual(
    Array.from({ length: 20 }, () => expect.objectContaining({ code: "alert_certificate_required" })),
  );
});
