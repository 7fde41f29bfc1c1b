import { readFileSync, writeFileSync } from "node:fs";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  type Certificate,
  type CertificateContents,
  certificatesToPem,
  createCertificateSync,
  createCrlSync,
  createOcspResponseSync,
  type DeclaredPrivateKey,
  generatePrivateKeySync,
  toPem,
} from "@tlskit/x509";
import { describe, expect, test } from "vitest";
import { needsOpenssl, type Workshop, workshop } from "./helpers/cert.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const [rootKey, otherKey, caKey, leafKey]: readonly DeclaredPrivateKey[] = [1, 2, 3, 4].map(() =>
  generatePrivateKeySync({ provider, random }),
);
if (!rootKey || !otherKey || !caKey || !leafKey) throw new RangeError("four keys");

const from = new Date(Date.now() - 3_600_000);
const common = { provider, random, validity: { from, days: 90 } };

function certificate(contents: Omit<CertificateContents, keyof typeof common>): Certificate {
  return createCertificateSync({ ...common, ...contents });
}

const root = certificate({ signer: rootKey, publicKey: rootKey, subject: { commonName: "Root" }, ca: {} });
const intermediate = { publicKey: caKey, subject: { commonName: "Intermediate" }, ca: {} };
const ca = certificate({ ...intermediate, signer: rootKey, issuer: root });
const other = certificate({ signer: otherKey, publicKey: otherKey, subject: { commonName: "Other" }, ca: {} });
const crossSigned = certificate({ ...intermediate, signer: otherKey, issuer: other });
const leaf = certificate({ signer: caKey, issuer: ca, publicKey: leafKey, dnsNames: ["a.test"] });

/** With `root.pem`, `ca.pem`, `leaf.pem` and `chain.pem`. */
function setUp(): Workshop {
  const shop = workshop();
  writeFileSync(shop.path("root.pem"), certificatesToPem(root));
  writeFileSync(shop.path("ca.pem"), certificatesToPem(ca));
  writeFileSync(shop.path("leaf.pem"), certificatesToPem(leaf));
  writeFileSync(shop.path("chain.pem"), certificatesToPem(leaf, ca));
  return shop;
}

describe("cert verify", () => {
  test("prints the path that it found", async () => {
    const { cert } = setUp();
    const { code, stdout, stderr } = await cert("verify", "chain.pem", "--ca", "root.pem", "--hostname", "a.test");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^valid\n {2}certificate +.*\n {2}issued by +CN=Intermediate\n {2}trusted +CN=Root\n/);
    expect(stdout).toMatch(/not checked: neither --crl nor --ocsp/);
  });

  test("takes intermediates from another file, and DER", async () => {
    const { cert, path } = setUp();
    writeFileSync(path("leaf.der"), leaf.der);
    expect((await cert("verify", "leaf.der", "--ca", "root.pem")).code).toBe(1);
    expect((await cert("verify", "leaf.der", "--ca", "root.pem", "--intermediates", "ca.pem")).code).toBe(0);
  });

  test("prints every reason", async () => {
    const { cert } = setUp();
    const { code, stdout } = await cert(
      ...[
        "verify",
        "leaf.pem",
        "--ca",
        "root.pem",
        "--hostname",
        "b.test",
        "--purpose",
        "client",
        "--at",
        "2050-01-01",
      ],
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^not valid: .*expired/);
    for (const reason of ["not for clientAuth", "not for b.test, but for a.test", "CN=Intermediate, is not known"]) {
      expect(stdout).toContain(reason);
    }
    expect(stdout).not.toContain("Tried");
  });

  test("with --explain, every path that was tried, also before one that does", async () => {
    const { cert, path } = setUp();
    writeFileSync(path("pool.pem"), certificatesToPem(crossSigned, ca));
    const inputs = ["verify", "leaf.pem", "--intermediates", "pool.pem", "--explain"] as const;
    const refused = await cert(...inputs, "--ca", "leaf.pem", "--hostname", "b.test");
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(/\n {2}1\. /);
    const spoiled = path("spoiled.pem");
    const der = Uint8Array.from(ca.der);
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    writeFileSync(spoiled, toPem("CERTIFICATE", der) + certificatesToPem(ca));
    const found = await cert("verify", "leaf.pem", "--intermediates", spoiled, "--ca", "root.pem", "--explain");
    expect(found.code).toBe(0);
    expect(found.stdout).toMatch(/Tried, and why it doesn't do:\n\n {2}1\. [\s\S]*bad_signature: .*wrong \(RFC 5280/);
  });

  test("--json says the same to programs", async () => {
    const { cert } = setUp();
    const good = await cert("verify", "chain.pem", "--ca", "root.pem", "--hostname", "a.test", "--json");
    expect(JSON.parse(good.stdout)).toMatchObject({
      valid: true,
      path: [{ issuer: "CN=Intermediate" }, { subject: "CN=Intermediate", issuer: "CN=Root" }],
      anchor: "CN=Root",
      hostname: "a.test",
      purpose: "serverAuth",
      revocation: null,
      triedBefore: [],
    });
    const bad = await cert("verify", "leaf.pem", "--ca", "root.pem", "--json");
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({
      valid: false,
      reason: "unknown_issuer",
      reasons: [{ code: "unknown_issuer", specification: "RFC 5280 §6.1.3 (a)(4)", anchor: null }],
    });
  });

  test("a certificate that can't be read isn't valid", async () => {
    const { cert, path } = setUp();
    writeFileSync(path("broken.pem"), toPem("CERTIFICATE", Uint8Array.of(0x30, 1, 0)));
    const { code, stderr } = await cert("verify", "broken.pem", "--ca", "root.pem");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tlskit: broken\.pem: /);
  });

  test("trusts the system's certificates unless told", async () => {
    const { certWith, path } = setUp();
    const env = { SSL_CERT_FILE: path("root.pem"), SSL_CERT_DIR: "", NODE_EXTRA_CA_CERTS: "" };
    expect((await certWith(env, "verify", "chain.pem")).code).toBe(0);
  });
});

