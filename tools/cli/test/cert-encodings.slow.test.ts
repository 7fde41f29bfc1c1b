import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { certificatesFromPem, createCrlSync, crlsToPem, privateKeyFromPem } from "@tlskit/x509";
import { beforeEach, describe, expect, test } from "vitest";
import { needsOpenssl, type Workshop, workshop } from "./helpers/cert.ts";

/** With a CA, and a leaf and its key. */
async function setUp(): Promise<Workshop> {
  const shop = workshop();
  await shop.cert("create", "--host", "a.test");
  return shop;
}

const text = (path: string): string => readFileSync(path, "utf8");

describe("PKCS#7 by openssl", { timeout: 60_000 }, () => {
  beforeEach((context) => needsOpenssl(context));

  test.each(["PEM", "DER"])(
    "is shown, converted, and read as intermediates and as trusted certificates: %s",
    async (form) => {
      const { cert, openssl, path } = await setUp();
      const files = ["-certfile", "a.test.pem", "-certfile", "ca.pem"];
      openssl("crl2pkcs7", "-nocrl", ...files, "-outform", form, "-out", "both.p7b");
      openssl("crl2pkcs7", "-nocrl", "-certfile", "ca.pem", "-outform", form, "-out", "ca.p7b");
      const shown = await cert("show", "both.p7b");
      expect(shown).toMatchObject({ code: 0, stderr: "" });
      expect(shown.stdout).toMatch(/^1\. CN=a\.test\n(?:.*\n)*2\. /);
      const converted = await cert("convert", "both.p7b", "--to", "pem");
      expect(converted).toEqual({ code: 0, stdout: text(path("a.test.pem")) + text(path("ca.pem")), stderr: "" });
      const verified = await cert(
        "verify",
        "both.p7b",
        "--ca",
        "ca.p7b",
        "--intermediates",
        "ca.p7b",
        "--hostname",
        "a.test",
      );
      expect(verified).toMatchObject({ code: 0, stderr: "" });
    },
  );

  test("in indefinite lengths", async () => {
    const { cert, openssl, path } = await setUp();
    writeFileSync(path("text"), "signed");
    const signer = ["-signer", "a.test.pem", "-inkey", "a.test-key.pem"];
    openssl(
      "cms",
      "-sign",
      "-binary",
      "-nodetach",
      "-stream",
      ...signer,
      "-in",
      "text",
      "-outform",
      "DER",
      "-out",
      "a.p7m",
    );
    openssl(
      "cms",
      "-sign",
      "-binary",
      "-nodetach",
      "-stream",
      ...signer,
      "-in",
      "text",
      "-outform",
      "PEM",
      "-out",
      "a.pem",
    );
    expect([...readFileSync(path("a.p7m")).subarray(0, 2)]).toEqual([0x30, 0x80]);
    for (const file of ["a.p7m", "a.pem"]) {
      const converted = await cert("convert", file, "--to", "pem");
      expect(converted).toEqual({ code: 0, stdout: text(path("a.test.pem")), stderr: "" });
    }
  });

  test("CRLs come in it too", async () => {
    const { cert, openssl, path } = await setUp();
    const [issuer] = certificatesFromPem(text(path("ca.pem"))).certificates;
    const [leaf] = certificatesFromPem(text(path("a.test.pem"))).certificates;
    if (issuer === undefined || leaf === undefined) throw new RangeError("a CA and a leaf");
    const signer = privateKeyFromPem(text(path("ca-key.pem")), { provider });
    const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
    const [thisUpdate, nextUpdate] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 86_400_000)];
    const revoked = [{ serialNumber: leaf.serialNumber, revocationDate: thisUpdate }];
    const crl = createCrlSync({ provider, random, signer, issuer, thisUpdate, nextUpdate, cRLNumber: 1, revoked });
    writeFileSync(path("crl.pem"), crlsToPem(crl));
    openssl("crl2pkcs7", "-in", "crl.pem", "-certfile", "ca.pem", "-outform", "DER", "-out", "crl.p7b");
    const { code, stdout } = await cert("verify", "a.test.pem", "--ca", "ca.pem", "--crl", "crl.p7b");
    expect(code).toBe(1);
    expect(stdout).toMatch(/revoked/);
  });

  test("without what is asked for, it is refused", async () => {
    const { cert, openssl } = await setUp();
    openssl("crl2pkcs7", "-nocrl", "-certfile", "ca.pem", "-outform", "DER", "-out", "ca.p7b");
    const { code, stderr } = await cert("verify", "a.test.pem", "--ca", "ca.pem", "--crl", "ca.p7b");
    expect({ code: code !== 0, stderr }).toEqual({
      code: true,
      stderr: expect.stringContaining("there is no X509 CRL in it"),
    });
  });
});

describe("PKCS#12 in BER, with its MAC over BER", () => {
  const fixture = fileURLToPath(new URL("fixtures/streamed.p12", import.meta.url));

  test("is converted as one in DER is", async () => {
    const { cert, path } = workshop();
    copyFileSync(fixture, path("streamed.p12"));
    writeFileSync(path("password"), "correct horse\n");
    writeFileSync(path("wrong"), "wrong\n");
    const { code, stdout, stderr } = await cert(
      "convert",
      "streamed.p12",
      "--password-file",
      "password",
      "--to",
      "pem",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.match(/^-----BEGIN .*/gm)).toEqual(["-----BEGIN CERTIFICATE-----", "-----BEGIN PRIVATE KEY-----"]);
    const refused = await cert("convert", "streamed.p12", "--password-file", "wrong", "--to", "pem");
    expect(refused).toEqual({
      code: 1,
      stdout: "",
      stderr: "tlskit: streamed.p12: the password is wrong, or the file is damaged\n",
    });
  });
});
