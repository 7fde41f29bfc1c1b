import { once } from "node:events";
import { connect } from "node:net";
import { identity } from "@tlskit/interop/certificates";
import { commandOutput } from "@tlskit/interop/command-output";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { NodeServer, nodeClient } from "@tlskit/interop/node-tls";
import { OpensslServer } from "@tlskit/interop/openssl";
import { payload } from "@tlskit/interop/payload";
import type { Program } from "@tlskit/interop/program";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startExample } from "./helpers/example.ts";

const byOpenssl = identity("P-256", "under P-256", { dnsNames: ["openssl.example"] });
const byNode = identity("P-256", "under P-256", { dnsNames: ["node.example"] });
const noOpenssl =
  commandOutput("openssl", "version") === undefined ? "the command openssl is not on this machine" : undefined;

describeUnless(noOpenssl, "the router by server names", () => {
  let openssl: OpensslServer;
  let node: NodeServer;
  let router: Program;
  let port: number;
  beforeAll(async () => {
    [openssl, node] = await Promise.all([
      OpensslServer.start(byOpenssl),
      NodeServer.start(byNode, { minVersion: "TLSv1.2" }),
    ]);
    router = startExample("sni-router/main.ts", [
      "0",
      `openssl.example=127.0.0.1:${openssl.port}`,
      `node.example=127.0.0.1:${node.port}`,
    ]);
    const [, listening] = await router.waitForLine(/^listening on (\d+)$/);
    port = Number(listening);
  });
  afterAll(() => node?.close());

  it("passes a client on to openssl, which it is verified against", async () => {
    const peer = openssl.next();
    const client = nodeClient(port, byOpenssl, { servername: "openssl.example" });
    const text = payload(100);
    client.send(text);
    await peer.received(text);
    peer.send(text);
    await client.receive(text);
    client.end();
    await client.closed();
  });

  it.each(["TLSv1.3", "TLSv1.2"] as const)(
    "passes a client on to Node's tls, whatever is in the name: %s",
    async (version) => {
      const client = nodeClient(port, byNode, { servername: "NODE.example", minVersion: version, maxVersion: version });
      await client.exchange(await node.accept(), payload(100));
      client.end();
      await client.closed();
    },
  );

  it("refuses a client that asks for somebody else, with the right alert, and says so", async () => {
    const from = router.lines.length;
    const client = nodeClient(port, byNode, { servername: "other.example" });
    expect(await client.over).toMatchObject({ code: "ERR_SSL_TLSV1_UNRECOGNIZED_NAME" });
    await router.waitForLine(/^refused: nobody here is called other\.example$/, from);
  });

  it("refuses a client that asks for nobody", async () => {
    const from = router.lines.length;
    const client = nodeClient(port, byNode, { servername: "" });
    expect(await client.over).toMatchObject({ code: "ERR_SSL_TLSV1_UNRECOGNIZED_NAME" });
    await router.waitForLine(/^refused: the client names nobody$/, from);
  });

  it("hangs up on whoever speaks no TLS", async () => {
    const from = router.lines.length;
    const client = connect(port, "127.0.0.1");
    client.end("GET / HTTP/1.1\r\n\r\n");
    client.resume();
    await once(client, "close");
    await router.waitForLine(/^refused: .*HTTP/, from);
  });
});
