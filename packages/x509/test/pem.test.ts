import { describe, expect, test } from "vitest";
import {
  certificateFromPem,
  certificatesFromDer,
  certificatesFromPem,
  certificatesToPem,
  createCrlSync,
  crlsFromPem,
  crlsToPem,
  decodePem,
  isPem,
  privateKeyFromPem,
  privateKeyToPem,
  toPem,
  trustAnchorsFromPem,
  X509Error,
} from "../src/index.ts";
import { crlContents, leafCertificate, root, rootCertificate } from "./pki.ts";

test("PEM goes round", () => {
  const pem = certificatesToPem(leafCertificate, rootCertificate);
  expect(pem).toBe(new TextDecoder().decode(new TextEncoder().encode(pem)));
  expect(certificatesFromPem(pem).certificates.map(({ der }) => der)).toEqual([
    leafCertificate.der,
    rootCertificate.der,
  ]);
});

test("several blocks, text around them, every kind of line end, blanks at line ends", () => {
  const block = toPem("CERTIFICATE", leafCertificate.der);
  const text = `Subject: somebody\n${block}\r\nA sentence: with a colon.\n${block.replaceAll("\n", "\r\n")}${block.replaceAll("\n", "\r")}${block.replaceAll("\n", " \t\n")}the end`;
  expect(certificatesFromPem(text).certificates).toHaveLength(4);
});

test("headers of old keys are kept apart", () => {
  const [block] = decodePem(
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\nAAAA\n-----END RSA PRIVATE KEY-----",
  );
  expect({ label: block?.label, headers: block?.headers, bytes: block?.bytes }).toEqual({
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
    ["headers without an end", "-----BEGIN EC PRIVATE KEY-----\nX: y\nAAAA\n-----END EC PRIVATE KEY-----", "don't end"],
    ["a boundary cut off", "-----BEGIN A----\nAAAA\n-----END A-----", "line 1 is neither base64 nor a line"],
    ["a boundary in lower case", "-----begin A-----\nAAAA\n-----END A-----", "line 1 is neither"],
    ["a boundary without a label", "-----BEGIN -----\nAAAA\n-----END -----", "line 1 is neither"],
    ["dashes inside", "-----BEGIN A-----\nAAAA\n-----\n-----END A-----", "line 3 is neither"],
  ])("%s", (_, text, message) => {
    expect(() => decodePem(text).map(({ bytes }) => bytes)).toThrow(message);
  });

  test("rules and lists in the text around are none", () => {
    expect(decodePem("----- Certificate -----\n------\n-----BEGIN A-----\nAAAA\n-----END A-----")).toHaveLength(1);
  });
});

