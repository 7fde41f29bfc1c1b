import { toHex } from "@tlskit/wire";
import { toPem } from "@tlskit/x509";
import type { CheckName, Evidence, FoundFacts, Outcome } from "../facts.ts";
import type { Finding } from "../finding.ts";
import type { TargetReport } from "../report.ts";
import type { ScanTarget } from "../target.ts";

export interface JsonReportOptions {
  /** Whether the messages are in it that something was seen in. */
  readonly evidence?: boolean | undefined;
  /** Targets that were to be scanned as well, and of which there is no report: that this is no whole is said. */
  readonly unfinished?: readonly ScanTarget[] | undefined;
}

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [field: string]: Json };

/** The form's version, which changes when those who read it have to. */
const formatVersion = 1;

/**
 * A report for programs: JSON as `docs/scan-report.schema.json` has it, with everything that was found out. What a server sent
 * is escaped so that a terminal, too, may show it.
 */
export function jsonReport(reports: readonly TargetReport[], options: JsonReportOptions = {}): string {
  const { evidence = false, unfinished = [] } = options;
  const targets = reports.map((report) => targetJson(report, evidence));
  const lacking = unfinished.length === 0 ? undefined : unfinished.map(whereJson);
  const report = { format: "tlskit-scan", version: formatVersion, targets, unfinished: lacking };
  return `${withoutControls(JSON.stringify(report, undefined, 2))}\n`;
}

function targetJson(report: TargetReport, evidence: boolean): Json {
  const target = whereJson(report.target);
  if (report.state === "unreached") {
    return { state: report.state, target, code: report.code, reason: report.reason };
  }
  const { state, address, begun, ended, connections, pace, facts, findings, notJudged, policy } = report;
  return {
    state,
    target,
    address,
    begun: timeJson(begun),
    ended: timeJson(ended),
    connections,
    pace: { ...pace },
    facts: factsJson(facts, evidence),
    findings: findings.map(findingJson),
    notJudged,
    policy: factJson("policy", policy),
  };
}

function whereJson({ host, port, address, startTls }: ScanTarget): Json {
  return { host, port, address, startTls: startTls?.name };
}

function factsJson(facts: FoundFacts, evidence: boolean): Json {
  const checks = Object.keys(facts) as CheckName[]; // facts have nothing else
  return Object.fromEntries(checks.map((check) => [check, outcomeJson(facts[check], evidence)]));
}

function outcomeJson(outcome: Outcome<unknown>, evidence: boolean): Json {
  if (outcome.state !== "found") return { ...outcome };
  const { state, value } = outcome;
  return {
    state,
    value: factJson("value", value),
    ...(evidence ? { evidence: outcome.evidence.map(evidenceJson) } : {}),
  };
}

function evidenceJson({ about, messages }: Evidence): Json {
  return { about, messages: messages.map(({ from, type, bytes }) => ({ from, type, bytes: toHex(bytes) })) };
}

function findingJson({ rule, seen }: Finding): Json {
  const { id, severity, title, why, source, remedy, remedies } = rule;
  return { id, severity, title, seen, why, source, remedy, remedies: { ...remedies } };
}

/** Facts' fields that are times: milliseconds since 1970. */
const times: ReadonlySet<string> = new Set(["notBefore", "notAfter", "thisUpdate", "nextUpdate", "at"]);

/** Facts' fields that are certificates in DER. */
const certificates: ReadonlySet<string> = new Set(["chain", "path"]);

/** A part of the facts, which are JSON already but for times, certificates (in PEM) and other octets (in hexadecimal digits). */
function factJson(name: string, value: unknown): Json {
  if (value instanceof Uint8Array) return certificates.has(name) ? toPem("CERTIFICATE", value) : toHex(value);
  if (typeof value === "number" && times.has(name)) return timeJson(value);
  if (Array.isArray(value)) return value.map((item) => factJson(name, item));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([field, content]) => [field, factJson(field, content)]));
  }
  return value as Json; // facts have nothing else
}

/** `2026-11-27T08:00:00.000Z`; nothing for what is no time. */
function timeJson(milliseconds: number): Json {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** JSON escapes the controls of ASCII by itself: so are the others, and what changes the direction of text or can't be seen. */
function withoutControls(json: string): string {
  return json.replaceAll(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    // of characters beyond the first plane both halves
    Array.from({ length: character.length }, (_, index) => {
      const unit = character.charCodeAt(index).toString(16).padStart(4, "0");
      return `\\u${unit}`;
    }).join(""),
  );
}
