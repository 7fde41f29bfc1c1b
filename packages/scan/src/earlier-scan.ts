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
 * What a report has of a target: the name and the port tell which, whatever its address was.
 * @param report what `jsonReport` gave
 * @returns nothing if the target isn't in it, or wasn't reached
 * @throws {TlsError} `invalid_report` (the caller's fault) if it isn't one
 */
export function earlierScanIn(report: string, { host, port }: ScanTarget): EarlierScan | undefined {
  const targets = field(parsed(report), "targets");
  if (!Array.isArray(targets)) throw invalidReport("it has no targets");
  const found = targets.find((each: unknown) => {
    const target = field(each, "target");
    return field(target, "host") === host && field(target, "port") === port && field(each, "state") === "scanned";
  });
  if (found === undefined) return undefined;
  const begun = Date.parse(String(field(found, "begun")));
  if (Number.isNaN(begun)) throw invalidReport(`it doesn't tell when ${host} was scanned`);
  const name = field(field(field(field(found, "facts"), "resumption"), "value"), "ticketKeyName");
  if (name !== undefined && typeof name !== "string") throw invalidReport("a ticketKeyName isn't a text");
  return { begun, ticketKeyName: name };
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
