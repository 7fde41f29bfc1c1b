import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { targetsOf } from "../../src/scan/targets.ts";

/** A file of targets. */
function listing(...lines: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "tlskit-targets-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "targets");
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

/** Targets in short: host, port, what goes before TLS. */
function inShort(options: Parameters<typeof targetsOf>[0]): readonly unknown[] {
  return targetsOf(options).map(({ host, port, startTls }) => [host, port, startTls?.name]);
}

test.each([
  ["example.com", "example.com", 443],
  ["example.com:8443", "example.com", 8443],
  ["192.0.2.1", "192.0.2.1", 443],
  ["[2001:db8::1]:8443", "2001:db8::1", 8443],
  ["2001:db8::1", "2001:db8::1", 443],
  ["bücher.example:1", "xn--bcher-kva.example", 1],
])("%s", (text, host, port) => {
  expect(inShort({ targets: [text] })).toEqual([[host, port, undefined]]);
});

test.each(["", "a b", "a..example", "-.example", "example.com:0", "example.com:65536", "\u{200b}", "fe80::1%eth0"])(
  "%j is none",
  (text) => {
    expect(() => targetsOf({ targets: [text] })).toThrow(expect.objectContaining({ name: "UsageError" }));
  },
);

describe("the port of what is spoken before TLS", () => {
  test.each([
    ["smtp", 25],
    ["imap", 143],
    ["pop3", 110],
    ["postgres", 5432],
    ["ldap", 389],
    ["mysql", 3306],
  ])("%s", (starttls, port) => {
    expect(inShort({ targets: ["mail.example"], starttls })).toEqual([["mail.example", port, starttls]]);
  });

  test("is another one if that is told", () => {
    expect(inShort({ targets: ["mail.example:587"], starttls: "smtp" })).toEqual([["mail.example", 587, "smtp"]]);
  });

  test("is of a protocol that there is", () => {
    expect(() => targetsOf({ targets: ["mail.example"], starttls: "gopher" })).toThrow(/no protocol "gopher".*smtp/);
  });
});

describe("an address", () => {
  test("is connected to, and the name stays what it is", () => {
    expect(targetsOf({ targets: ["a.example", "b.example"], address: "2001:db8::1" })).toEqual([
      { host: "a.example", port: 443, address: "2001:db8::1" },
      { host: "b.example", port: 443, address: "2001:db8::1" },
    ]);
  });

  test.each(["b.example", "192.0.2", ""])("is no other thing: %j", (address) => {
    expect(() => targetsOf({ targets: ["a.example"], address })).toThrow("--address takes an IP address");
  });

  test("isn't all addresses", () => {
    expect(() => targetsOf({ targets: ["a.example"], address: "192.0.2.1", all: true })).toThrow("--all");
  });
});

describe("a file of targets", () => {
  test("has one on a line, with a protocol of its own if it is told, and remarks", () => {
    const file = listing(
      "# ours",
      "www.example",
      "",
      "  mail.example:587   smtp # submission",
      "[2001:db8::1]:993\r",
      "db.example postgres",
    );
    expect(inShort({ targets: ["first.example"], file: [file] })).toEqual([
      ["first.example", 443, undefined],
      ["www.example", 443, undefined],
      ["mail.example", 587, "smtp"],
      ["2001:db8::1", 993, undefined],
      ["db.example", 5432, "postgres"],
    ]);
  });

  test("takes the protocol of the command line where it says none", () => {
    const file = listing("a.example", "b.example imap");
    expect(inShort({ targets: [], file: [file], starttls: "pop3" })).toEqual([
      ["a.example", 110, "pop3"],
      ["b.example", 143, "imap"],
    ]);
  });

  test.each([
    ["host:http", /line 2: not a port/],
    ["a.example smtp imap", /line 2: too much in a line: "imap"/],
    ["a.example gopher", /line 2: no protocol "gopher"/],
  ])("says where it is wrong: %s", (line, message) => {
    expect(() => targetsOf({ targets: [], file: [listing("first.example", line)] })).toThrow(message);
  });

  test("has to be there", () => {
    expect(() => targetsOf({ targets: [], file: ["/nonexistent/targets"] })).toThrow(
      /\/nonexistent\/targets can't be read/,
    );
  });
});

test("a target that is named twice is scanned once", () => {
  expect(inShort({ targets: ["a.example", "A.example:443", "a.example:444"], file: [listing("a.example")] })).toEqual([
    ["a.example", 443, undefined],
    ["a.example", 444, undefined],
  ]);
});

test("there has to be one", () => {
  expect(() => targetsOf({ targets: [] })).toThrow("scan takes HOST[:PORT]");
  expect(() => targetsOf({ targets: [], file: [listing("# none")] })).toThrow("scan takes HOST[:PORT]");
});
