import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { signerFor } from "@tlskit/crypto";
import { noblePasswordCryptography, nobleProvider } from "@tlskit/crypto-noble";
import { nodePasswordCryptography } from "@tlskit/crypto-node";
import { describe, expect, test } from "vitest";
import {
  certificatesToPem,
  createCertificateSync,
  createPkcs12Sync,
  decryptPrivateKeySync,
  encryptPrivateKeySync,
  openPkcs12Sync,
  privateKeyFromPem,
  privateKeyToPem,
} from "../src/index.ts";
import { codeOf, kinds, nodeKeys, ourKey } from "./keys/samples.ts";
import { countingRandom, generateKey, now, provider } from "./pki.ts";
import { needs, output, temporaryFolder } from "./programs.ts";

const file = temporaryFolder();
const random = countingRandom();
const password = "pässwörd";
const caKey = generateKey();
const signing = { provider, random, signer: signerFor(provider, caKey, random), validity: { from: now, days: 3650 } };
const ca = createCertificateSync({ ...signing, publicKey: caKey, subject: { commonName: "CA" }, ca: {} });
const leafOf = (kind: (typeof kinds)[number]) =>
  createCertificateSync({ ...signing, issuer: ca, publicKey: ourKey(kind).privateKey, dnsNames: ["example.org"] });