describe("cert verify with what is known of revocation", () => {
  const signing = { provider, random, thisUpdate: from, nextUpdate: new Date(Date.now() + 3_600_000), cRLNumber: 1 };
  const crlOfCa = (...serialNumbers: readonly Uint8Array[]): Uint8Array =>
    createCrlSync({ ...signing, signer: caKey, issuer: ca, revoked: serialNumbers.map(revoked) }).der;
  const crlOfRoot = (...serialNumbers: readonly Uint8Array[]): Uint8Array =>
    createCrlSync({ ...signing, signer: rootKey, issuer: root, revoked: serialNumbers.map(revoked) }).der;
  const revoked = (serialNumber: Uint8Array) => ({ serialNumber, revocationDate: from });
  const inputs = ["verify", "chain.pem", "--ca", "root.pem", "--json"] as const;
  const reason = (stdout: string): unknown => JSON.parse(stdout).reason;

  test("by a CRL, in DER or PEM", async () => {
    const { cert, path } = setUp();
    writeFileSync(path("good.crl"), crlOfCa());
    const good = await cert(...inputs, "--crl", "good.crl");
    expect(good.code).toBe(0);
    expect(JSON.parse(good.stdout).revocation).toEqual(["good", "unknown"]);
    writeFileSync(path("bad.pem"), toPem("X509 CRL", crlOfCa(leaf.serialNumber)));
    const bad = await cert(...inputs, "--crl", "bad.pem");
    expect(bad.code).toBe(1);
    expect(reason(bad.stdout)).toBe("revoked");
  });

  test("also of an intermediate", async () => {
    const { cert, path } = setUp();
    writeFileSync(path("good.crl"), crlOfCa());
    writeFileSync(path("root.crl"), crlOfRoot(ca.serialNumber));
    const { code, stdout } = await cert(...inputs, "--crl", "good.crl", "--crl", "root.crl");
    expect(code).toBe(1);
    expect(reason(stdout)).toBe("revoked");
  });

  test("of which nothing is said: what is given has to be about the certificate", async () => {
    const { cert, path } = setUp();
    writeFileSync(path("root.crl"), crlOfRoot());
    const { code, stdout } = await cert(...inputs, "--crl", "root.crl");
    expect(code).toBe(1);
    expect(reason(stdout)).toBe("revocation_unknown");
  });

  test("by an OCSP response", async () => {
    const { cert, path } = setUp();
    const response = createOcspResponseSync({
      provider,
      random,
      signer: caKey,
      responder: ca,
      producedAt: from,
      answers: [
        {
          about: { certificate: leaf, issuer: ca },
          certStatus: { status: "good" },
          thisUpdate: from,
          nextUpdate: signing.nextUpdate,
        },
      ],
    });
    writeFileSync(path("good.ocsp"), response.der);
    const { code, stdout } = await cert(...inputs, "--ocsp", "good.ocsp");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).revocation[0]).toBe("good");
  });

  test("a CRL of openssl's", async (context) => {
    needsOpenssl(context);
    const { cert, openssl, path } = workshop();
    await cert("create", "--host", "a.test");
    writeFileSync(path("index.txt"), "");
    writeFileSync(
      path("ca.cnf"),
      "[ca]\ndefault_ca=x\n[x]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=9\n",
    );
    const by = ["-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca-key.pem"];
    openssl("ca", ...by, "-revoke", "a.test.pem");
    openssl("ca", ...by, "-gencrl", "-out", "openssl.crl");
    expect(readFileSync(path("openssl.crl"), "utf8")).toContain("X509 CRL");
    const { code, stdout } = await cert("verify", "a.test.pem", "--ca", "ca.pem", "--crl", "openssl.crl", "--json");
    expect(code).toBe(1);
    expect(reason(stdout)).toBe("revoked");
  });
});

