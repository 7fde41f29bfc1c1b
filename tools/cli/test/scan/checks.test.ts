import { expect, test } from "vitest";
import { checksOf } from "../../src/scan/checks.ts";

const known = ["versions", "cipherSuites", "groups", "http"] as const;

test.each([
  [{}, known],
  [{ only: ["groups,versions"] }, ["versions", "groups"]],
  [{ only: ["groups", "HTTP"] }, ["groups", "http"]],
  [{ skip: ["ciphersuites,"] }, ["versions", "groups", "http"]],
  [{ only: ["groups,http"], skip: ["http"] }, ["groups"]],
])("%j", (options, checks) => {
  expect(checksOf(known, options)).toEqual(checks);
});

test.each([
  [{ only: ["group"] }, '--only: no check "group"; there are, among others, groups'],
  [{ skip: ["htp"] }, '--skip: no check "htp"; there are, among others, http'],
  [{ only: ["http"], skip: ["http"] }, "--only and --skip leave no check"],
  [{ only: [""] }, "--only and --skip leave no check"],
])("%j leaves nothing, or names nothing", (options, message) => {
  expect(() => checksOf(known, options)).toThrow(
    expect.objectContaining({ name: "UsageError", message: expect.stringContaining(message) }),
  );
});
