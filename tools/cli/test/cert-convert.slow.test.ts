import { readFileSync, statSync, writeFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { needsOpenssl, type Workshop, workshop } from "./helpers/cert.ts";

/** With a CA, a leaf and its key, of openssl's name for the kind. */
async function setUp(kind = "ec"): Promise<Workshop> {
  const shop = workshop();
  await shop.cert("create", "--host", "a.test", "--key", kind);
  writeFileSync(shop.path("password.txt"), "correct horse\n");
  return shop;
}

const withPassword = ["--out-password-file", "password.txt"] as const;

describe("cert convert and openssl", { timeout: 120_000 }, () => {
  beforeEach((context) => needsOpenssl(context));

  test.each(["ec", "rsa", "ed25519"])("PKCS#12 with a key of the kind %s, both ways", async (kind) => {
    const { cert, openssl, path } = await setUp(kind);
    const made = await cert(
      ...["convert", "a.test.pem", "--with", "a.test-key.pem", "--with", "ca.pem", "--to", "pkcs12", "--out", "a.p12"],
      ...withPassword,
    );
    expect(made).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(statSync(path("a.p12")).mode & 0o777).toBe(0o600);
    const text = openssl("pkcs12", "-in", "a.p12", "-passin", "file:password.txt", "-noenc");
    expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    const keys = openssl("pkey", "-in", "a.test-key.pem");
    expect(text).toContain(keys);

    const files = ["-inkey", "a.test-key.pem", "-in", "a.test.pem", "-certfile", "ca.pem"];
    openssl("pkcs12", "-export", ...files, "-passout", "file:password.txt", "-out", "theirs.p12");
    const { code, stdout } = await cert("convert", "theirs.p12", "--password-file", "password.txt", "--to", "pem");
    expect(code).toBe(0);
    expect(stdout).toContain(keys);
    for (const name of ["a.test.pem", "ca.pem"]) expect(stdout).toContain(readFileSync(path(name), "utf8"));
  });

  test("encrypted keys, both ways", async () => {
    const { cert, openssl, path } = await setUp();
    await cert("convert", "a.test-key.pem", "--to", "pem", "--out", "locked.pem", ...withPassword);
    expect(readFileSync(path("locked.pem"), "utf8")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    const key = readFileSync(path("a.test-key.pem"), "utf8");
    expect(openssl("pkey", "-in", "locked.pem", "-passin", "file:password.txt")).toBe(key);
    openssl("pkcs8", "-topk8", "-in", "a.test-key.pem", "-passout", "file:password.txt", "-out", "theirs.pem");
    const opened = await cert("convert", "theirs.pem", "--password-file", "password.txt", "--to", "pem");
    expect(opened.stdout).toBe(key);
  });

  test("DER", async () => {
    const { cert, openssl, path } = await setUp();
    await cert("convert", "a.test.pem", "--to", "der", "--out", "a.der");
    expect(openssl("x509", "-inform", "DER", "-in", "a.der")).toBe(readFileSync(path("a.test.pem"), "utf8"));
    expect((await cert("convert", "a.der", "--to", "pem")).stdout).toBe(readFileSync(path("a.test.pem"), "utf8"));
    openssl("pkcs8", "-topk8", "-nocrypt", "-in", "a.test-key.pem", "-outform", "DER", "-out", "key.der");
    expect((await cert("convert", "key.der", "--to", "pem")).stdout).toBe(readFileSync(path("a.test-key.pem"), "utf8"));
  });
});

describe("cert convert", () => {
  test.each(["ec", "rsa", "ed25519"])(
    "a key of the kind %s goes to JWK, which WebCrypto reads, and back",
    async (kind) => {
      const { cert, path } = await setUp(kind);
      await cert("convert", "a.test-key.pem", "--to", "jwk", "--out", "key.jwk");
      expect(statSync(path("key.jwk")).mode & 0o777).toBe(0o600);
      const jwk = JSON.parse(readFileSync(path("key.jwk"), "utf8"));
      const algorithms = {
        ec: { name: "ECDSA", namedCurve: "P-256" },
        rsa: { name: "RSA-PSS", hash: "SHA-256" },
        ed25519: { name: "Ed25519" },
      } as const;
      // the kinds are those of the table
      const algorithm = algorithms[kind as keyof typeof algorithms];
      await expect(crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"])).resolves.toBeDefined();
      expect((await cert("convert", "key.jwk", "--to", "pem")).stdout).toBe(
        readFileSync(path("a.test-key.pem"), "utf8"),
      );
      const certified = JSON.parse((await cert("convert", "a.test.pem", "--to", "jwk")).stdout);
      expect(jwk).toMatchObject(certified);
      expect(certified).not.toHaveProperty("d");
    },
  );

  test("passwords come from a file or the environment; from the command line with a warning", async () => {
    const { cert, certWith } = await setUp();
    await cert("convert", "a.test-key.pem", "--to", "pem", "--out", "locked.pem", ...withPassword);
    const opened = await certWith(
      { SECRET: "correct horse" },
      "convert",
      "locked.pem",
      "--password-env",
      "SECRET",
      "--to",
      "pem",
    );
    expect(opened).toMatchObject({ code: 0, stderr: "" });
    const warned = await cert("convert", "locked.pem", "--password", "correct horse", "--to", "pem");
    expect(warned.code).toBe(0);
    expect(warned.stderr).toMatch(/^tlskit: warning: a password on the command line can be read by everybody/);
    expect((await cert("convert", "locked.pem", "--to", "pem")).code).toBe(2);
    expect((await cert("convert", "locked.pem", "--password-env", "NO_SUCH", "--to", "pem")).code).toBe(2);
  });

  test("a wrong password is exit 1, and isn't repeated", async () => {
    const { cert, certWith } = await setUp();
    await cert("convert", "a.test-key.pem", "--to", "pem", "--out", "locked.pem", ...withPassword);
    const env = { SECRET: "battery staple" };
    const { code, stdout, stderr } = await certWith(
      env,
      "convert",
      "locked.pem",
      "--password-env",
      "SECRET",
      "--to",
      "pem",
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^tlskit: locked\.pem: .*password/);
    expect(stderr).not.toContain("battery");
  });

  test("what a file is not, it says", async () => {
    const { cert, path } = await setUp();
    for (const [name, content] of [
      ["notes.txt", "nothing"],
      ["junk.der", Uint8Array.of(0x30, 3, 2, 1, 5)],
      ["junk.json", "{ no JSON"],
    ] as const) {
      writeFileSync(path(name), content);
      const { code, stderr } = await cert("convert", name, "--to", "pem");
      expect(code).toBe(1);
      expect(stderr).toContain(`tlskit: ${name}: `);
    }
  });

  test("a key that was readable by others isn't any more once it is written over", async () => {
    const { cert, path } = await setUp();
    writeFileSync(path("key.pem"), "old", { mode: 0o644 });
    const args = ["convert", "a.test-key.pem", "--to", "pem", "--out", "key.pem"] as const;
    expect((await cert(...args)).code).toBe(2);
    expect((await cert(...args, "--force")).code).toBe(0);
    expect(statSync(path("key.pem")).mode & 0o777).toBe(0o600);
  });
});
