import { describe, expect, test } from "vitest";
import { certificatesFromPem, certificatesToPem, decodePem, TrustAnchors, toPem, X509Error } from "../src/index.ts";
import { leafCertificate, rootCertificate } from "./pki.ts";

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
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\nAAAA\n-----END RSA PRIVATE KEY-----",
  );
  expect(block).toEqual({
    label: "RSA PRIVATE KEY",
    headers: ["Proc-Type: 4,ENCRYPTED", "DEK-Info: AES"],
    bytes: new Uint8Array(3),
  });
});

describe("what is wrong is told with its line", () => {
  test.each([
    ["no end", "x\n-----BEGIN A-----\nAAAA\n", "line 2 begins a block A that has no end"],
    ["no beginning", "x\n\n-----END A-----", "line 3 ends a block A that didn't begin"],
    ["another label", "-----BEGIN A-----\nAAAA\n-----END B-----", "line 3 ends a block B, but the block is a A"],
    ["no base64", "-----BEGIN A-----\nAAAA\nA?AA\n-----END A-----", "line 3 in the block A is not base64"],
    ["padding inside", "-----BEGIN A-----\nAA==\nAAAA\n-----END A-----", "the block A is not base64: it is cut off"],
    ["bits that are lost", "-----BEGIN A-----\nAB==\n-----END A-----", "its padding is wrong"],
    ["an empty block", "-----BEGIN A-----\n-----END A-----", "line 1 begins a block A that is empty"],
    [
      "headers where there are none",
      "-----BEGIN A-----\nX: y\n\nAAAA\n-----END A-----",
      "line 1 begins a block A with header",
    ],
    ["headers without an end", "-----BEGIN EC PRIVATE KEY-----\nX: y\nAAAA\n-----END EC PRIVATE KEY-----", "don't end"],
    ["a boundary cut off", "-----BEGIN A----\nAAAA\n-----END A-----", "line 1 is neither base64 nor a line"],
    ["a boundary in lower case", "-----begin A-----\nAAAA\n-----END A-----", "line 1 is neither"],
    ["a boundary without a label", "-----BEGIN -----\nAAAA\n-----END -----", "line 1 is neither"],
    ["dashes inside", "-----BEGIN A-----\nAAAA\n-----\n-----END A-----", "line 3 is neither"],
  ])("%s", (_, text, message) => {
    expect(() => decodePem(text)).toThrow(message);
  });

  test("rules and lists in the text around are none", () => {
    expect(decodePem("----- Certificate -----\n------\n-----BEGIN A-----\nAAAA\n-----END A-----")).toHaveLength(1);
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
