import { describe, expect, it } from "vitest";
import { textReport } from "../../src/index.ts";
import type { Pace } from "../../src/report.ts";
import { columnsOf } from "../../src/reports/text/columns.ts";
import { hostileTexts, withEveryText } from "./hostile.ts";
import { absent, fine, poor } from "./target-reports.ts";

/** Controls but the ends of lines, and what changes the direction of text or can't be seen. */
const deceptive = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u;

function linesOf(...args: Parameters<typeof textReport>): readonly string[] {
  return textReport(...args).split("\n");
}

/** The lines below a heading, up to an empty one. */
function below(heading: string, lines: readonly string[]): readonly string[] {
  const rest = lines.slice(lines.indexOf(heading) + 1);
  return rest.slice(0, rest.indexOf(""));
}

describe("a report as text", () => {
  it("begins with where the server is, when it was scanned and by how many connections", () => {
    expect(linesOf([poor]).slice(0, 4)).toEqual([
      "mail.example.com:25",
      "  at 192.0.2.25, by STARTTLS of smtp",
      "  2026-01-05 09:30:12 UTC, 61.0 s, 112 connections",
      "",
    ]);
  });

  it("tells what the server made of being asked", () => {
    const about = (pace: Pace) => linesOf([{ ...poor, pace }])[2];
    expect(about({ oneAtATime: true, rests: 0 })).toContain("112 connections, one at a time");
    expect(about({ oneAtATime: false, rests: 2 })).toContain("112 connections, with 2 rests");
  });

  it("has a line for each version that was tried", () => {
    expect(below("Versions", linesOf([poor]))).toEqual([
      "  Version  Spoken  How it was refused",
      "  TLS 1.3  yes",
      "  TLS 1.2  yes",
      "  TLS 1.1  no      alert protocol_version",
      "  TLS 1.0  yes",
      "  SSL 3.0  no      silence",
      "  SSL 2.0  no      something that isn't TLS",
    ]);
  });

  it("tells the cipher suites of each version, and whose order counts", () => {
    expect(below("Cipher suites", linesOf([poor]))).toEqual([
      "  TLS 1.3, the only one",
      "    Code    Cipher suite",
      "    0x1301  TLS_AES_128_GCM_SHA256",
      "  TLS 1.2, in the server's order",
      "    0xc02f  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
      "    0x0005  TLS_RSA_WITH_RC4_128_SHA",
      "  TLS 1.0, the only one",
      "    0x0005  TLS_RSA_WITH_RC4_128_SHA",
    ]);
  });

  it("says at its end which targets it is without, if it was interrupted", () => {
    expect(linesOf([fine], { unfinished: [poor.target] }).slice(-4)).toEqual([
      "",
      "Interrupted: 1 target of which there is no report",
      "  mail.example.com:25, at 192.0.2.25, by STARTTLS of smtp",
      "",
    ]);
    expect(textReport([fine], { unfinished: [] })).toBe(textReport([fine]));
  });

  it("tells once why several checks weren't made", () => {
    const left = { state: "skipped", why: "left out", reason: "by --only" } as const;
    const facts = { ...poor.facts, groups: left, extensions: left, alpn: left };
    const lines = linesOf([{ ...poor, facts }]);
    const [at] = lines.flatMap((line, index) => (line === "  left out: by --only" ? [index] : []));
    expect(lines[(at ?? 0) + 1]).toBe("    Groups, Extensions, ALPN");
  });

  it("tells a certificate once that is shown to several kinds of clients", () => {
    const text = textReport([poor]);
    expect(text).toContain("  RSA 1024 bits, shown for the target's name, without a name\n");
    expect(text).toContain("  EC P-256, shown for a name that nobody has\n");
  });

  it("says of what wasn't found out why", () => {
    expect(below("Not found out", linesOf([poor]))).toEqual([
      "  HTTP                        failed: the server doesn't speak HTTP (not_http)",
      "  Flaws of implementations    not asked: it is done by --flaws alone",
    ]);
  });

  it("tells a finding with its identifier, what was seen, why it matters and what to do", () => {
    const lines = linesOf([poor]);
    const first = lines.findIndex((line) => line.includes("TLS 1.0 is spoken"));
    expect(lines.slice(first, first + 12)).toEqual([
      "  HIGH      TLS 1.0 is spoken                                      tls1.0-spoken",
      "            The server chooses TLS 1.0 where a client offers nothing newer.",
      "            Why: Whoever is in between can choose what is weakest of all that",
      "            both ends still take. (RFC 8996)",
      "            To do: Speak TLS 1.2 and 1.3 alone.",
      "              nginx     ssl_protocols TLSv1.2 TLSv1.3;",
      "              Apache    SSLProtocol -all +TLSv1.2 +TLSv1.3",
      "              HAProxy   ssl-default-bind-options ssl-min-ver TLSv1.2",
      "              Caddy     tls {",
      "                          protocols tls1.2 tls1.3",
      "                        }",
      '              node:tls  minVersion: "TLSv1.2"',
    ]);
  });

  it("doesn't repeat lines of configuration that an earlier finding has", () => {
    expect(textReport([poor])).toContain("            The same lines as for tls1.0-spoken.\n");
  });

  it("counts the findings, and names those that weren't judged", () => {
    const text = textReport([poor]);
    expect(text).toContain("\nFindings: 1 critical, 1 high, 1 medium, 1 info\n");
    expect(text).toContain("\n  Not judged, because what they are made of isn't known:\n    hsts-short, heartbleed\n");
    expect(textReport([fine])).toMatch(/\nNo findings\n$/);
  });

  it("counts the findings that rest on checks that were left out, and names the others that weren't judged", () => {
    const facts = { ...poor.facts, certificates: { state: "skipped", why: "left out", reason: "by --only" } as const };
    const notJudged = ["certificate-expired", "hsts-short", "certificate-wildcard"];
    const text = textReport([{ ...poor, facts, notJudged }]);
    expect(text).toContain(
      "\n  Not judged, because what it is made of isn't known:\n    hsts-short\n  Not judged, because it was left out: 2 findings.\n",
    );
    expect(text).not.toContain("certificate-wildcard");
  });

  it("ends with what the policy says", () => {
    expect(linesOf([poor]).slice(-11)).toEqual([
      "Policy intermediate: not met",
      "",
      "  versions.allowed",
      "    Wanted                    TLS 1.2 and TLS 1.3 alone",
      "    Seen                      TLS 1.0 is spoken",
      "                              SSL 3.0 is spoken",
      "",
      "  cipherSuites.allowed",
      "    Wanted                    one of 12 suites",
      "    Seen                      TLS_RSA_WITH_RC4_128_SHA in TLS 1.2",
      "",
    ]);
  });

  it("says of a target that wasn't reached why", () => {
    expect(textReport([absent])).toBe("[2001:db8::1]:25\n  not reached: nobody listens there (refused)\n");
  });

  it("ends with a summary of several targets", () => {
    expect(linesOf([fine, poor, absent]).slice(-6)).toEqual([
      "Summary of 3 targets",
      "  Target               Policy   Findings",
      "  example.com:443               no findings",
      "  mail.example.com:25  not met  1 critical, 1 high, 1 medium, 1 info",
      "  [2001:db8::1]:25              not reached: nobody listens there (refused)",
      "",
    ]);
  });

  it.each([80, 60])("has no line of more than %i columns but those of configurations", (width) => {
    const wide = linesOf([fine, poor, absent], { width, evidence: true }).filter((line) => columnsOf(line) > width);
    expect(wide.filter((line) => !/^ {14}/.test(line))).toEqual([]);
  });

  it("has colours only if told so, and otherwise the same text", () => {
    const coloured = textReport([fine, poor, absent], { colours: true, evidence: true });
    expect(coloured).toContain("\x1b[1;31mHIGH\x1b[0m");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
    expect(coloured.replaceAll(/\x1b\[[\d;]+m/g, "")).toBe(textReport([fine, poor, absent], { evidence: true }));
  });

  it.each(hostileTexts)("shows what others wrote, and obeys none of it: %j", (text) => {
    const reports = [withEveryText(poor, text), withEveryText(absent, text)];
    expect(textReport(reports, { evidence: true })).not.toMatch(deceptive);
  });

  it("shows the beginning of what has no end", () => {
    const reports = [withEveryText(poor, "a".repeat(1_000_000))];
    const text = textReport(reports);
    expect(text).toContain("a… (1000000 characters)");
    expect(text.length).toBeLessThan(500_000);
  });
});

describe("the evidence in a text", () => {
  const text = textReport([poor], { evidence: true });

  it("is there only if it is asked for", () => {
    expect(text).toContain("\nEvidence: Versions\n");
    expect(textReport([poor])).not.toContain("Evidence");
  });

  it("has each message with who sent it and its fields", () => {
    expect(text).toContain(
      [
        "  ← alert protocol_version (2 octets)",
        "      level: 02  fatal (0x02)",
        "      description: 46  protocol_version (0x46)",
        "",
      ].join("\n"),
    );
  });

  it("reads the messages behind a ServerHello as its version and its cipher suite have them", () => {
    expect(text).toContain("  ← EncryptedExtensions (6 octets)\n      extensions: empty\n");
    expect(text).toContain("        curveType: 03  named_curve (0x03)\n        namedCurve: 001d  x25519 (0x001d)\n");
  });

  it("shows what can't be read as it came, and says so", () => {
    expect(text).toContain("  ← something that isn't TLS (28 octets)\n      485454502f");
    expect(text).toContain("  ← ServerHello (6 octets)\n      undecoded: 0303  5 bytes expected, 2 left\n");
    expect(text).toContain("  ← handshake_type(99) (5 octets)\n      6300000107\n");
  });
});
