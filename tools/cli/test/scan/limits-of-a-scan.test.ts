import { expect, test } from "vitest";
import { limitsOfAScan } from "../../src/scan/limits-of-a-scan.ts";

test("unless told otherwise a scan has its own", () => {
  expect(limitsOfAScan({})).toEqual({});
});

test("what is told is what the scan has", () => {
  expect(limitsOfAScan({ connections: "16", rate: "0.5", retries: "0" })).toMatchObject({
    maxConnections: 16,
    rate: 0.5,
    retries: 0,
  });
});

test("the times stay in proportion", () => {
  expect(limitsOfAScan({ timeout: "0.5" }).timeouts).toEqual({
    silence: 500,
    connect: 1000,
    answer: 1500,
    startTls: 2000,
  });
  expect(limitsOfAScan({ timeout: "20" }).timeouts).toMatchObject({ connection: 240_000, scan: 2_400_000 });
});

test.each([
  [{ connections: "17" }, "--connections takes a whole number from 1 to 16"],
  [{ rate: "1000.1" }, "--rate takes a number above 0, up to 1000"],
  [{ retries: "11" }, "--retries takes a whole number from 0 to 10"],
  [{ timeout: "301" }, "--timeout takes a number above 0, up to 300"],
])("%j is refused", (options, message) => {
  expect(() => limitsOfAScan(options)).toThrow(message);
});
