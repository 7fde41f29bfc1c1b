import { readFileSync, writeFileSync } from "node:fs";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { certificatesToPem, createCertificateSync, generatePrivateKeySync } from "@tlskit/x509";
import { describe, expect, test } from "vitest";
import { workshop } from "./helpers/cert.ts";
import { served } from "./helpers/command.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

describe("cert show FILE", () => {
  test("is readable and aligned", async () => {
    const { cert } = workshop();
    await cert("create", "--host", "a.test,10.0.0.1", "--days", "80");
    const { code, stdout, stderr } = await cert("show", "a.test+1.pem");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toBe("CN=a.test");
    expect(lines.slice(1).every((line) => /^ {2}\S.{12,} {2}\S|^ {2}serial number {2}\S/.test(line))).toBe(true);
    expect(stdout).toMatch(/ {2}valid until {4}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, in 79 days\n/);
    expect(stdout).toMatch(/ {2}names {10}a\.test, 10\.0\.0\.1\n/);
    expect(stdout).not.toContain("!");
  });

  test("says in plain words what is wrong or about to be", async () => {
    const { cert, path } = workshop();
    const key = generatePrivateKeySync({ provider, random });
    const day = 86_400_000;
    const self = createCertificateSync({
      provider,
      random,
      signer: key,
      publicKey: key,
      subject: { commonName: "a.test" },
      validity: { notBefore: new Date(Date.now() - 85 * day), notAfter: new Date(Date.now() + 5.5 * day) },
    });
    writeFileSync(path("self.pem"), certificatesToPem(self));
    const { stdout } = await cert("show", "self.pem");
    expect(stdout).toMatch(/! expires in 5 days\n/);
    expect(stdout).toMatch(/! is self-signed: nobody else vouches for it\n/);
    expect(stdout).toMatch(/! has no alternative names/);
    const { stdout: json } = await cert("show", "self.pem", "--json");
    expect(JSON.parse(json).certificates[0].concerns).toHaveLength(3);
  });

  test("shows every certificate of a file, and whether they are in order", async () => {
    const { cert, path } = workshop();
    await cert("create", "--host", "a.test");
    const key = generatePrivateKeySync({ provider, random });
    const basics = { provider, random, signer: key, publicKey: key, validity: { from: new Date() } };
    const stranger = createCertificateSync({ ...basics, subject: { commonName: "Stranger" }, ca: {} });
    writeFileSync(path("chain.pem"), readFileSync(path("a.test.pem"), "utf8") + certificatesToPem(stranger));
    const { stdout } = await cert("show", "chain.pem");
    expect(stdout).toMatch(/^1\. CN=a\.test\n/);
    expect(stdout).toMatch(/\n\n2\. CN=Stranger\n/);
    expect(stdout).toMatch(/\n! certificate 2 is not the issuer of certificate 1, but CN=Stranger\n$/);
  });

  test("what a certificate says is shown, not obeyed", async () => {
    const { cert, path } = workshop();
    const key = generatePrivateKeySync({ provider, random });
    const hostile = createCertificateSync({
      provider,
      random,
      signer: key,
      publicKey: key,
      subject: { commonName: "\u001b[2Ja\u202eb" },
      validity: { from: new Date() },
    });
    writeFileSync(path("hostile.pem"), certificatesToPem(hostile));
    const { stdout } = await cert("show", "hostile.pem");
    expect(stdout).not.toMatch(/[^\P{C}\n]/u);
  });

  test("says what a file without certificates has instead", async () => {
    const { cert } = workshop();
    await cert("csr", "--host", "a.test");
    const { code, stderr } = await cert("show", "a.test.csr");
    expect(code).toBe(1);
    expect(stderr).toBe("tlskit: a.test.csr: it has no block CERTIFICATE, but CERTIFICATE REQUEST\n");
  });
});

describe("cert show HOST", () => {
  test("shows the certificates of a server that isn't trusted, and why", async () => {
    const { port } = await served();
    const { cert } = workshop();
    const { code, stdout } = await cert("show", `localhost:${port}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^CN=localhost\n/);
    expect(stdout).toMatch(/\n! no connection: our alert: unknown_ca: .*is not known\n$/);
  });

  test("and of one that is", async () => {
    const { port, ca } = await served();
    const { certWith } = workshop();
    const env = { SSL_CERT_FILE: ca, SSL_CERT_DIR: "" };
    const { stdout } = await certWith(env, "show", `localhost:${port}`);
    expect(stdout).toMatch(/The server proved to be who it says\.\n$/);
    const json = await certWith(env, "show", `localhost:${port}`, "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ verified: true, reason: null, certificates: [{ ca: false }] });
  });

  test("nobody there is exit 1", async () => {
    const { cert } = workshop();
    expect(await cert("show", "localhost:1")).toMatchObject({ code: 1, stdout: "" });
  });
});
