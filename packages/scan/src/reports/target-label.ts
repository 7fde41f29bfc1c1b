import type { TargetReport } from "../report.ts";
import type { ScanTarget } from "../target.ts";

/** `www.example.org:443`, `[2001:db8::1]:25`. */
export function targetLabel({ host, port }: ScanTarget): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The address that was connected to, if the label doesn't say it. */
export function addressOf(report: TargetReport): string | undefined {
  const address = (report.state === "scanned" ? report.address : undefined) ?? report.target.address;
  return address === report.target.host ? undefined : address;
}