describe("a collection with something in it that can't be read", () => {
  const bad = toPem("CERTIFICATE", Uint8Array.of(0x30, 0));

  test("does what it can with the rest, and tells on stderr", async () => {
    const { cert, path } = setUp();
    writeFileSync(path("bundle.pem"), `${bad}${certificatesToPem(root)}`);
    writeFileSync(path("pool.pem"), `${certificatesToPem(ca)}${bad}`);
    writeFileSync(path("chain.pem"), `${certificatesToPem(leaf)}${bad}${certificatesToPem(ca)}`);
    for (const args of [["leaf.pem", "--intermediates", "pool.pem"], ["chain.pem"]]) {
      const { code, stdout, stderr } = await cert("verify", ...args, "--ca", "bundle.pem");
      expect(code).toBe(0);
      expect(stdout).toMatch(/^valid\n/);
      expect(stderr).toMatch(
        /^tlskit: passed over: (pool|chain)\.pem, line \d+: .+\n.*bundle\.pem, line 1: .+\n$|bundle/m,
      );
    }
    const shown = await cert("show", "chain.pem");
    expect({ code: shown.code, told: shown.stderr.split("\n").length }).toEqual({ code: 0, told: 2 });
    expect(shown.stdout).toContain("CN=Intermediate");
  });

  test("CRLs likewise", async () => {
    const { cert, path } = setUp();
    const times = { thisUpdate: from, nextUpdate: new Date(Date.now() + 3_600_000) };
    const crl = createCrlSync({ ...common, ...times, signer: caKey, issuer: ca, cRLNumber: 1, revoked: [] });
    writeFileSync(path("both.crl"), toPem("X509 CRL", Uint8Array.of(0x30, 0)) + toPem("X509 CRL", crl.der));
    const { code, stderr } = await cert("verify", "chain.pem", "--ca", "root.pem", "--crl", "both.crl");
    expect(code).toBe(0);
    expect(stderr).toContain("both.crl, line 1: ");
  });

  test.each([
    ["a leaf", ["bad.pem"]],
    ["a leaf in front of others", ["bad-leaf.pem"]],
    ["a leaf in DER", ["bad.der"]],
    ["an authority", ["chain.pem", "--ca", "bad.pem"]],
    ["intermediates", ["chain.pem", "--intermediates", "bad.pem"]],
    ["a CRL", ["chain.pem", "--ca", "root.pem", "--crl", "bad.crl"]],
    ["an OCSP response", ["chain.pem", "--ca", "root.pem", "--ocsp", "bad.der"]],
  ])("%s that can't be read is exit 1, with the file and the reason, whatever it was to be", async (_, args) => {
    const { cert, path } = setUp();
    writeFileSync(path("bad.pem"), bad);
    writeFileSync(path("bad.der"), Uint8Array.of(0x30, 0));
    writeFileSync(path("bad.crl"), toPem("X509 CRL", Uint8Array.of(0x30, 0)));
    writeFileSync(path("bad-leaf.pem"), `${bad}${certificatesToPem(ca)}`);
    const { code, stdout, stderr } = await cert("verify", ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^tlskit: bad\S*: .+\n$/);
  });
});

test("files of Windows' editors are read as others are", async () => {
  const { cert, path } = setUp();
  const utf16 = (...certificates: readonly Certificate[]): Buffer =>
    Buffer.from(`\ufeff${certificatesToPem(...certificates).replaceAll("\n", "\r\n")}`, "utf16le");
  writeFileSync(path("leaf16.pem"), utf16(leaf, ca));
  writeFileSync(path("root8.pem"), `\ufeff${certificatesToPem(root)}`);
  expect((await cert("verify", "leaf16.pem", "--ca", "root8.pem")).code).toBe(0);
  expect((await cert("show", "leaf16.pem")).code).toBe(0);
});

describe("wrong usage is exit 2", () => {
  test.each([
    [["verify"]],
    [["verify", "leaf.pem", "extra"]],
    [["verify", "none.pem"]],
    [["verify", "leaf.pem", "--ca", "none.pem"]],
    [["verify", "leaf.pem", "--ca", "notes.txt"]],
    [["verify", "leaf.pem", "--purpose", "everything"]],
    [["verify", "leaf.pem", "--at", "tomorrow"]],
    [["verify", "leaf.pem", "--at", "2026-13-01"]],
    [["verify", "leaf.pem", "--hostname", "a b"]],
    [["verify", "leaf.pem", "--crl", "leaf.pem"]],
    [["verify", "leaf.pem", "--nonsense"]],
    [["show"]],
    [["show", "./none.pem"]],
    [["create", "--key", "dsa"]],
    [["create", "--days", "0"]],
    [["create", "--days", "1e3"]],
    [["create", "--client"]],
    [["create", "--host", "a b"]],
    [["csr"]],
    [["csr", "--host", "a.test", "--key", "ec", "--key-file", "k.pem"]],
    [["sign", "leaf.pem"]],
    [["convert", "leaf.pem"]],
    [["convert", "leaf.pem", "--to", "docx"]],
    [["convert", "leaf.pem", "--to", "pkcs12"]],
    [["convert", "chain.pem", "--to", "der"]],
    [["bake"]],
    [[]],
  ])("%j", async (args) => {
    const { cert, path } = setUp();
    writeFileSync(path("notes.txt"), "nothing");
    const { code, stdout, stderr } = await cert(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^tlskit: \S/);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});
