import { hashOf } from "@tlskit/crypto";
import { describe, expect, test } from "vitest";
import {
  derBitString,
  derElement,
  derExplicit,
  derNull,
  derOid,
  derSequence,
  derSmallInteger,
} from "../src/der-writer.ts";
import { type Extension, encodeExtensions } from "../src/extensions/extension.ts";
import { Certificate, nameOfParts, Oid, subjectPublicKeyInfoOf, X509Error } from "../src/index.ts";
import { writeTime } from "../src/time.ts";
import { basicConstraints, issue, keyUsage, leaf, leafCertificate, leafExtensions, provider, root } from "./pki.ts";

const ecdsa = derSequence(derOid(Oid.ecdsaWithSha256));

/** A certificate in parts, whose signature says nothing. */
function assemble(
  parts: {
    readonly version?: Uint8Array;
    readonly serialNumber?: Uint8Array;
    readonly inner?: Uint8Array;
    readonly outer?: Uint8Array;
    readonly issuer?: Uint8Array;
    readonly subject?: Uint8Array;
    readonly behindKey?: readonly Uint8Array[];
    readonly behindSignature?: Uint8Array;
  } = {},
): Uint8Array {
  const none = new Uint8Array(0);
  const tbs = derSequence(
    parts.version ?? derExplicit(0, derSmallInteger(2)),
    parts.serialNumber ?? derSmallInteger(1),
    parts.inner ?? ecdsa,
    parts.issuer ?? nameOfParts({ commonName: "Issuer" }).der,
    derSequence(writeTime(new Date("2026-01-01T00:00:00Z")), writeTime(new Date("2027-01-01T00:00:00Z"))),
    parts.subject ?? nameOfParts({ commonName: "Subject" }).der,
    subjectPublicKeyInfoOf(leaf.key).der,
    ...(parts.behindKey ?? []),
  );
  return derSequence(tbs, parts.outer ?? ecdsa, derBitString(Uint8Array.of(0)), parts.behindSignature ?? none);
}

const withExtensions = (...extensions: readonly Extension[]): Uint8Array =>
  assemble({ behindKey: [derExplicit(3, encodeExtensions(extensions))] });
const none = new Uint8Array(0);

test("a certificate's fields are read", () => {
  const certificate = issue(leaf, root, { extensions: [...leafExtensions] });
  expect(certificate.version).toBe(3);
  expect(certificate.issuer.toString()).toBe("CN=Root");
  expect(certificate.subject.find(Oid.commonName)).toBe("Leaf");
  expect(certificate.validity).toEqual({
    notBefore: new Date("2026-01-01T00:00:00Z"),
    notAfter: new Date("2026-12-31T23:59:59Z"),
  });
  expect(certificate.basicConstraints).toEqual({ ca: false, pathLength: undefined });
  expect([...(certificate.keyUsage ?? [])]).toEqual(["digitalSignature"]);
  expect([...(certificate.extendedKeyUsage ?? [])]).toEqual([Oid.serverAuth]);
  expect(certificate.subjectAlternativeName?.dnsNames).toEqual(["example.org"]);
  expect(certificate.subjectPublicKeyInfo.algorithm).toBe("id-ecPublicKey");
  expect(certificate.selfIssued).toBe(false);
  expect(certificate.fingerprint(hashOf(provider, "SHA-256"))).toHaveLength(64);
});

test("what was read stays, whatever happens to the bytes that were handed in", () => {
  const buffer = Buffer.from(leafCertificate.der);
  const certificate = Certificate.fromDer(buffer);
  buffer.fill(0);
  expect(certificate.equals(leafCertificate)).toBe(true);
  expect(certificate.subject.toString()).toBe("CN=Leaf");
  expect(Object.getPrototypeOf(certificate.der)).toBe(Uint8Array.prototype);
});

describe("what a certificate may be", () => {
  test.each([
    ["as assembled", assemble()],
    ["of version 1", assemble({ version: none })],
    [
      "of version 2 with unique identifiers",
      assemble({
        version: derExplicit(0, derSmallInteger(1)),
        behindKey: [Uint8Array.of(0x81, 2, 0, 1), Uint8Array.of(0x82, 2, 0, 1)],
      }),
    ],
    ["with the serial number zero, which the RFC asks to handle", assemble({ serialNumber: derSmallInteger(0) })],
    ["with a serial number of 20 octets", assemble({ serialNumber: derElement(2, new Uint8Array(20).fill(0x7f)) })],
    ["with an unknown extension", withExtensions({ oid: "1.2.3.4", critical: true, value: derNull() })],
    [
      "for a key of an unknown algorithm",
      assemble({ inner: derSequence(derOid("1.2.3.4")), outer: derSequence(derOid("1.2.3.4")) }),
    ],
  ])("%s", (_, der) => {
    expect(Certificate.fromDer(der)).toBeInstanceOf(Certificate);
  });
});

const extension = (oid: string, critical: boolean, value: Uint8Array): Extension => ({ oid, critical, value });

