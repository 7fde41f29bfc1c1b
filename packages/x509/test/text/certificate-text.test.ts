import { nodeProvider as provider, sha256 } from "@tlskit/crypto-node";
import { describe, expect, test } from "vitest";
import { X509Error } from "../../src/error.ts";
import {
  type Certificate,
  type CertificateContents,
  createCertificateSync,
  type GeneralName,
  generatePrivateKeySync,
  Oid,
} from "../../src/index.ts";
import {
  certificateFacts,
  certificateText,
  certificateTitle,
  durationText,
  escapedText,
  extensionsInFacts,
  generalNameText,
  octetsText,
  oidText,
  timeText,
} from "../../src/text/index.ts";

const random = (length: number): Uint8Array => new Uint8Array(length).fill(9);
const key = generatePrivateKeySync({ provider, random });
const validity = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2026-12-31T23:59:59Z") };

function made(contents: Partial<CertificateContents>): Certificate {
  return createCertificateSync({ provider, random, signer: key, publicKey: key, validity, ...contents });
}

const root = made({ subject: { commonName: "Root" }, ca: { pathLength: 0 } });
const leaf = made({
  issuer: root,
  subject: { commonName: "host.example" },
  dnsNames: ["host.example", "*.host.example"],
  ipAddresses: ["192.0.2.1"],
});

describe("a certificate for people", () => {
  test("is told line by line", () => {
    const lines = certificateText(leaf, { at: new Date("2026-03-01T12:00:00Z"), sha256 }).split("\n");
    expect(lines.slice(0, 6)).toEqual([
      "CN=host.example",
      "  issued by      CN=Root",
      "  valid from     2026-01-01 00:00:00 UTC",
      "  valid until    2026-12-31 23:59:59 UTC, in 305 days",
      "  names          host.example, *.host.example, 192.0.2.1",
      "  key            P-256",
    ]);
    expect(lines[6]).toBe("  signed with    ECDSA with SHA-256");
    expect(lines.at(-2)).toBe(`  SHA-256        ${octetsText(sha256.digest(leaf.der))}`);
    expect(lines.at(-1)).toBe("");
  });

  test("has neither a fingerprint nor a time left if nobody says what by", () => {
    const labels = certificateFacts(leaf).map(([label]) => label);
    expect(labels).not.toContain("SHA-256");
    expect(certificateText(leaf)).toContain("valid until    2026-12-31 23:59:59 UTC\n");
    expect(certificateText(leaf, { at: new Date("2027-01-03T00:00:00Z") })).toContain("23:59:59 UTC, 2 days ago\n");
  });

  test("says what an authority may do", () => {
    const facts = new Map(certificateFacts(root));
    expect(facts.get("CA")).toBe("yes, with no CA below it");
    expect(facts.get("key usage")).toBe("keyCertSign, cRLSign");
    expect(new Map(certificateFacts(leaf)).get("CA")).toBeUndefined();
  });

  test("is called by its hosts where it has no subject", () => {
    expect(certificateTitle(leaf)).toBe("CN=host.example");
    expect(certificateTitle(made({ issuer: root, dnsNames: ["a.test", "b.test"] }))).toBe("a.test, b.test");
  });

  test("tells that an extension is malformed, and the rest", () => {
    const odd = made({ issuer: root, dnsNames: ["a.test"] });
    const broken = () => {
      throw new X509Error("invalid_certificate", "it can't be read");
    };
    Object.defineProperty(odd, "authorityInfoAccess", { get: broken });
    const facts = new Map(certificateFacts(odd));
    expect([facts.get("OCSP"), facts.get("issuer's certificate"), facts.get("names")]).toEqual([
      "malformed",
      "malformed",
      "a.test",
    ]);
  });

  test("has words for the extensions that it names", () => {
    const facts = new Map(certificateFacts(leaf));
    for (const { oid } of leaf.extensions) expect(extensionsInFacts.has(oid), oidText(oid)).toBe(true);
    expect(facts.get("purposes")).toBe("serverAuth");
    expect(extensionsInFacts.has(Oid.policyMappings)).toBe(false);
  });

  test("says which one it is wherever a text is wanted", () => {
    const serial = octetsText(leaf.serialNumber).replaceAll(":", "").toLowerCase();
    expect(String(leaf)).toBe(
      `certificate of CN=host.example by CN=Root, 2026-01-01 to 2026-12-31, serial number ${serial}`,
    );
    expect(`${made({ issuer: root, dnsNames: ["a.test"] })}`).toMatch(/^certificate of \(no name\) by CN=Root, /);
  });
});

describe("names", () => {
  test.each<[string, GeneralName]>([
    ["a\\x1b[2J.test", { type: "dNSName", value: "a\u001b[2J.test" }],
    ["10.0.0.0/255.0.0.0", { type: "iPAddress", value: Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0) }],
    ["registered ID 1.2.3.4", { type: "registeredID", value: "1.2.3.4" }],
    ["directory name CN=Root", { type: "directoryName", value: root.subject }],
    ["x400Address 30:00", { type: "x400Address", value: Uint8Array.of(0x30, 0) }],
    [
      'other name userPrincipalName "a@b"',
      {
        type: "otherName",
        typeId: "1.3.6.1.4.1.311.20.2.3",
        value: Uint8Array.of(0x0c, 3, 0x61, 0x40, 0x62),
      },
    ],
    ["other name 1.2.3 02:01:05", { type: "otherName", typeId: "1.2.3", value: Uint8Array.of(2, 1, 5) }],
    ["other name 1.2.3 0C:05", { type: "otherName", typeId: "1.2.3", value: Uint8Array.of(0x0c, 5) }],
    [
      'other name 1.2.3 "\\u001b\\xe2\\x80\\xae"',
      { type: "otherName", typeId: "1.2.3", value: Uint8Array.of(0x0c, 4, 0x1b, 0xe2, 0x80, 0xae) },
    ],
  ])("%s", (text, name) => expect(generalNameText(name)).toBe(text));
});

describe("parts", () => {
  test("octets", () => expect(octetsText(Uint8Array.of(0, 0x1a, 0xff))).toBe("00:1A:FF"));
  test("no octets", () => expect(octetsText(new Uint8Array())).toBe(""));
  test("a time", () => expect(timeText(new Date("2026-03-01T12:00:00Z"))).toBe("2026-03-01 12:00:00 UTC"));
  test("object identifiers", () => expect([Oid.ocsp, "1.2.3"].map(oidText)).toEqual(["ocsp", "1.2.3"]));
  test("controls are shown", () => expect(escapedText("a\u001b[2J\u202eb")).toBe("a\\x1b[2J\\xe2\\x80\\xaeb"));
  test.each([
    [0, "less than an hour"],
    [3_600_000, "1 hour"],
    [47.5 * 3_600_000, "47 hours"],
    [48 * 3_600_000, "2 days"],
  ])("%d milliseconds are %s", (milliseconds, expected) => expect(durationText(milliseconds)).toBe(expected));
});
