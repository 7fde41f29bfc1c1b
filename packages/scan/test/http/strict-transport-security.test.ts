import { describe, expect, it } from "vitest";
import { strictTransportSecurity } from "../../src/http/strict-transport-security.ts";

describe("Strict-Transport-Security (RFC 6797 §6.1)", () => {
  it.each([
    ["max-age=31536000", { maxAgeSeconds: 31_536_000, includeSubDomains: false, preload: false }],
    ['MAX-AGE="31536000"; IncludeSubDomains', { maxAgeSeconds: 31_536_000, includeSubDomains: true }],
    ["max-age=1;includeSubDomains;preload;", { maxAgeSeconds: 1, includeSubDomains: true, preload: true }],
    [';; max-age = 0 ; what-else="; max-age=9"', { maxAgeSeconds: 0, includeSubDomains: false }],
    ["max-age=99999999999999999999999", { maxAgeSeconds: 2 ** 31 }],
    ['max-age="\\6\\0"', { maxAgeSeconds: 60 }],
  ])("%j counts", (header, expected) => {
    expect(strictTransportSecurity(header)).toMatchObject({ header, ...expected, problem: undefined });
  });

  it.each([
    ["", "it has no max-age"],
    ["includeSubDomains", "it has no max-age"],
    ["max-age", "its max-age is no number of seconds"],
    ["max-age=-1", "its max-age is no number of seconds"],
    ["max-age=1.5", "its max-age is no number of seconds"],
    ["max-age=1y", "its max-age is no number of seconds"],
    ["max-age=1; max-age=2", "it has max-age twice"],
    ["max-age=1; includeSubDomains=1", "its includeSubDomains has a value"],
    ["max-age=1, includeSubDomains", "it has a part that is no directive: max-age=1, includeSubDomains"],
    ["max-age=1; includeSubDomains preload", "it has a part that is no directive: includeSubDomains preload"],
    ['max-age="1', 'it has a part that is no directive: max-age="1'],
  ])("%j doesn't: %s", (header, problem) => {
    expect(strictTransportSecurity(header)).toMatchObject({ maxAgeSeconds: 0, problem });
  });

  it("is read in a time that its length is in proportion to", () => {
    for (const part of [" ", "\t", "a", '"', ";", '\\"', "=", '";'])
      expect(strictTransportSecurity(`max-age=1 ${part.repeat(60_000)}\u0001`).problem).toBeDefined();
  });
});
