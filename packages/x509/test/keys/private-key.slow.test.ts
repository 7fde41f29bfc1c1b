import { createPrivateKey, createPublicKey } from "node:crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { describe, expect, test } from "vitest";
import {
  agreementKeyFromPem,
  agreementKeyToPem,
  DeclaredPrivateKey,
  privateKeyFromPem,
  privateKeyToPem,
  publicKeyFromPem,
  publicKeyToPem,
} from "../../src/index.ts";
import { needs, output, temporaryFolder } from "../programs.ts";
import { kinds, nodeKeys, ourKey } from "./samples.ts";

const file = temporaryFolder();
const options = { provider: nobleProvider };

describe("what is written, OpenSSL and GnuTLS read; what they write is read", () => {
  test.for(kinds)("%s", (kind, context) => {
    needs(context, "openssl");
    const key = ourKey(kind);
    const path = file("key.pem", privateKeyToPem(key));
    expect(privateKeyFromPem(output("openssl", "pkey", "-in", path), options)).toEqual(key);
    expect(output("openssl", "pkey", "-in", path, "-check", "-noout")).toContain("Key is valid");
    const publicPem = output("openssl", "pkey", "-in", path, "-pubout");
    expect(publicKeyFromPem(publicPem).der).toEqual(key.subjectPublicKeyInfo.der);
    expect(publicPem).toBe(publicKeyToPem(key.subjectPublicKeyInfo));
    needs(context, "certtool");
    const byGnutls = output("certtool", "--key-info", "--infile", path);
    // of elliptic curve keys that came in PKCS#8 it leaves the curve out, which RFC 5915 §3 doesn't allow
    expect(privateKeyFromPem(byGnutls, options)).toEqual(key);
  });

  test.for(["P-256", "P-384", "P-521", "RSA"] as const)("%s, in the form before PKCS#8", (kind, context) => {
    needs(context, "openssl");
    const key = ourKey(kind);
    const path = file("key.pem", privateKeyToPem(key, "traditional"));
    expect(output("openssl", "pkey", "-in", path, "-traditional")).toBe(privateKeyToPem(key, "traditional"));
    expect(createPrivateKey(privateKeyToPem(key, "traditional")).equals(nodeKeys[kind])).toBe(true);
  });

  test("RSA public keys in PKCS#1", (context) => {
    needs(context, "openssl");
    const pem = output("openssl", "rsa", "-in", file("key.pem", privateKeyToPem(ourKey("RSA"))), "-RSAPublicKey_out");
    expect(publicKeyFromPem(pem).der).toEqual(ourKey("RSA").subjectPublicKeyInfo.der);
  });

  test.for([undefined, "SHA-256", "SHA-512"] as const)("RSASSA-PSS, for the hash %s", (pssHash, context) => {
    needs(context, "openssl");
    const { privateKey } = ourKey("RSA");
    const key = new DeclaredPrivateKey({ algorithm: "id-RSASSA-PSS", privateKey, pssHash });
    expect(privateKeyFromPem(output("openssl", "pkey", "-in", file("pss.pem", privateKeyToPem(key))))).toEqual(key);
    expect(createPublicKey(privateKeyToPem(key)).asymmetricKeyType).toBe("rsa-pss");
  });

  test.for(["X25519", "X448"] as const)("%s", (type, context) => {
    needs(context, "openssl");
    const pem = output("openssl", "genpkey", "-algorithm", type);
    const key = agreementKeyFromPem(pem, options);
    expect(agreementKeyToPem(key)).toBe(pem);
    expect(output("openssl", "pkey", "-in", file("agreement.pem", agreementKeyToPem(key)))).toBe(pem);
  });

  test("keys that OpenSSL makes, also without what is optional", (context) => {
    needs(context, "openssl");
    const ec = output("openssl", "ecparam", "-name", "secp384r1", "-genkey");
    const key = privateKeyFromPem(ec);
    const bare = output("openssl", "ec", "-in", file("ec.pem", ec), "-no_public");
    expect(privateKeyFromPem(bare, options)).toEqual(key);
    const text = output("openssl", "pkey", "-in", file("ec.pem", ec), "-text");
    expect(privateKeyFromPem(text)).toEqual(key);
  });
});
