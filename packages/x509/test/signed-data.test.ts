import { signerFor } from "@tlskit/crypto";
import { describe, expect, test } from "vitest";
import { CmsOid } from "../src/cms/oids.ts";
import { derElement, derExplicit, derOctetString, derOid, derSequence, derSmallInteger } from "../src/der-writer.ts";
import { createCertificateSync, createCrlSync, decodeSignedData } from "../src/index.ts";
import { maximumSignedDataBytes, maximumSignedDataElements } from "../src/limits.ts";
import { codeOf } from "./keys/samples.ts";
import { countingRandom, generateKey, now, provider } from "./pki.ts";

const random = countingRandom();
const key = generateKey();
const validity = { from: now, days: 30 };
const signing = { provider, random, signer: signerFor(provider, key, random), validity };
const ca = createCertificateSync({ ...signing, publicKey: key, subject: { commonName: "CA" }, ca: {} });
const other = createCertificateSync({ ...signing, publicKey: key, subject: { commonName: "Other" }, ca: {} });
const nextUpdate = new Date(now.getTime() + 86_400_000);
const crl = createCrlSync({ ...signing, issuer: ca, thisUpdate: now, nextUpdate, cRLNumber: 1, revoked: [] });

const data = derSequence(derOid(CmsOid.idData));
const set = (...elements: readonly Uint8Array[]): Uint8Array => derElement(0x31, ...elements);
const certificates = (...elements: readonly Uint8Array[]): Uint8Array => derElement(0xa0, ...elements);
const crls = (...elements: readonly Uint8Array[]): Uint8Array => derElement(0xa1, ...elements);
const signedData = (...parts: readonly Uint8Array[]): Uint8Array =>
  derSequence(derOid(CmsOid.idSignedData), derExplicit(0, derSequence(derSmallInteger(1), set(), ...parts, set())));

describe("the certificates and CRLs of a SignedData (RFC 5652 §5.1)", () => {
  test("in their order, which DER would not have", () => {
    const der = signedData(data, certificates(other.der, ca.der, other.der), crls(crl.der));
    expect(decodeSignedData(der)).toEqual({ certificates: [other.der, ca.der, other.der], crls: [crl.der] });
  });

  test("either may be missing, and both", () => {
    expect(decodeSignedData(signedData(data, certificates(ca.der)))).toEqual({ certificates: [ca.der], crls: [] });
    expect(decodeSignedData(signedData(data, crls(crl.der)))).toEqual({ certificates: [], crls: [crl.der] });
    expect(decodeSignedData(signedData(data))).toEqual({ certificates: [], crls: [] });
  });

  test("contents and signers don't matter", () => {
    const contents = derSequence(derOid(CmsOid.idData), derExplicit(0, derOctetString(new Uint8Array(9))));
    expect(decodeSignedData(signedData(contents, certificates(ca.der))).certificates).toEqual([ca.der]);
  });

  test("an attribute certificate, or a status of another kind, is passed over", () => {
    const parts = [certificates(derElement(0xa2), ca.der, derElement(0xa3)), crls(derElement(0xa1), crl.der)];
    expect(decodeSignedData(signedData(data, ...parts))).toEqual({ certificates: [ca.der], crls: [crl.der] });
  });

  test("what can't be read as a certificate takes nothing from the others", () => {
    const der = signedData(data, certificates(derSequence(), ca.der));
    expect(decodeSignedData(der).certificates).toEqual([derSequence(), ca.der]);
  });
});

test.each([
  ["contents of another type", derSequence(derOid(CmsOid.idData), derExplicit(0, derOctetString(ca.der)))],
  ["a certificate", ca.der],
  ["BER", Uint8Array.of(0x30, 0x80, 0, 0)],
  ["parts in another order", signedData(data, crls(crl.der), certificates(ca.der))],
  ["parts that it doesn't have", signedData(data, certificates(ca.der), derElement(0xa2))],
  ["nothing", new Uint8Array(0)],
])("%s is no SignedData", (_, der) => {
  expect(codeOf(() => decodeSignedData(der))).toBe("invalid_der");
});

test("the error for contents of another type names it", () => {
  const der = derSequence(derOid(CmsOid.idData), derExplicit(0, derOctetString(ca.der)));
  expect(() => decodeSignedData(der)).toThrow(`not in contents of the type ${CmsOid.idData}`);
});

describe("limits", () => {
  test(`${maximumSignedDataElements} certificates, or CRLs`, () => {
    const many = (count: number): readonly Uint8Array[] => Array.from({ length: count }, () => derSequence());
    const full = signedData(data, certificates(...many(maximumSignedDataElements)));
    expect(decodeSignedData(full).certificates).toHaveLength(maximumSignedDataElements);
    for (const tooMany of [certificates, crls]) {
      const der = signedData(data, tooMany(...many(maximumSignedDataElements + 1)));
      expect(codeOf(() => decodeSignedData(der))).toBe("too_large");
    }
  });

  test(`${maximumSignedDataBytes} bytes`, () => {
    expect(codeOf(() => decodeSignedData(new Uint8Array(maximumSignedDataBytes)))).toBe("invalid_der");
    expect(codeOf(() => decodeSignedData(new Uint8Array(maximumSignedDataBytes + 1)))).toBe("too_large");
  });
});