describe.each([nodePasswordCryptography, noblePasswordCryptography])("$name", (cryptography) => {
  const keyDerivation = { name: "PBKDF2", hash: "SHA-256", iterations: 2000 } as const;
  const inputs = { password, cryptography, random, keyDerivation };

  test.for(kinds)("PKCS#12 with a key for %s goes both ways", (kind, context) => {
    const leaf = leafOf(kind);
    const key = ourKey(kind);
    const pfx = createPkcs12Sync({ ...inputs, key, certificates: [leaf, ca], friendlyName: "näme" });
    if (kind !== "Ed448") createSecureContext({ pfx: Buffer.from(pfx), passphrase: password });
    needs(context, "openssl");
    const path = file("ours.p12", pfx);
    const pem = output("openssl", "pkcs12", "-in", path, "-passin", `pass:${password}`, "-nodes");
    expect(createPrivateKey(pem).equals(nodeKeys[kind])).toBe(true);
    expect(pem).toMatch(/friendlyName: n.me\n/);
    expect(pem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);

    const keyPath = file("key.pem", privateKeyToPem(key));
    const chainPath = file("chain.pem", certificatesToPem(leaf, ca));
    for (const options of [
      [],
      ["-certpbe", "AES-128-CBC", "-keypbe", "AES-192-CBC", "-macalg", "sha512", "-iter", "1"],
      ["-macalg", "sha1", "-nomaciter"],
      ["-certpbe", "NONE", "-keypbe", "NONE", "-macalg", "sha384"],
    ]) {
      const made = file("theirs.p12");
      const from = ["-in", chainPath, "-inkey", keyPath, "-passout", `pass:${password}`, "-name", "näme"];
      output("openssl", "pkcs12", "-export", ...from, "-out", made, ...options);
      const opened = openPkcs12Sync(readFileSync(made), { password, cryptography, provider: nobleProvider });
      expect(opened.identities[0]?.chain.map(({ der }) => der)).toEqual([leaf.der, ca.der]);
      expect(opened.identities[0]?.key).toEqual(key);
    }
  });

  test("GnuTLS reads and writes it", (context) => {
    needs(context, "certtool");
    const leaf = leafOf("RSA");
    const path = file("gnutls.p12", createPkcs12Sync({ ...inputs, key: ourKey("RSA"), certificates: [leaf, ca] }));
    const info = output("certtool", "--p12-info", "--inder", "--infile", path, "--password", password);
    expect(info.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(info).toMatch(/BEGIN (ENCRYPTED |RSA )?PRIVATE KEY/);

    const made = file("by-gnutls.p12");
    const from = ["--load-certificate", file("chain.pem", certificatesToPem(leaf)), "--load-privkey"];
    const key = file("key.pem", privateKeyToPem(ourKey("RSA")));
    const how = ["--pkcs-cipher", "aes-256", "--hash", "SHA256", "--p12-name", "x", "--password", password];
    output("certtool", "--to-p12", ...from, key, ...how, "--outder", "--outfile", made);
    const opened = openPkcs12Sync(readFileSync(made), { password, cryptography });
    expect(opened.identities[0]?.key).toEqual(ourKey("RSA"));
  });

  test("encrypted private keys go both ways, also with scrypt", (context) => {
    needs(context, "openssl");
    const scrypt = { name: "scrypt", cost: 16_384, blockSize: 8, parallelization: 1 } as const;
    for (const derivation of [keyDerivation, scrypt]) {
      const pem = encryptPrivateKeySync(ourKey("P-384"), { ...inputs, keyDerivation: derivation });
      const plain = output("openssl", "pkey", "-in", file("encrypted.pem", pem), "-passin", `pass:${password}`);
      expect(privateKeyFromPem(plain)).toEqual(ourKey("P-384"));
    }
    const plain = file("plain.pem", privateKeyToPem(ourKey("P-384")));
    for (const how of [["-v2", "aes-256-cbc"], ["-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA512"], ["-scrypt"]]) {
      const from = ["-topk8", "-in", plain, "-passout", `pass:${password}`];
      const pem = output("openssl", "pkcs8", ...from, ...how);
      expect(decryptPrivateKeySync(pem, { password, cryptography })).toEqual(ourKey("P-384"));
    }
  });
});

describe("old encryption is recognised", () => {
  const cryptography = nodePasswordCryptography;

  test("in PKCS#12, and the command that is told converts it", (context) => {
    needs(context, "openssl");
    const chain = file("chain.pem", certificatesToPem(leafOf("P-256"), ca));
    const key = file("key.pem", privateKeyToPem(ourKey("P-256")));
    const from = ["-in", chain, "-inkey", key, "-passout", `pass:${password}`];
    for (const how of [["-legacy"], ["-legacy", "-certpbe", "PBE-SHA1-RC2-40"], ["-keypbe", "PBE-SHA1-3DES"]]) {
      const old = file("old.p12");
      output("openssl", "pkcs12", "-export", ...from, ...how, "-out", old);
      const open = () => openPkcs12Sync(readFileSync(old), { password, cryptography });
      expect(codeOf(open)).toBe("outdated_encryption");
      expect(open).toThrow("`openssl pkcs12 -legacy -in old.p12 -out all.pem`");
      const wrong = () => openPkcs12Sync(readFileSync(old), { password: "wrong", cryptography });
      expect(codeOf(wrong)).toBe("wrong_password");
    }
    const pass = [`pass:${password}`];
    const all = file("all.pem");
    output(
      "openssl",
      "pkcs12",
      "-legacy",
      "-in",
      file("old.p12"),
      "-out",
      all,
      "-passin",
      ...pass,
      "-passout",
      ...pass,
    );
    const made = file("new.p12");
    output("openssl", "pkcs12", "-export", "-in", all, "-out", made, "-passin", ...pass, "-passout", ...pass);
    expect(openPkcs12Sync(readFileSync(made), { password, cryptography }).identities).toHaveLength(1);
  });

  test("in private keys, and the command that is told converts it", (context) => {
    needs(context, "openssl");
    const plain = file("plain.pem", privateKeyToPem(ourKey("RSA")));
    const pass = ["-passout", `pass:${password}`];
    const made = [
      output("openssl", "pkcs8", "-topk8", "-in", plain, ...pass, "-v1", "PBE-SHA1-3DES"),
      output("openssl", "pkcs8", "-topk8", "-in", plain, ...pass, "-v2", "des3"),
      output("openssl", "rsa", "-traditional", "-aes256", "-in", plain, ...pass),
    ];
    for (const pem of made) {
      const open = () => decryptPrivateKeySync(pem, { password, cryptography });
      expect(codeOf(open)).toBe("outdated_encryption");
      expect(open).toThrow("`openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem`");
      const old = file("old.pem", pem);
      const convert = ["-topk8", "-v2", "aes-256-cbc", "-in", old, "-passin", `pass:${password}`, ...pass];
      const converted = output("openssl", "pkcs8", ...convert);
      expect(decryptPrivateKeySync(converted, { password, cryptography })).toEqual(ourKey("RSA"));
    }
  });
});

test("Node reads the certificates that come out", () => {
  const pfx = createPkcs12Sync({
    password,
    cryptography: nodePasswordCryptography,
    random,
    certificates: [ca],
  });
  const [entry] = openPkcs12Sync(pfx, { password, cryptography: nodePasswordCryptography }).certificates;
  expect(new X509Certificate(entry?.certificate.der ?? "").subject).toBe("CN=CA");
});
