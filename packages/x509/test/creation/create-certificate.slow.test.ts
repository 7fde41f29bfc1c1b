import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PrivateKey, type SignatureAlgorithm, signerFor } from "@tlskit/crypto";
import { absent } from "@tlskit/vectors";
import { afterAll, describe, expect, test } from "vitest";
import {
  type Certificate,
  certificatesToPem,
  createCertificateSync,
  type SubjectPublicKeyInfo,
  subjectPublicKeyInfoOf,
} from "../../src/index.ts";
import { countingRandom, generateKey, provider } from "../pki.ts";

const folder = mkdtempSync(join(tmpdir(), "tlskit-x509-"));
afterAll(() => rmSync(folder, { recursive: true }));

const random = countingRandom();
const from = new Date(Date.now() - 60_000);

function installed(command: string, argument: string): boolean {
  try {
    execFileSync(command, [argument], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
const haveOpenssl = installed("openssl", "version");
const haveCerttool = installed("certtool", "--version");

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Chain {
  readonly ca: Certificate;
  readonly middle: Certificate;
  readonly leaf: Certificate;
}

function makeChain(key: PrivateKey, info: SubjectPublicKeyInfo, signatureAlgorithm: SignatureAlgorithm): Chain {
  const signer = signerFor(provider, key, random);
  const common = { provider, random, signer, signatureAlgorithm, publicKey: info, validity: { from, days: 90 } };
  const ca = createCertificateSync({ ...common, subject: { countryName: "DE", commonName: "Wurzel Ä" }, ca: {} });
  const middle = createCertificateSync({
    ...common,
    issuer: ca,
    subject: { commonName: "Middle" },
    ca: { pathLength: 0 },
  });
  // without a subject: the alternative name is critical
  const leaf = createCertificateSync({
    ...common,
    issuer: middle,
    dnsNames: ["example.org", "*.example.org"],
    ipAddresses: ["192.0.2.1", "2001:db8::1"],
  });
  return { ca, middle, leaf };
}

const rsaKey = generateKey("RSA");
const pss = (hash?: "SHA-256" | "SHA-384" | "SHA-512"): SubjectPublicKeyInfo =>
  subjectPublicKeyInfoOf(rsaKey, { algorithm: "id-RSASSA-PSS", ...(hash === undefined ? {} : { pssHash: hash }) });
/** But for what signs handshakes of TLS 1.0 and 1.1 alone. */
function signingAlgorithms(key: PrivateKey): readonly SignatureAlgorithm[] {
  return signerFor(provider, key, random).algorithms.filter((algorithm) => !algorithm.endsWith("SHA-1"));
}

const cases: readonly (readonly [PrivateKey, SubjectPublicKeyInfo, SignatureAlgorithm])[] = [
  // RFC 8422 §5.9#rfc3279, §5.9#rfc8410
  ...(["P-256", "P-384", "P-521", "Ed25519", "Ed448"] as const).flatMap((type) => {
    const key = generateKey(type);
    const info = subjectPublicKeyInfoOf(key);
    return signingAlgorithms(key).map((algorithm) => [key, info, algorithm] as const);
  }),
  ...signingAlgorithms(rsaKey).map((algorithm) => [rsaKey, subjectPublicKeyInfoOf(rsaKey), algorithm] as const),
  [rsaKey, pss(), "RSA-PSS/SHA-256"],
  [rsaKey, pss("SHA-384"), "RSA-PSS/SHA-384"],
];

describe("what is made here, others read", () => {
  test.each(
    cases.map(([key, info, algorithm]) => [`${info.algorithm}${info.pssHash ?? ""}`, algorithm, key, info] as const),
  )("%s, signed by %s", (_name, algorithm, key, info) => {
    const { ca, middle, leaf } = makeChain(key, info, algorithm);

    const node = [leaf, middle, ca].map(({ der }) => new X509Certificate(der));
    const [nodeLeaf, nodeMiddle, nodeCa] = node;
    if (nodeLeaf === undefined || nodeMiddle === undefined || nodeCa === undefined) throw new RangeError();
    expect(
      nodeLeaf.verify(nodeMiddle.publicKey) && nodeMiddle.verify(nodeCa.publicKey) && nodeCa.verify(nodeCa.publicKey),
    ).toBe(true);
    expect(nodeLeaf.checkIssued(nodeMiddle) && nodeMiddle.checkIssued(nodeCa)).toBe(true);
    expect(nodeCa.ca && nodeMiddle.ca && !nodeLeaf.ca).toBe(true);
    expect(nodeLeaf.checkHost("www.example.org")).toBe("*.example.org");
    expect(nodeLeaf.checkIP("2001:db8::1")).toBe("2001:db8::1");
    expect(nodeLeaf.validFromDate.getTime()).toBe(leaf.validity.notBefore.getTime());
    expect(nodeLeaf.validToDate.getTime()).toBe(leaf.validity.notAfter.getTime());
    expect(Buffer.from(leaf.serialNumber).toString("hex").toUpperCase()).toBe(nodeLeaf.serialNumber);

    if (haveOpenssl) {
      const paths = [
        file("ca.pem", certificatesToPem(ca)),
        file("middle.pem", certificatesToPem(middle)),
        file("leaf.pem", certificatesToPem(leaf)),
      ];
      const [caPath = "", middlePath = "", leafPath = ""] = paths;
      const verified = execFileSync("openssl", [
        "verify",
        "-x509_strict",
        "-purpose",
        "sslserver",
        "-verify_hostname",
        "a.example.org",
        "-CAfile",
        caPath,
        "-untrusted",
        middlePath,
        leafPath,
      ]);
      expect(verified.toString()).toContain("leaf.pem: OK");
      const text = execFileSync("openssl", ["x509", "-in", leafPath, "-noout", "-text"]).toString();
      expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
      expect(text).toMatch(/Key Usage: critical\s+Digital Signature\n/);
      expect(text).toMatch(
        /Subject Alternative Name: critical\s+DNS:example.org, DNS:\*.example.org, IP Address:192.0.2.1/,
      );
      const caText = execFileSync("openssl", ["x509", "-in", caPath, "-noout", "-text"]).toString();
      expect(caText).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
      expect(caText).toContain("CN = Wurzel \\C3\\84");
    }
    if (haveCerttool) {
      const chain = file("chain.pem", certificatesToPem(leaf, middle, ca));
      const verified = execFileSync(
        "certtool",
        ["--verify", "--load-ca-certificate", file("root.pem", certificatesToPem(ca)), "--infile", chain],
        { stdio: "pipe" },
      );
      expect(verified.toString()).toContain("The certificate is trusted");
    }
  });

  test("the command openssl was there to read it", (context) => {
    if (!haveOpenssl) absent(context, "the command openssl is not on this machine");
  });

  test("the command certtool was there to read it", (context) => {
    if (!haveCerttool) absent(context, "the command certtool is not on this machine");
  });
});
