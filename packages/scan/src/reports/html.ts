import type { TargetReport } from "../report.ts";
import { textReport } from "./text.ts";

export interface HtmlReportOptions {
  /** Whether the messages are shown that something was seen in. */
  readonly evidence?: boolean | undefined;
}

const meaningful: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A report as one HTML file, without scripts and without anything from elsewhere. */
export function htmlReport(reports: readonly TargetReport[], options: HtmlReportOptions = {}): string {
  const text = textReport(reports, options).replaceAll(/[&<>"']/g, (character) => meaningful[character] ?? "");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'"><title>TLS scan</title></head>
<body><pre>${text}</pre></body></html>
`;
}
