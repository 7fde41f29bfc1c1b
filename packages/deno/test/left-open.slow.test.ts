import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { nodeProvider } from "@tlskit/crypto-node";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deno, testFile } from "./helpers/deno.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const { root, certificate } = throwawayPki(nodeProvider, random, "localhost", Date.now());
const authority = certificatesToPem(root.certificate);

/** A server of Node's own, in another process than the client. */
let server: Server;
let connected: (socket: TLSSocket) => void = () => undefined;

beforeAll(async () => {
  server = createServer({ cert: certificatesToPem(...certificate.chain), key: privateKeyToPem(certificate.key) });
  server.on("secureConnection", (socket) => {
    socket.on("error", () => undefined);
    connected(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => void server.close());

/** What a program says that ends with a connection open, and ends by itself. */
async function said(how: string): Promise<string> {
  const { port } = server.address() as AddressInfo; // it listens on a port, so it has one
  const allowed = ["--no-prompt", "--allow-net=localhost,127.0.0.1"];
  const args = [String(port), authority, how];
  const { output } = await deno("run", "--no-check", ...allowed, testFile("deno/left-open.ts"), ...args);
  return output.trim();
}

describe("a process lives as long as somebody waits for a connection", () => {
  test.each(["nobody waits", "waiting, unref", "listening, unref"])("and no longer: %s", async (how) => {
    connected = () => undefined;
    expect(await said(how)).toBe("the end");
  });

  test.each(["waiting", "waiting, unref, ref"])("and as long as that: %s", async (how) => {
    // When the program has come to its end already, most often.
    connected = (socket) => void setTimeout(() => socket.write("hello"), 200);
    expect(await said(how)).toBe("the end\n5 bytes came");
  });

  test("and until what was written last has gone, with a close_notify behind it", async () => {
    const heard = new Promise<string>((resolve, reject) => {
      connected = (socket) => text(socket).then(resolve, reject);
    });
    expect(await said("closing")).toBe("the end");
    expect(await heard).toBe("the last words");
  });
});
