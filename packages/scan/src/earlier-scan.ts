import { callerError } from "@tlskit/wire";
import type { ScanTarget } from "./target.ts";

/** What an earlier scan of a target has found, as far as another one is compared with it. */
export interface EarlierScan {
  /** Milliseconds since 1970. */
  readonly begun: number;
  /** What all tickets began with then, the name of the key that they were sealed under: in hexadecimal digits. */
  readonly ticketKeyName?: string | undefined;
}

/**
 * What a report has of targets: the name and the port tell which, whatever their addresses were; of several the first counts.
 * @param report what `jsonReport` gave
 * @returns what tells of a target: nothing if it isn't in the report, or wasn't reached
 * @throws {TlsError} `invalid_report` (the caller's fault) if it isn't one
 */
export function earlierScansIn(report: string): (target: ScanTarget) => EarlierScan | undefined {
  const targets = field(parsed(report), "targets");
  if (!Array.isArray(targets)) throw invalidReport("it has no targets");
  const found = new Map<string, EarlierScan>();
  for (const each of targets as readonly unknown[]) {
    const target = field(each, "target");
    const name = nameOf(field(target, "host"), field(target, "port"));
    if (field(each, "state") === "scanned" && !found.has(name)) found.set(name, earlierScan(each));
  }
  return ({ host, port }) => found.get(nameOf(host, port));
}

function nameOf(host: unknown, port: unknown): string {
  return JSON.stringify([host, port]);
}

function earlierScan(target: unknown): EarlierScan {
  const begun = Date.parse(String(field(target, "begun")));
  if (Number.isNaN(begun)) throw invalidReport("it doesn't tell when a target was scanned");
  const ticketKeyName = field(field(field(field(target, "facts"), "resumption"), "value"), "ticketKeyName");
  if (ticketKeyName !== undefined && typeof ticketKeyName !== "string") {
    throw invalidReport("a ticketKeyName isn't a text");
  }
  return { begun, ticketKeyName };
}

function parsed(report: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(report);
  } catch (cause) {
    throw invalidReport("it is no JSON", cause);
  }
  if (field(json, "format") !== "tlskit-scan") throw invalidReport("its format isn't tlskit-scan");
  return json;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function invalidReport(why: string, cause?: unknown): Error {
  return callerError("invalid_report", `the earlier report is none: ${why}`, cause);
}