/** Rules for the issuer, whose breach leaves what is meant plain: `docs/x509-refusals.md` says what others do. */
describe("what no issuer should write is read, where it means one thing", () => {
  test.each([
    ["version 1, written out", assemble({ version: derExplicit(0, derSmallInteger(0)) })],
    ["version 1 with a unique identifier", assemble({ version: none, behindKey: [Uint8Array.of(0x81, 2, 0, 1)] })],
    ["a negative serial number", assemble({ serialNumber: Uint8Array.of(2, 1, 0x80) })],
    ["a serial number of 21 octets", assemble({ serialNumber: derElement(2, new Uint8Array(21).fill(1)) })],
    ["an issuer without a name", assemble({ issuer: derSequence() })],
    ["no extension in its extensions", withExtensions()],
    [
      "a critical field that is its default",
      assemble({
        behindKey: [
          derExplicit(3, derSequence(derSequence(derOid("1.2.3"), Uint8Array.of(1, 1, 0), Uint8Array.of(4, 0)))),
        ],
      }),
    ],
    [
      "basic constraints with cA FALSE written out",
      withExtensions(extension(Oid.basicConstraints, true, Uint8Array.of(0x30, 3, 1, 1, 0))),
    ],
    ["key usage with zeros at its end", withExtensions(extension(Oid.keyUsage, true, Uint8Array.of(3, 2, 0, 0x80)))],
    ["no purpose in extended key usage", withExtensions(extension(Oid.extKeyUsage, false, derSequence()))],
    ["no name in alternative names", withExtensions(extension(Oid.subjectAltName, false, derSequence()))],
    [
      "an IP address of five octets",
      withExtensions(extension(Oid.subjectAltName, false, derSequence(Uint8Array.of(0x87, 5, 1, 2, 3, 4, 5)))),
    ],
    [
      "a DNS name that is not ASCII",
      withExtensions(extension(Oid.subjectAltName, false, derSequence(Uint8Array.of(0x82, 1, 0xe9)))),
    ],
  ])("%s", (_, der) => {
    expect(Certificate.fromDer(der).der).toEqual(der);
  });

  test("and as what it means", () => {
    expect(Certificate.fromDer(assemble({ version: derExplicit(0, derSmallInteger(0)) })).version).toBe(1);
    const trailing = extension(Oid.keyUsage, true, Uint8Array.of(3, 3, 0, 0xa0, 0));
    expect([...(Certificate.fromDer(withExtensions(trailing)).keyUsage ?? [])]).toEqual([
      "digitalSignature",
      "keyEncipherment",
    ]);
    const written = extension(Oid.basicConstraints, true, Uint8Array.of(0x30, 3, 1, 1, 0));
    expect(Certificate.fromDer(withExtensions(written)).basicConstraints).toEqual({ ca: false, pathLength: undefined });
  });
});

describe("what no certificate may be", () => {
  test.each([
    ["version 4", assemble({ version: derExplicit(0, derSmallInteger(3)) })],
    [
      "version 1 with extensions",
      assemble({ version: none, behindKey: [derExplicit(3, encodeExtensions([basicConstraints(false)]))] }),
    ],
    ["two signature algorithms", assemble({ inner: derSequence(derOid(Oid.ecdsaWithSha384)) })],
    [
      "two signature algorithms, by their parameters",
      assemble({ inner: derSequence(derOid(Oid.ecdsaWithSha256), derNull()) }),
    ],
    [
      "something behind the extensions",
      assemble({ behindKey: [derExplicit(3, encodeExtensions([basicConstraints(false)])), derNull()] }),
    ],
    ["something behind the signature", assemble({ behindSignature: derNull() })],
    ["one extension twice", withExtensions(keyUsage("cRLSign"), basicConstraints(true), keyUsage("keyCertSign"))],
    [
      "basic constraints with trailing bytes",
      withExtensions(extension(Oid.basicConstraints, true, Uint8Array.of(0x30, 0, 0))),
    ],
    [
      "basic constraints with TRUE as BER has it",
      withExtensions(extension(Oid.basicConstraints, true, Uint8Array.of(0x30, 3, 1, 1, 1))),
    ],
    [
      "a negative path length",
      withExtensions(extension(Oid.basicConstraints, true, Uint8Array.of(0x30, 6, 1, 1, 0xff, 2, 1, 0xff))),
    ],
    [
      "key usage with unused bits that are set",
      withExtensions(extension(Oid.keyUsage, true, Uint8Array.of(3, 2, 5, 0xa1))),
    ],
    ["key usage without a bit", withExtensions(extension(Oid.keyUsage, true, Uint8Array.of(3, 1, 0)))],
    [
      "a name of an unknown kind",
      withExtensions(extension(Oid.subjectAltName, false, derSequence(Uint8Array.of(0x89, 0)))),
    ],
  ])("%s", (_, der) => {
    expect(() => Certificate.fromDer(der)).toThrow(X509Error);
  });
});
