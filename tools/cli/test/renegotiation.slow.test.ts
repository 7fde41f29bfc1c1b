import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import * as tls from "node:tls";
import { nodeProvider } from "@tlskit/crypto-node";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import { workshop } from "./helpers/cert.ts";
import { Command, file, type Outcome } from "./helpers/command.ts";

/** A server by Node's own tls, which wants to know who its client is when it has heard what it wants, and then says it. */
async function asking(clientCa: string): Promise<{ readonly port: number; readonly ca: string }> {
  const { root, certificate } = throwawayPki(
    nodeProvider,
    (length) => crypto.getRandomValues(new Uint8Array(length)),
    ["localhost"],
    Date.now(),
  );
  const own = { cert: certificatesToPem(...certificate.chain), key: privateKeyToPem(certificate.key) };
  const server = tls.createServer({ ...own, ca: readFileSync(clientCa), maxVersion: "TLSv1.2" }, (socket) => {
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
  // it listens on a port, so it has one
  return { port: (server.address() as AddressInfo).port, ca: file("ca.pem", certificatesToPem(root.certificate)) };
}

/** A client that asks, and leaves its input open: in TLS 1.2 the end of the one side is the end of both. */
async function talking(...args: readonly string[]): Promise<Outcome> {
  const command = new Command(args);
  command.child.stdin.write("who am I?\n");
  return await command.ended();
}

describe("tlskit connect --renegotiate", { timeout: 60_000 }, () => {
  test("shows its certificate to a server that asks for it later, and tells what came of each handshake", async () => {
    const { cert, path } = workshop();
    expect(await cert("create", "--client", "--host", "alice.example")).toMatchObject({ code: 0 });
    const { port, ca } = await asking(path("ca.pem"));
    const own = ["--cert", path("alice.example-client.pem"), "--key", path("alice.example-client-key.pem")];
    const to = ["connect", `localhost:${port}`, "--ca", ca, ...own, "--json"];
    const { code, stdout, stderr } = await talking(...to, "--renegotiate");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "hello, alice.example\n" });
    const told = stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(told.map(({ version, clientCertificates }) => [version, clientCertificates.length])).toEqual([
      ["TLSv1.2", 0],
      ["TLSv1.2", 1],
    ]);
  });

  test("is what it takes: otherwise the server is told that there is none", async () => {
    const { cert, path } = workshop();
    expect(await cert("create", "--client", "--host", "alice.example")).toMatchObject({ code: 0 });
    const { port, ca } = await asking(path("ca.pem"));
    const { stdout, stderr } = await talking("connect", `localhost:${port}`, "--ca", ca, "--trace");
    expect(stdout).not.toMatch(/hello/);
    expect(stderr).toMatch(/← HelloRequest \(4 bytes, application keys\)\n(?:.*\n)*→ Alert no_renegotiation/);
  });
});
