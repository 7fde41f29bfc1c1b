import { readFileSync } from "node:fs";
import { signerFor } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodePasswordCryptography as cryptography } from "@tlskit/crypto-node";
import { describe, expect, test } from "vitest";
import { berToDer } from "../../src/ber/index.ts";
import {
  certificatesToPem,
  createCertificateSync,
  createCrlSync,
  crlsToPem,
  decodePem,
  decodeSignedData,
  openPkcs12Sync,
  privateKeyFromPkcs8,
  privateKeyToPem,
} from "../../src/index.ts";
import { ourKey } from "../keys/samples.ts";
import { countingRandom, generateKey, provider } from "../pki.ts";
import { needs, output, temporaryFolder } from "../programs.ts";
import { streamedPkcs12 } from "./streamed-pkcs12.ts";

const file = temporaryFolder();
const random = countingRandom();
const password = "password";
const from = new Date("2026-01-01T00:00:00Z");
const caKey = generateKey();
const signing = { provider, random, signer: signerFor(provider, caKey, random), validity: { from, days: 3650 } };
const ca = createCertificateSync({ ...signing, publicKey: caKey, subject: { commonName: "CA" }, ca: {} });
const key = ourKey("P-256");
const leaf = createCertificateSync({ ...signing, issuer: ca, publicKey: key.privateKey, dnsNames: ["example.org"] });
const nextUpdate = new Date("2036-01-01T00:00:00Z");
const crl = createCrlSync({ ...signing, issuer: ca, thisUpdate: from, nextUpdate, cRLNumber: 1, revoked: [] });

const chainPem = file("chain.pem", certificatesToPem(leaf, ca));
const leafPem = file("leaf.pem", certificatesToPem(leaf));
const caPem = file("ca.pem", certificatesToPem(ca));
const keyPem = file("key.pem", privateKeyToPem(key));
const crlPem = file("crl.pem", crlsToPem(crl));
const read = (path: string): Uint8Array => new Uint8Array(readFileSync(path));

/** A program for Java, which its launcher compiles: writes certificates as a certification path in PKCS#7. */
const java = `import java.io.*; import java.security.cert.*; import java.util.*;
public class Bundle {
  public static void main(String[] args) throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<Certificate> all = new ArrayList<>(factory.generateCertificates(new FileInputStream(args[0])));
    try (FileOutputStream out = new FileOutputStream(args[1])) {
      out.write(factory.generateCertPath(all).getEncoded("PKCS7"));
    }
  }
}`;

describe("PKCS#7 by others", () => {
  test("openssl crl2pkcs7, as DER and as PEM", (context) => {
    needs(context, "openssl");
    const der = file("openssl.p7b");
    output("openssl", "crl2pkcs7", "-in", crlPem, "-certfile", chainPem, "-outform", "DER", "-out", der);
    expect(decodeSignedData(read(der))).toEqual({ certificates: [leaf.der, ca.der], crls: [crl.der] });
    const [block] = decodePem(output("openssl", "crl2pkcs7", "-nocrl", "-certfile", chainPem));
    expect(block?.label).toBe("PKCS7");
    expect(decodeSignedData(block?.bytes ?? new Uint8Array(0)).certificates).toEqual([leaf.der, ca.der]);
  });

  test("openssl cms -stream, in indefinite lengths: the certificates are the same, octet for octet", (context) => {
    needs(context, "openssl");
    const text = file("text", "x".repeat(100_000));
    const ber = file("streamed.p7m");
    const signer = ["-signer", leafPem, "-inkey", keyPem, "-certfile", caPem];
    output(
      "openssl",
      "cms",
      "-sign",
      "-binary",
      "-nodetach",
      "-stream",
      ...signer,
      "-in",
      text,
      "-outform",
      "DER",
      "-out",
      ber,
    );
    expect([...read(ber).subarray(0, 2)]).toEqual([0x30, 0x80]);
    const { certificates } = decodeSignedData(berToDer(read(ber)));
    expect(certificates).toContainEqual(leaf.der);
    expect(certificates).toContainEqual(ca.der);
    // and the signature, over the octets of a string in pieces, is as good as it was
    const der = file("written.p7m", berToDer(read(ber)));
    const verify = ["-CAfile", caPem, "-purpose", "any", "-inform", "DER"];
    expect(output("openssl", "cms", "-verify", "-binary", ...verify, "-in", der)).toBe("x".repeat(100_000));
  });

  test("certtool", (context) => {
    needs(context, "certtool");
    const der = file("certtool.p7b");
    const inputs = ["--load-certificate", chainPem, "--outder", "--outfile", der];
    output("certtool", "--p7-generate", ...inputs);
    expect(decodeSignedData(berToDer(read(der))).certificates).toContainEqual(leaf.der);
  });

  test("Java", (context) => {
    needs(context, "java");
    const der = file("java.p7b");
    output("java", file("Bundle.java", java), chainPem, der);
    // Java sorts them, as DER has it
    const { certificates } = decodeSignedData(read(der));
    expect(certificates).toHaveLength(2);
    for (const one of [leaf, ca]) expect(certificates).toContainEqual(one.der);
    expect(berToDer(read(der))).toEqual(read(der));
  });
});

