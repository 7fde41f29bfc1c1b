import { expect, test } from "vitest";
import { insecureCookie } from "../../src/http/cookies.ts";

test.each([
  ["a=b", "a"],
  [" a = b; Path=/; HttpOnly", "a"],
  ["a=b; Secured", "a"],
  ["a=; SameSite=None", "a"],
  ["a=b; Secure", undefined],
  ["a=b;SECURE ; Path=/", undefined],
  ["a=b; secure=yes", undefined],
  ["nothing", undefined],
  ["=b", undefined],
])("the cookie of %j that goes in the clear: %j", (setCookie, name) => {
  expect(insecureCookie(setCookie)).toBe(name);
});
