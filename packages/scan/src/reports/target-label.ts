import type { TargetReport } from "../report.ts";
import type { ScanTarget } from "../target.ts";

/** `www.example.org:443`, `[2001:db8::1]:25`. */
export function targetLabel({ host, port }: ScanTarget): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** What else there is to say of how a target was reached: `at 192.0.2.1`, `by STARTTLS of smtp`. */
export function targetDetails(report: TargetReport): readonly string[] {
  const address = (report.state === "scanned" ? report.address : undefined) ?? report.target.address;
  return targetDetailsOf({ ...report.target, address });
}

/** What else there is to say of what is to be reached. */
export function targetDetailsOf({ host, address, startTls }: ScanTarget): readonly string[] {
  return [
    ...(address === undefined || address === host ? [] : [`at ${address}`]),
    ...(startTls === undefined ? [] : [`by STARTTLS of ${startTls.name}`]),
  ];
}
