import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { needsOpenssl, type Workshop, workshop } from "./helpers/cert.ts";

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const read = (path: string): X509Certificate => new X509Certificate(readFileSync(path));

describe("cert create", () => {
  test("makes a CA and a certificate by it, and the next by the same CA", async () => {
    const { cert, path } = workshop();
    const first = await cert("create", "--host", "localhost,*.dev.test", "--host", "127.0.0.1,::1");
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toContain("a new CA");
    const second = await cert("create", "--host", "other.test");
    expect(second.stdout).toContain("by the CA");
    const ca = read(path("ca.pem"));
    for (const name of ["localhost+3.pem", "other.test.pem"]) {
      expect(read(path(name)).checkIssued(ca)).toBe(true);
      expect(read(path(name)).verify(ca.publicKey)).toBe(true);
    }
    const leaf = read(path("localhost+3.pem"));
    expect(leaf.checkHost("a.dev.test")).toBe("*.dev.test");
    expect(leaf.checkIP("::1")).toBe("::1");
    expect([ca.ca, leaf.ca]).toEqual([true, false]);
  });

  test("keeps private keys from others, and never writes over a file unasked", async () => {
    const { cert, path } = workshop();
    await cert("create", "--host", "a.test");
    expect(["ca-key.pem", "a.test-key.pem"].map((name) => mode(path(name)))).toEqual(["600", "600"]);
    const before = readFileSync(path("a.test.pem"), "utf8");
    const again = await cert("create", "--host", "a.test");
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(/is there already; --force/);
    expect(readFileSync(path("a.test.pem"), "utf8")).toBe(before);
    expect((await cert("create", "--host", "a.test", "--force")).code).toBe(0);
    expect(readFileSync(path("a.test.pem"), "utf8")).not.toBe(before);
    expect(mode(path("a.test-key.pem"))).toBe("600");
  });

  test("makes the CA alone, of so many days, and elsewhere", async () => {
    const { cert, path } = workshop();
    expect((await cert("create", "--ca", "authority", "--days", "30", "--key", "ed25519")).code).toBe(0);
    const ca = read(path("authority/ca.pem"));
    expect(ca.publicKey.asymmetricKeyType).toBe("ed25519");
    expect(Date.parse(ca.validTo) - Date.parse(ca.validFrom)).toBe(30 * 86_400_000 - 1000);
    expect((await cert("create", "--ca", "authority")).code).toBe(2);
    await cert("create", "--ca", "authority", "--host", "a.test", "--out", "site", "--days", "3");
    expect(Date.parse(read(path("site/a.test.pem")).validTo)).toBeLessThan(Date.now() + 3 * 86_400_000);
    expect(existsSync(path("site/ca.pem"))).toBe(false);
  });

  test("makes certificates for clients, also for people", async () => {
    const { cert, path } = workshop();
    expect((await cert("create", "--client", "--host", "me@example.test")).code).toBe(0);
    const certificate = read(path("me@example.test-client.pem"));
    expect(certificate.subjectAltName).toBe("email:me@example.test");
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
    const verdict = await cert("verify", "me@example.test-client.pem", "--ca", "ca.pem", "--purpose", "client");
    expect(verdict.code).toBe(0);
  });
});

describe("openssl takes what is made, and the other way round", { timeout: 120_000 }, () => {
  beforeEach((context) => needsOpenssl(context));

  test.each(["ec", "rsa", "ed25519"])("with keys of the kind %s", async (kind) => {
    const made = workshop();
    await made.cert("create", "--host", "a.test", "--key", kind);
    expect(
      made.openssl(
        "verify",
        "-x509_strict",
        "-purpose",
        "sslserver",
        "-verify_hostname",
        "a.test",
        "-CAfile",
        "ca.pem",
        "a.test.pem",
      ),
    ).toContain("OK");
    const publicKey = made.openssl("x509", "-in", "a.test.pem", "-noout", "-pubkey");
    expect(made.openssl("pkey", "-in", "a.test-key.pem", "-pubout")).toBe(publicKey);

    expect((await made.cert("csr", "--host", "b.test,c.test", "--key", kind)).code).toBe(0);
    expect(made.openssl("req", "-in", "b.test+1.csr", "-noout", "-verify", "-text")).toContain(
      "DNS:b.test, DNS:c.test",
    );
    const signed = await made.cert("sign", "b.test+1.csr", "--ca", ".", "--out", "b.pem");
    expect(signed).toMatchObject({ code: 0, stderr: "certified: b.test, c.test\n" });
    expect(
      made.openssl("verify", "-x509_strict", "-verify_hostname", "c.test", "-CAfile", "ca.pem", "b.pem"),
    ).toContain("OK");
  });

  test.each([
    ["ec", ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]],
    ["rsa", ["rsa", "-pkeyopt", "rsa_keygen_bits:2048"]],
    ["ed25519", ["ed25519"]],
    ["ed448", ["ed448"]],
  ])("what openssl made with %s is valid here", async (_, algorithm) => {
    const other = workshop();
    makeByOpenssl(other, algorithm);
    const valid = await other.cert("verify", "leaf.pem", "--ca", "ca.pem", "--hostname", "a.test", "--json");
    expect(valid.code).toBe(0);
    expect(JSON.parse(valid.stdout)).toMatchObject({
      valid: true,
      path: [{ subject: "CN=a.test" }],
      anchor: "CN=Other CA",
    });
    const signed = await signedRequest(other);
    expect(signed).toMatchObject({ code: 0, stderr: "certified: b.test\n" });
  });
});

