import { describe, expect, it } from "vitest";
import { textReport } from "../../src/index.ts";
import { absent, fine } from "./target-reports.ts";

describe("a report as text", () => {
  it("has a line for each version that was tried", () => {
    expect(textReport([fine])).toContain("    TLS 1.1  no      alert protocol_version\n");
  });

  it("tells the address that was connected to, the time and the number of connections", () => {
    expect(textReport([fine])).toMatch(
      /^example\.com:443 \(192\.0\.2\.1\)\n {2}2026-01-05 09:30:12 UTC, 4\.2 s, 37 connections\n/,
    );
  });

  it("says of a target that wasn't reached why", () => {
    expect(textReport([absent])).toBe("[2001:db8::1]:25\n  not reached: nobody listens there (refused)\n");
  });

  it("ends with a summary of several targets", () => {
    const lines = textReport([fine, absent]).split("\n").slice(-5);
    expect(lines).toEqual([
      "Summary of 2 targets",
      "    Target            Findings",
      "    example.com:443   no findings",
      "    [2001:db8::1]:25  not reached: nobody listens there (refused)",
      "",
    ]);
  });
});
