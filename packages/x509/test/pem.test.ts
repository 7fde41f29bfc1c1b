import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "../src/base64.ts";
import { certificatesFromPem, certificatesToPem, decodePem, TrustAnchors, toPem, X509Error } from "../src/index.ts";
import { leafCertificate, rootCertificate } from "./pki.ts";

describe("base64", () => {
  test.each(Array.from({ length: 70 }, (_, length) => length))("of %i bytes is everybody's", (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + length) & 0xff);
    expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
    expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
  });

  test.each([
    "A",
    "AA",
    "AAA",
    "A===",
    "AA=A",
    "=AAA",
    "AB==",
    "AAB=",
    "AA-_",
    "A A=",
    "AAAA\n",
    "AA==AAAA",
    "ÄAAA",
    "====",
  ])("%j is none", (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});

test("PEM goes round", () => {
  const pem = certificatesToPem(leafCertificate, rootCertificate);
  expect(pem).toBe(new TextDecoder().decode(new TextEncoder().encode(pem)));
  expect(certificatesFromPem(pem).map(({ der }) => der)).toEqual([leafCertificate.der, rootCertificate.der]);
});

test("several blocks, text around them, every kind of line end, blanks at line ends", () => {
  const block = toPem("CERTIFICATE", leafCertificate.der);
  const text = `Subject: somebody\n${block}\r\nA sentence: with a colon.\n${block.replaceAll("\n", "\r\n")}${block.replaceAll("\n", "\r")}${block.replaceAll("\n", " \t\n")}the end`;
  expect(certificatesFromPem(text)).toHaveLength(4);
});

test("headers of old keys are kept apart", () => {
  const [block] = decodePem(
    "-----BEGIN X-Y Z-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\nAAAA\n-----END X-Y Z-----",
  );
  expect(block).toEqual({
    label: "X-Y Z",
    headers: ["Proc-Type: 4,ENCRYPTED", "DEK-Info: AES"],
    bytes: new Uint8Array(3),
  });
});

test.each([
  ["nothing", ""],
  ["no block of the kind", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"],
  ["a block without an end", "-----BEGIN CERTIFICATE-----\nAAAA\n"],
  ["an end without a beginning", "AAAA\n-----END CERTIFICATE-----"],
  ["another end", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END X-----"],
  ["a block in a block", "-----BEGIN CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"],
  ["no base64", "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----"],
  ["base64 cut off", "-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----"],
])("%s is an error", (_, text) => {
  expect(() => certificatesFromPem(text)).toThrow(X509Error);
});

test("a store with an unusable certificate is refused, or read without it if the caller is told", () => {
  const store = certificatesToPem(rootCertificate) + toPem("CERTIFICATE", Uint8Array.of(0x30, 0));
  expect(() => TrustAnchors.fromPem(store)).toThrow(X509Error);
  const unusable: string[] = [];
  const anchors = TrustAnchors.fromPem(store, (error) => unusable.push(error.code));
  expect(anchors.size).toBe(1);
  expect(anchors.find(rootCertificate)).toBeDefined();
  expect(anchors.find(leafCertificate)).toBeUndefined();
  expect(unusable).toEqual(["invalid_der"]);
});
