import { expect, test } from "vitest";
import { parseEndpoint } from "../src/endpoint.ts";

test.each([
  ["example.com", "example.com", 443],
  ["example.com:8443", "example.com", 8443],
  ["192.0.2.1:1", "192.0.2.1", 1],
  ["[2001:db8::1]:8443", "2001:db8::1", 8443],
  ["[2001:db8::1]", "2001:db8::1", 443],
  ["2001:db8::1", "2001:db8::1", 443],
  ["::1", "::1", 443],
])("%s", (text, host, port) => {
  expect(parseEndpoint(text)).toEqual({ host, port });
});

test.each(["", ":443", "host:", "host:0x1bb", "host:65536", "host:-1", "[]:443", "[::1]:x"])("%j is none", (text) => {
  expect(() => parseEndpoint(text)).toThrow(expect.objectContaining({ name: "UsageError" }));
});