function makeByOpenssl({ openssl }: Workshop, algorithm: readonly string[]): void {
  const newKey = ["-newkey", ...algorithm, "-noenc"];
  openssl(
    ...["req", "-x509", ...newKey, "-keyout", "ca-key.pem", "-out", "ca.pem", "-subj", "/CN=Other CA", "-days", "9"],
    ...["-addext", "keyUsage=critical,keyCertSign,cRLSign"],
  );
  openssl(
    ...["req", "-x509", ...newKey, "-keyout", "leaf-key.pem", "-out", "leaf.pem", "-subj", "/CN=a.test", "-days", "9"],
    ...["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-addext", "subjectAltName=DNS:a.test"],
    ...["-addext", "basicConstraints=critical,CA:FALSE"],
  );
  openssl(
    "req",
    "-new",
    ...newKey,
    "-keyout",
    "b-key.pem",
    "-out",
    "b.csr",
    "-subj",
    "/CN=b",
    "-addext",
    "subjectAltName=DNS:b.test",
  );
}

/** A request of openssl's, signed by openssl's CA through us. */
async function signedRequest({ cert, openssl }: Workshop): ReturnType<Workshop["cert"]> {
  const signed = await cert("sign", "b.csr", "--ca", ".", "--out", "b.pem");
  expect(openssl("verify", "-x509_strict", "-verify_hostname", "b.test", "-CAfile", "ca.pem", "b.pem")).toContain("OK");
  return signed;
}

describe("cert sign", () => {
  test("takes the key and the names of a request, and nothing else", async (context) => {
    needsOpenssl(context);
    const { cert, openssl } = workshop();
    await cert("create");
    openssl(
      ...["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", "k.pem"],
      ...["-out", "r.csr", "-subj", "/CN=r", "-addext", "subjectAltName=DNS:r.test"],
      ...["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign"],
    );
    const { stdout } = await cert("sign", "r.csr", "--ca", ".");
    expect(new X509Certificate(stdout).ca).toBe(false);
    const renamed = await cert("sign", "r.csr", "--ca", ".", "--host", "other.test");
    expect(renamed.stderr).toBe("certified: other.test\n");
  });

  test("takes what keytool, certreq and `openssl req -newhdr` write, in any editor's encoding, among other text", async () => {
    const { cert, path } = workshop();
    await cert("create");
    await cert("csr", "--host", "a.test", "--out", "in");
    const pem = readFileSync(path("in/a.test.csr"), "utf8").replaceAll(
      "CERTIFICATE REQUEST",
      "NEW CERTIFICATE REQUEST",
    );
    writeFileSync(path("new.csr"), `\ufeffFor the CA:\n${pem}`);
    writeFileSync(path("new16.csr"), Buffer.from(`\ufeff${pem}`, "utf16le"));
    for (const request of ["new.csr", "new16.csr"]) {
      const { code, stderr } = await cert("sign", request, "--ca", ".");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "certified: a.test\n" });
    }
    expect(await cert("sign", "ca.pem", "--ca", ".")).toMatchObject({
      code: 1,
      stderr: "tlskit: ca.pem: the text has no block CERTIFICATE REQUEST, but CERTIFICATE\n",
    });
  });

  test("refuses a request whose signature is wrong, and one for names of other kinds", async (context) => {
    needsOpenssl(context);
    const { cert, openssl, path } = workshop();
    await cert("create");
    await cert("csr", "--host", "a.test", "--out", "in");
    openssl("req", "-in", "in/a.test.csr", "-outform", "DER", "-out", "a.der");
    const der = readFileSync(path("a.der"));
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    writeFileSync(path("bad.der"), der);
    const bad = await cert("sign", "bad.der", "--ca", ".");
    expect(bad).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("not signed with the key") });
    openssl(
      ...["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", "k.pem"],
      ...["-out", "uri.csr", "-subj", "/CN=r", "-addext", "subjectAltName=URI:https://r.test/"],
    );
    expect(await cert("sign", "uri.csr", "--ca", ".")).toMatchObject({ code: 2, stdout: "" });
  });
});
