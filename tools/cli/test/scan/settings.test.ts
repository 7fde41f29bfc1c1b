import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeProvider } from "@tlskit/crypto-node";
import { checkNames, policies } from "@tlskit/scan";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem } from "@tlskit/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import { scanSettings } from "../../src/scan/settings.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "tlskit-scan-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function fileOf(content: string): string {
  const path = join(folder(), "file");
  writeFileSync(path, content);
  return path;
}

/** The settings of a command line that is in order. */
function settingsOf(...args: readonly string[]): NonNullable<ReturnType<typeof scanSettings>> {
  const settings = scanSettings(["a.example", ...args]);
  if (settings === undefined) throw new Error("help was wanted");
  return settings;
}

test("unless told otherwise everything is asked but what tries a server's patience", () => {
  const { scan, targets, ...settings } = settingsOf();
  expect(targets).toEqual([{ host: "a.example", port: 443 }]);
  expect(scan).toMatchObject({
    checks: checkNames,
    intrusive: { renegotiation: false, earlyDataReplay: false, flaws: false },
    policy: undefined,
    maxConnections: undefined,
  });
  expect(settings).toMatchObject({ all: false, json: false, evidence: false, noColor: false, quiet: false });
});

test.each([
  ["--renegotiation", { renegotiation: true, earlyDataReplay: false, flaws: false }],
  ["--replay", { renegotiation: false, earlyDataReplay: true, flaws: false }],
  ["--flaws", { renegotiation: false, earlyDataReplay: false, flaws: true }],
])("%s asks for that, and for nothing else", (option, intrusive) => {
  expect(settingsOf(option).scan.intrusive).toEqual(intrusive);
});

test("options are what the command does", () => {
  expect(settingsOf("--all", "--json", "--evidence", "--no-color", "-q", "--at-once", "7")).toMatchObject({
    all: true,
    json: true,
    evidence: true,
    noColor: true,
    quiet: true,
    targetsAtOnce: 7,
  });
  expect(settingsOf("--connections", "1", "--only", "http").scan).toMatchObject({
    maxConnections: 1,
    checks: ["http"],
  });
});

test("--ca trusts the certificates of a file, and nobody else", () => {
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  const { root } = throwawayPki(nodeProvider, random, "a.example", Date.now());
  const { anchors } = settingsOf("--ca", fileOf(certificatesToPem(root.certificate))).scan;
  expect(anchors.all.map(({ name }) => String(name))).toEqual([String(root.certificate.subject)]);
});

describe("what is required", () => {
  test.each(["modern", "intermediate", "old"] as const)("is Mozilla's %s", (name) => {
    expect(settingsOf("--require", name).scan.policy).toBe(policies[name]);
  });

  test("is a file's", () => {
    const file = fileOf('{ "name": "ours", "extends": "modern" }');
    expect(settingsOf("--require", file).scan.policy).toMatchObject({
      name: "ours",
      versions: policies.modern.versions,
    });
  });
});

describe("an earlier report", () => {
  const earlier = {
    format: "tlskit-scan",
    targets: [
      {
        state: "scanned",
        target: { host: "a.example", port: 443 },
        begun: "2026-11-01T00:00:00.000Z",
        facts: { resumption: { state: "found", value: { ticketKeyName: "0a0b" } } },
      },
    ],
  };

  test("is one of each target that is in it", () => {
    const settings = settingsOf("--compare", fileOf(JSON.stringify(earlier)));
    expect(settings.earlier({ host: "a.example", port: 443 })).toMatchObject({ ticketKeyName: "0a0b" });
    expect(settings.earlier({ host: "a.example", port: 444 })).toBeUndefined();
  });

  test("isn't there unless it is told", () => {
    expect(settingsOf().earlier({ host: "a.example", port: 443 })).toBeUndefined();
  });
});

describe("a page", () => {
  test("isn't written before there is one", () => {
    const file = fileOf("an earlier one");
    const { writePage } = settingsOf("--html", file);
    expect(readFileSync(file, "utf8")).toBe("an earlier one");
    writePage?.("<!doctype html>");
    expect(readFileSync(file, "utf8")).toBe("<!doctype html>");
  });

  test("is a new file too", () => {
    const file = join(folder(), "report.html");
    settingsOf("--html", file).writePage?.("<!doctype html>");
    expect(readFileSync(file, "utf8")).toBe("<!doctype html>");
  });
});

test("help is help, whatever else there is", () => {
  expect(scanSettings(["--help"])).toBeUndefined();
  expect(scanSettings(["-h", "a.example", "--rate", "0"])).toBeUndefined();
});

test.each([
  [["--no-such-option"], /no-such-option/],
  [["--starttls", "gopher"], /no protocol "gopher"/],
  [["--require", "moderm"], /--require takes modern, intermediate, old or a file: moderm can't be read/],
  [["--require", import.meta.filename], /settings\.test\.ts: it isn't JSON/],
  [["--compare", "/nonexistent/report.json"], /\/nonexistent\/report\.json can't be read/],
  [["--compare", import.meta.filename], /the earlier report is none/],
  [["--only", "everything"], /no check "everything"/],
  [["--ca", "/nonexistent/ca.pem"], /ca\.pem can't be read/],
  [["--ca", "/dev/null"], /\/dev\/null/],
  [["--html", "/nonexistent/report.html"], /report\.html can't be written/],
  [["--html", "/"], /can't be written: it is a folder/],
  [["--timeout", "0"], /--timeout/],
  [["--connections", "0"], /--connections/],
  [["--rate", "0"], /--rate/],
  [["--retries", "-1"], /--retries/],
  [["--at-once", "65"], /--at-once takes a whole number from 1 to 64/],
])("%j is refused before anybody is connected to", (args, message) => {
  expect(() => settingsOf(...args)).toThrow(message);
});
