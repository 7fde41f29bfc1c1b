import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  type Certificate,
  type CertificateContents,
  createCertificateSync,
  generatePrivateKeySync,
} from "@tlskit/x509";
import { describe, expect, test } from "vitest";
import { chainConcerns, concerns } from "../src/cert/concerns.ts";
import { fileName, namesOf, subjectNames } from "../src/cert/subject.ts";

const random = (length: number): Uint8Array => new Uint8Array(length).fill(9);
const key = generatePrivateKeySync({ provider, random });
const weakKey = generatePrivateKeySync({ provider, random, type: "RSA", modulusBits: 1024 });
const now = new Date("2026-03-01T12:00:00Z");
const validity = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2026-12-31T23:59:59Z") };

function made(contents: Partial<CertificateContents>): Certificate {
  return createCertificateSync({ provider, random, signer: key, publicKey: key, validity, ...contents });
}

const root = made({ subject: { commonName: "Root" }, ca: {} });
const leaf = (contents: Partial<CertificateContents> = {}): Certificate =>
  made({ issuer: root, dnsNames: ["a.test"], ...contents });

describe("what is wrong with a certificate, in plain words", () => {
  test.each<[string, Certificate, readonly string[]]>([
    ["nothing", leaf(), []],
    ["nothing with a root", root, []],
    ["a short key", leaf({ publicKey: weakKey }), ["has an RSA key of 1024 bits, which is too short to be trusted"]],
    ["no names", leaf({ dnsNames: [], subject: { commonName: "a.test" } }), [expect.stringMatching(/no alternative/)]],
    [
      "self-signed",
      made({ subject: { commonName: "a" }, dnsNames: ["a.test"] }),
      [expect.stringMatching(/self-signed/)],
    ],
  ])("%s", (_, certificate, expected) => {
    expect(concerns(certificate, now)).toEqual(expected);
  });

  test.each([
    ["2025-12-31T23:59:59Z", ["is not valid before 2026-01-01 00:00:00 UTC"]],
    ["2026-01-01T00:00:00Z", []],
    ["2026-12-01T23:59:59Z", []],
    ["2026-12-02T00:00:00Z", ["expires in 29 days"]],
    ["2026-12-30T20:59:59Z", ["expires in 27 hours"]],
    ["2026-12-31T23:59:59Z", ["expires in less than an hour"]],
    ["2027-01-01T00:00:00Z", ["has expired on 2026-12-31 23:59:59 UTC"]],
  ])("at %s", (at, expected) => {
    expect(concerns(leaf(), new Date(at))).toEqual(expected);
  });

  test("one of a week is about to expire in its last third", () => {
    const week = leaf({ validity: { notBefore: new Date("2026-03-01"), notAfter: new Date("2026-03-07") } });
    expect(concerns(week, new Date("2026-03-04"))).toEqual([]);
    expect(concerns(week, new Date("2026-03-05T12:00:00Z"))).toEqual(["expires in 36 hours"]);
  });

  test("a list that is no chain", () => {
    expect(chainConcerns([leaf(), root])).toEqual([]);
    expect(chainConcerns([root, leaf()])).toEqual(["certificate 2 is not the issuer of certificate 1, but a.test"]);
  });
});

describe("names on the command line", () => {
  test("come as lists, repeated", () => {
    expect(namesOf(["a.test, b.test", "", "c.test,"])).toEqual(["a.test", "b.test", "c.test"]);
    expect(namesOf(undefined)).toEqual([]);
  });

  test("are hosts, addresses and mailboxes; other letters have A-labels", () => {
    expect(subjectNames(["bücher.test", "*.a.test", "::1", "me@a.test"])).toEqual({
      subject: { commonName: "xn--bcher-kva.test" },
      dnsNames: ["xn--bcher-kva.test", "*.a.test"],
      ipAddresses: ["::1"],
      alternativeNames: [{ type: "rfc822Name", value: "me@a.test" }],
    });
  });

  test("a name that is too long for a common name has none", () => {
    const long = `${"a".repeat(63)}.test`;
    expect(subjectNames([long])).not.toHaveProperty("subject");
  });

  test.each([
    [["a.test"], "a.test"],
    [["*.a.test", "b.test", "c.test"], "_wildcard.a.test+2"],
    [["../../etc/passwd"], ".._.._etc_passwd"],
    [["::1"], "__1"],
  ])("%j are the file %s", (names, expected) => {
    expect(fileName(names)).toBe(expected);
  });
});
