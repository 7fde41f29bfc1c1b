import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { runSync } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { type CreateServerOptions, createServer } from "@tlskit/node";
import { ocspResponse, revokedSince, ThrowawayLog, throwawayPki } from "@tlskit/testing";
import { certificatesToPem, type OcspAnswer, privateKeyToPem } from "@tlskit/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import { file, served, tlskit } from "./helpers/command.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const hour = 3_600_000;

/** A certificate for localhost, with what there is to say of it. */
function made() {
  const pki = throwawayPki(nodeProvider, random, "localhost", Date.now());
  const { chain, key } = pki.certificate;
  const [leaf] = chain;
  if (leaf === undefined) throw new RangeError("a leaf");
  const [cert, keyFile] = [file("cert.pem", certificatesToPem(...chain)), file("key.pem", privateKeyToPem(key))];
  const staple = (answer: Partial<OcspAnswer> = {}): string =>
    file("staple.der", runSync(ocspResponse(pki, leaf, answer)));
  return {
    pki,
    leaf,
    serve: ["--echo", "--cert", cert, "--key", keyFile],
    staple,
    ca: file("ca.pem", certificatesToPem(pki.root.certificate)),
  };
}

/** What `--json` says. */
async function connected(port: number, ...args: readonly string[]) {
  const { code, stderr } = await tlskit(["connect", `localhost:${port}`, ...args, "--json"]);
  return { code, stderr, summary: code === 0 ? (JSON.parse(stderr) as Record<string, unknown>) : undefined };
}

describe("an OCSP response that tlskit serve is given", () => {
  test("is what tlskit connect --ocsp asks for, and --json tells of it", async () => {
    const { serve, staple, ca } = made();
    const { port } = await served(...serve, "--ocsp-staple", staple());
    const { code, summary } = await connected(port, "--ca", ca, "--ocsp");
    expect(code).toBe(0);
    expect(summary).toMatchObject({
      revocation: [
        { status: "good", by: "staple", nextUpdate: expect.stringMatching(/^\d{4}-.*Z$/) },
        { status: "not_checked", by: null },
      ],
      timestamps: null,
    });
  });

  test("is looked at without --ocsp too, and told", async () => {
    const { serve, staple, ca } = made();
    const { port } = await served(...serve, "--ocsp-staple", staple());
    const { summary } = await connected(port, "--ca", ca);
    expect(summary).toMatchObject({ revocation: [{ status: "good" }, { status: "unknown" }] });
  });

  test("that is missing is told, and refused with --ocsp", async () => {
    const { serve, ca } = made();
    const { port, command } = await served(...serve);
    expect((await connected(port, "--ca", ca)).summary).toMatchObject({
      revocation: [{ status: "unknown", by: null }, {}],
    });
    const { code, stderr } = await connected(port, "--ca", ca, "--ocsp");
    expect(code).toBe(1);
    expect(stderr).toMatch(/our alert: certificate_unknown: .*nothing tells whether/);
    await command.says("stderr", /the peer's alert: certificate_unknown/);
  });

  test.each<[string, Partial<OcspAnswer>, RegExp]>([
    ["says that the certificate was revoked", revokedSince(new Date(Date.now() - hour)), /was revoked/],
    [
      "is stale",
      { thisUpdate: new Date(Date.now() - 3 * hour), nextUpdate: new Date(Date.now() - hour) },
      /was to be replaced/,
    ],
  ])("and %s is wrong usage", async (_, answer, reason) => {
    const { serve, staple } = made();
    const { code, stderr } = await tlskit(["serve", "--port", "0", ...serve, "--ocsp-staple", staple(answer)]);
    expect(code).toBe(2);
    expect(stderr).toMatch(reason);
  });
});

describe("promises of logs", () => {
  /** A server by @tlskit/node with whatever it is to show. */
  async function server(options: CreateServerOptions): Promise<number> {
    const made = createServer(options, (socket) => void socket.pipe(socket));
    made.on("tlsClientError", () => undefined);
    made.listen(0, "127.0.0.1");
    await once(made, "listening");
    onTestFinished(() => void made.close());
    return (made.address() as AddressInfo).port;
  }

  test("are counted by tlskit connect --sct FILE", async () => {
    const { pki, leaf, ca } = made();
    const logs = ["First", "Second"].map((operator) => runSync(ThrowawayLog.make(pki, operator)));
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
    const operators = logs.map(({ operator, key, id }) => ({
      name: operator,
      logs: [{ description: `${operator}'s log`, log_id: base64(id), key: base64(key.der), state: { usable: {} } }],
    }));
    const list = file("logs.json", JSON.stringify({ operators }));
    const signedCertificateTimestamps = logs.map((log) => runSync(log.promise(leaf)));
    const certificates = [{ ...pki.certificate, signedCertificateTimestamps }];
    const { summary } = await connected(await server({ certificates }), "--ca", ca, "--sct", list);
    expect(summary).toMatchObject({
      timestamps: [
        { log: "First's log", operator: "First", delivery: "delivered", timestamp: expect.stringMatching(/Z$/) },
        { operator: "Second" },
      ],
    });
    const without = await connected(await server({ certificates: [pki.certificate] }), "--ca", ca, "--sct", list);
    expect(without.code).toBe(1);
    expect(without.stderr).toMatch(/our alert: certificate_unknown: .*isn't public enough/);
  });
});