test("what a label has beyond ASCII, or for a terminal, isn't repeated", () => {
  const [block] = decodePem("-----BEGIN \u001b[31mCERTIFICATE----\nAAAA\n-----END X-----");
  expect(block?.label).toBe("?[31mCERTIFICATE");
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

const bad = toPem("CERTIFICATE", Uint8Array.of(0x30, 0));

describe("one that can't be read takes nothing from the others", () => {
  const good = certificatesToPem(rootCertificate);

  test.each([
    ["a certificate that is none", bad],
    ["base64 that is none", "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n"],
    ["a block without an end", "-----BEGIN CERTIFICATE-----\nAAAA\n"],
    ["an end without a beginning", "AAAA\n-----END CERTIFICATE-----\n"],
    ["a boundary that is a dash short", "-----BEGIN CERTIFICATE----\nAAAA\n-----END CERTIFICATE-----\n"],
    ["an empty block", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"],
    ["OpenSSL's own form", toPem("TRUSTED CERTIFICATE", leafCertificate.der)],
  ])("%s is passed over, and told with its line", (_, damaged) => {
    for (const text of [
      `${damaged}${good}`,
      `${good}${damaged}`,
      `${good}${damaged}${certificatesToPem(leafCertificate)}`,
    ]) {
      const { certificates, passedOver } = certificatesFromPem(text);
      expect(certificates[0]?.der).toEqual(rootCertificate.der);
      expect(passedOver).toEqual([{ source: expect.stringMatching(/^line \d+$/), reason: expect.any(String) }]);
      expect(certificates.length + passedOver.length).toBe(text.endsWith(good) || text === `${good}${damaged}` ? 2 : 3);
    }
  });

  test.each([
    ["header fields", "-----BEGIN X-----\nVersion: 1\n\nAAAA\n-----END X-----\n"],
    ["header fields in front of a certificate", good.replace("\n", "\nComment: mine\n\n")],
    [
      "a block of another kind that isn't base64",
      "-----BEGIN PGP MESSAGE-----\n\nAAAA\n=abcd\n-----END PGP MESSAGE-----\n",
    ],
    ["another block that has no end", "-----BEGIN X-----\nAAAA\n"],
    ["a line of dashes", "-----\n"],
  ])("%s is nothing to be told of", (_, other) => {
    const { certificates, passedOver } = certificatesFromPem(`${other}${good}`);
    expect(certificates.at(-1)?.der).toEqual(rootCertificate.der);
    expect(passedOver).toEqual([]);
  });

  test("if nothing is left it is an error that tells why", () => {
    expect(() => certificatesFromPem(bad)).toThrow("line 1: the TBSCertificate should be sequence, got nothing");
    expect(() => certificatesFromPem(bad.repeat(5))).toThrow(/line 1: .*; line 4: .*; line 7: .*; and 2 more/);
    expect(() => trustAnchorsFromPem(bad)).toThrow(X509Error);
    expect(trustAnchorsFromPem("nothing").size).toBe(0);
  });

  test("trust anchors tell what was passed over", () => {
    const anchors = trustAnchorsFromPem(`${good}${bad}`);
    expect(anchors.size).toBe(1);
    expect(anchors.find(rootCertificate)).toBeDefined();
    expect(anchors.find(leafCertificate)).toBeUndefined();
    expect(anchors.passedOver).toMatchObject([{ source: `line ${good.split("\n").length}` }]);
  });

  test("CRLs likewise", () => {
    const crl = createCrlSync(crlContents);
    const text = `${toPem("X509 CRL", Uint8Array.of(0x30, 0))}${crlsToPem(crl)}${toPem("CRL", crl.der)}`;
    const { crls, passedOver } = crlsFromPem(text);
    expect(crls.map(({ der }) => der)).toEqual([crl.der, crl.der]);
    expect(passedOver).toMatchObject([{ source: "line 1" }]);
    expect(() => crlsFromPem(toPem("X509 CRL", Uint8Array.of(0x30, 0)))).toThrow("line 1: ");
  });

  test("certificates in DER, by their numbers", () => {
    const { certificates, passedOver } = certificatesFromDer([Uint8Array.of(0x30, 0), rootCertificate.der], 2);
    expect(certificates.map(({ der }) => der)).toEqual([rootCertificate.der]);
    expect(passedOver).toMatchObject([{ source: "certificate 2" }]);
  });

  test("but the first has to be readable where it is asked for", () => {
    expect(certificateFromPem(`${good}${bad}`).der).toEqual(rootCertificate.der);
    expect(() => certificateFromPem(`${bad}${good}`)).toThrow(X509Error);
    expect(() => certificateFromPem("nothing")).toThrow("no block CERTIFICATE");
  });

  test("a key among damaged blocks is read; one that is itself damaged is an error", () => {
    const key = privateKeyToPem(root.key);
    expect(privateKeyFromPem(`${bad}-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n${key}`)).toBeDefined();
    expect(() => privateKeyFromPem(key.replace(/\nM/, "\n!"))).toThrow("line 2 in the block PRIVATE KEY is not base64");
  });
});

describe("a file's bytes, as editors write them", () => {
  const pem = certificatesToPem(rootCertificate);
  const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf16le"));

  test.each<[string, string | Uint8Array]>([
    ["ASCII", new Uint8Array(Buffer.from(pem))],
    ["UTF-8 behind a byte order mark", new Uint8Array(Buffer.from(`\ufeff${pem}`))],
    ["a text with its mark still in front", `\ufeff${pem}`],
    ["UTF-16, little endian", utf16(`\ufeff${pem.replaceAll("\n", "\r\n")}`)],
    ["UTF-16, big endian", new Uint8Array(Buffer.from(utf16(`\ufeff${pem}`)).swap16())],
    ["any octets in front", Uint8Array.of(0xe9, 0x80, 0xff, 0x0a, ...Buffer.from(pem))],
  ])("%s", (_, contents) => {
    expect(certificatesFromPem(contents).certificates[0]?.der).toEqual(rootCertificate.der);
    expect(trustAnchorsFromPem(contents).size).toBe(1);
    expect(certificateFromPem(contents).der).toEqual(rootCertificate.der);
  });

  test("of keys too", () => {
    const bytes = utf16(`\ufeff${privateKeyToPem(root.key)}`);
    expect(privateKeyFromPem(bytes).privateKey).toEqual(root.key);
  });

  test("are told from DER", () => {
    expect(isPem(new Uint8Array(Buffer.from(pem)))).toBe(true);
    expect(isPem(new Uint8Array(Buffer.from(`0 is how this text begins\n${pem}`)))).toBe(true);
    expect(isPem(new Uint8Array(Buffer.from("nothing")))).toBe(false);
    expect(isPem(rootCertificate.der)).toBe(false);
    expect(isPem(Uint8Array.of(0x30, 3, 0x0a, 1, 3))).toBe(false);
  });

  test("the labels that RFC 7468 §5.1 has parsers take", () => {
    for (const label of ["X509 CERTIFICATE", "X.509 CERTIFICATE"]) {
      expect(certificateFromPem(toPem(label, rootCertificate.der)).der).toEqual(rootCertificate.der);
    }
  });
});
