import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { jsonReport } from "../../src/index.ts";
import { hostileTexts, withEveryText } from "./hostile.ts";
import { absent, fine, poor, redirecting } from "./target-reports.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [field: string]: Json };

const schema: Json = JSON.parse(
  readFileSync(new URL("../../../../docs/scan-report.schema.json", import.meta.url), "utf8"),
);
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(Object(schema));

/** What the schema has against a report. */
function errorsIn(report: string): readonly unknown[] {
  validate(JSON.parse(report));
  return validate.errors ?? [];
}

/** A part of a JSON text, by fields and indexes. */
function part(json: Json, ...path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((value, name) => (value === undefined ? value : Object(value)[name]), json);
}

/** The names of all fields in a JSON text. */
function fieldsIn(json: Json): readonly string[] {
  if (typeof json !== "object" || json === null) return [];
  return Object.entries(json).flatMap(([name, value]) => [name, ...fieldsIn(value)]);
}

/** The names of all fields that a schema describes. */
function fieldsOf(json: Json): readonly string[] {
  if (typeof json !== "object" || json === null) return [];
  return Object.entries(json).flatMap(([name, value]) => [
    ...(name === "properties" ? Object.keys(Object(value)) : []),
    ...fieldsOf(value),
  ]);
}

describe("a report as JSON", () => {
  const all: Json = JSON.parse(jsonReport([fine, poor, absent], { evidence: true, unfinished: [redirecting.target] }));

  it.each([
    ["a server that has nothing wrong", [fine]],
    ["a server that has much wrong", [poor]],
    ["a server that speaks HTTP", [redirecting]],
    ["a server that isn't there", [absent]],
    ["several", [fine, poor, absent]],
    ["none", []],
  ])("is as the schema has it: %s", (_, reports) => {
    expect(errorsIn(jsonReport(reports))).toEqual([]);
    expect(errorsIn(jsonReport(reports, { evidence: true }))).toEqual([]);
  });

  it("that isn't whole names the targets that it is without, and no other has that field", () => {
    const interrupted = jsonReport([fine], { unfinished: [poor.target] });
    expect(errorsIn(interrupted)).toEqual([]);
    expect(part(JSON.parse(interrupted), "unfinished")).toEqual([
      { host: "mail.example.com", port: 25, address: "192.0.2.25", startTls: "smtp" },
    ]);
    expect(JSON.parse(jsonReport([fine], { unfinished: [] }))).not.toHaveProperty("unfinished");
  });

  it("has every field that the schema describes", () => {
    const written = new Set([...fieldsIn(all), ...fieldsIn(JSON.parse(jsonReport([redirecting])))]);
    expect(fieldsOf(schema).filter((name) => !written.has(name))).toEqual([]);
  });

  it("has no field that the schema doesn't describe", () => {
    const report: Json = JSON.parse(jsonReport([poor]).replace('"connections"', '"unknown"'));
    expect(errorsIn(JSON.stringify(report))).not.toEqual([]);
  });

  it("has times as dates, and nothing where there is none", () => {
    expect(part(all, "targets", 1, "begun")).toBe("2026-01-05T09:30:12.000Z");
    const certificates = part(all, "targets", 1, "facts", "certificates", "value") ?? null;
    expect(part(certificates, 0, "notAfter")).toBe("2026-01-01T00:00:00.000Z");
    expect(part(certificates, 2, "notAfter")).toBeNull();
  });

  it("has certificates in PEM, and other octets in hexadecimal digits", () => {
    const facts = part(all, "targets", 1, "facts") ?? null;
    expect(part(facts, "certificates", "value", 0, "chain", 0)).toBe(
      "-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----\n",
    );
    expect(part(facts, "resumption", "value", "ticketKeyName")).toBe("ab".repeat(16));
  });

  it("has a finding with everything that the table of findings says of it", () => {
    expect(part(all, "targets", 1, "findings", 1)).toEqual({
      id: "tls1.0-spoken",
      severity: "high",
      title: "TLS 1.0 is spoken",
      seen: ["The server chooses TLS 1.0 where a client offers nothing newer."],
      why: "Whoever is in between can choose what is weakest of all that both ends still take.",
      source: "RFC 8996",
      remedy: "Speak TLS 1.2 and 1.3 alone.",
      remedies: {
        nginx: "ssl_protocols TLSv1.2 TLSv1.3;",
        apache: "SSLProtocol -all +TLSv1.2 +TLSv1.3",
        haproxy: "ssl-default-bind-options ssl-min-ver TLSv1.2",
        caddy: "tls {\n\tprotocols tls1.2 tls1.3\n}",
        node: 'minVersion: "TLSv1.2"',
      },
    });
  });

  it("has the messages only if they are asked for", () => {
    expect(part(all, "targets", 1, "facts", "versions", "evidence", 2, "messages", 1)).toEqual({
      from: "server",
      type: "alert",
      bytes: "0246",
    });
    expect(jsonReport([poor])).not.toContain('"evidence"');
  });

  it.each(hostileTexts)("can be shown by a terminal, and means what others wrote: %j", (text) => {
    const report = jsonReport([withEveryText(poor, text), withEveryText(absent, text)], { evidence: true });
    expect(report).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(part(JSON.parse(report), "targets", 1, "reason")).toBe(text);
    expect(errorsIn(report)).toEqual([]);
  });
});
