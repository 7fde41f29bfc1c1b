import { describe, expect, test } from "vitest";
import { hostNameMatches, normalizeHostName } from "../src/host-name.ts";
import { referenceIdentity, X509Error } from "../src/index.ts";

const label63 = "a".repeat(63);
const longest = `${label63}.${label63}.${label63}.${"a".repeat(61)}`;

/** What a certificate presents, whom one wants, whether it is the same. */
const table: readonly (readonly [presented: string, reference: string, expected: boolean])[] = [
  // the same, in any case (RFC 9525 §6.3)
  ["example.org", "example.org", true],
  ["EXAMPLE.org", "example.ORG", true],
  ["localhost", "localhost", true],
  ["xn--bcher-kva.example", "xn--bcher-kva.example", true],
  ["my_service", "my_service", true],
  ["1.example.org", "1.example.org", true],
  ["a-b.example.org", "a-b.example.org", true],
  [longest, longest, true],
  // others
  ["example.org", "example.com", false],
  ["example.org", "www.example.org", false],
  ["www.example.org", "example.org", false],
  ["xample.org", "example.org", false],
  ["example.org", "xample.org", false],
  ["", "example.org", false],
  // the dot of an absolute name: the reference's is dropped, a presented one is no host name (RFC 5280 §4.2.1.6)
  ["example.org", "example.org.", true],
  ["example.org.", "example.org", false],
  ["example.org.", "example.org.", false],
  // a wildcard stands for one whole label (RFC 9525 §6.3)
  ["*.example.org", "www.example.org", true],
  ["*.EXAMPLE.org", "WWW.example.org", true],
  ["*.example.org", "www.example.org.", true],
  ["*.example.org", "xn--bcher-kva.example.org", true],
  ["*.example.org", "example.org", false],
  ["*.example.org", "a.b.example.org", false],
  ["*.example.org", ".example.org", false],
  ["*.example.org", "www.example.com", false],
  ["*.example.org", "wwwexample.org", false],
  ["*.co.uk", "example.co.uk", true],
  // never for everybody
  ["*", "localhost", false],
  ["*", "example.org", false],
  ["*.", "org", false],
  ["*.org", "example.org", false],
  ["*.localhost", "a.localhost", false],
  ["*.*.org", "www.example.org", false],
  // in the wrong place
  ["w*.example.org", "www.example.org", false],
  ["*w.example.org", "www.example.org", false],
  ["www*.example.org", "www1.example.org", false],
  ["w*w.example.org", "www.example.org", false],
  ["**.example.org", "www.example.org", false],
  ["www.*.org", "www.example.org", false],
  ["www.example.*", "www.example.org", false],
  ["xn--*.example.org", "xn--bcher-kva.example.org", false],
  ["*.*.example.org", "a.b.example.org", false],
  [".example.org", "www.example.org", false],
  // not host names
  ["example.org\0", "example.org", false],
  ["example.org\0.attacker.example", "example.org", false],
  ["example..org", "example..org", false],
  ["-example.org", "-example.org", false],
  ["example-.org", "example-.org", false],
  ["example.org ", "example.org", false],
  [" example.org", "example.org", false],
  ["bücher.example", "bücher.example", false],
  ["192.0.2.1", "192.0.2.1", false],
  ["*.0.2.1", "192.0.2.1", false],
  ["0x7f.0x1", "0x7f.0x1", false],
  ["2001:db8::1", "2001:db8::1", false],
  ["[2001:db8::1]", "[2001:db8::1]", false],
  ["http://example.org", "example.org", false],
  [`${label63}a.org`, `${label63}a.org`, false],
  [`a${longest}`, `a${longest}`, false],
];

describe("presented and reference names", () => {
  test.each(table)("%j for %j: %s", (presented, reference, expected) => {
    const normalized = normalizeHostName(reference);
    expect(normalized !== undefined && hostNameMatches(presented, normalized)).toBe(expected);
  });
});

describe("the identity of a host", () => {
  test.each([
    ["example.org", { dnsName: "example.org" }],
    ["Example.ORG.", { dnsName: "example.org" }],
    ["192.0.2.1", { ipAddress: "192.0.2.1" }],
    ["2001:db8::1", { ipAddress: "2001:db8::1" }],
    ["[2001:db8::1]", { ipAddress: "2001:db8::1" }],
  ])("%s", (host, expected) => {
    expect(referenceIdentity(host)).toEqual(expected);
  });

  test.each([
    "",
    ".",
    "a b",
    "*.example.org",
    "example.org\0",
    "bücher.example",
    "1.2.3",
    "1.2.3.4.5",
    "[example.org]",
    "127.1",
    "fe80::1%eth0",
  ])("%j is none", (host) => {
    expect(() => referenceIdentity(host)).toThrow(X509Error);
  });
});