describe("PKCS#12 by others, with what makes DER of it", () => {
  const open = (path: string) => openPkcs12Sync(read(path), { password, cryptography, provider, toDer: berToDer });

  test("openssl", (context) => {
    needs(context, "openssl");
    const path = file("openssl.p12");
    output(
      "openssl",
      "pkcs12",
      "-export",
      "-in",
      chainPem,
      "-inkey",
      keyPem,
      "-passout",
      `pass:${password}`,
      "-out",
      path,
    );
    expect(open(path).identities[0]?.chain.map(({ der }) => der)).toEqual([leaf.der, ca.der]);
  });

  test("certtool", (context) => {
    needs(context, "certtool");
    const path = file("certtool.p12");
    const inputs = [
      "--load-certificate",
      leafPem,
      "--load-privkey",
      keyPem,
      "--password",
      password,
      "--p12-name",
      "leaf",
    ];
    output("certtool", "--to-p12", ...inputs, "--pkcs-cipher", "aes-256", "--outder", "--outfile", path);
    expect(open(path).identities[0]?.chain.map(({ der }) => der)).toEqual([leaf.der]);
  });

  test("keytool", (context) => {
    needs(context, "keytool");
    const path = file("keytool.p12");
    const store = ["-keystore", path, "-storetype", "PKCS12", "-storepass", password];
    output("keytool", "-genkeypair", "-alias", "leaf", "-keyalg", "EC", "-dname", "CN=leaf", ...store);
    output("keytool", "-importcert", "-noprompt", "-alias", "ca", "-file", chainPem, ...store);
    const { identities, certificates } = open(path);
    expect(identities.map(({ friendlyName }) => friendlyName)).toEqual(["leaf"]);
    expect(certificates.map(({ certificate }) => certificate.der)).toContainEqual(leaf.der);
  });
});

describe("what the tests write as BER is what others read", () => {
  test("PKCS#12 with its MAC over BER", (context) => {
    needs(context, "openssl");
    const path = file("ber.p12", streamedPkcs12(key, [leaf, ca], password));
    const pem = output("openssl", "pkcs12", "-in", path, "-passin", `pass:${password}`, "-nodes");
    const blocks = decodePem(pem);
    const certificates = blocks.filter(({ label }) => label === "CERTIFICATE");
    expect(certificates.map(({ bytes }) => bytes)).toEqual([leaf.der, ca.der]);
    const found = blocks.find(({ label }) => label === "PRIVATE KEY");
    expect(privateKeyFromPkcs8(found?.bytes ?? new Uint8Array(0), { provider: nobleProvider })).toEqual(key);
  });
});
