import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as tls from "node:tls";
import { nodeProvider } from "@tlskit/crypto-node";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import { Command, file, type Outcome } from "./helpers/command.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const servers = throwawayPki(nodeProvider, random, ["localhost"], Date.now());
const clients = throwawayPki(nodeProvider, random, "alice.example", Date.now(), { purpose: "clientAuth" });
const pemOf = ({ certificate: { chain, key } }: typeof servers) => ({
  cert: certificatesToPem(...chain),
  key: privateKeyToPem(key),
});

/** A server by Node's own tls, which wants to know who its client is when it has heard what it wants, and then says it. */
async function asking(): Promise<readonly string[]> {
  const ca = certificatesToPem(clients.root.certificate);
  const server = tls.createServer({ ...pemOf(servers), ca, maxVersion: "TLSv1.2" }, (socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.renegotiate({ requestCert: true, rejectUnauthorized: false }, (error) => {
        const { subject } = socket.getPeerCertificate();
        socket.end(error === null ? `hello, ${subject?.CN ?? "stranger"}\n` : `${error.message}\n`);
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // it listens on a port, so it has one
  return ["connect", `localhost:${port}`, "--ca", file("ca.pem", certificatesToPem(servers.root.certificate))];
}

/** A client that asks, and leaves its input open: in TLS 1.2 the end of the one side is the end of both. */
async function talking(...args: readonly string[]): Promise<Outcome> {
  const command = new Command(args);
  command.child.stdin.write("who am I?\n");
  return await command.ended();
}

describe("tlskit connect --renegotiate", { timeout: 60_000 }, () => {
  test("shows its certificate to a server that asks for it later, and tells what came of each handshake", async () => {
    const { cert, key } = pemOf(clients);
    const own = ["--cert", file("cert.pem", cert), "--key", file("key.pem", key)];
    const { code, stdout, stderr } = await talking(...(await asking()), ...own, "--json", "--renegotiate");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "hello, alice.example\n" });
    const told = stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(told.map(({ version, clientCertificates }) => [version, clientCertificates.length > 0])).toEqual([
      ["TLSv1.2", false],
      ["TLSv1.2", true],
    ]);
  });

  test("is what it takes: otherwise the server is told that there is none", async () => {
    const { stdout, stderr } = await talking(...(await asking()), "--trace");
    expect(stdout).not.toMatch(/hello/);
    expect(stderr).toMatch(/← HelloRequest \(4 bytes, application keys\)\n(?:.*\n)*→ Alert no_renegotiation/);
  });
});
