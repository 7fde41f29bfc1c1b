import type { Severity } from "../../finding.ts";

/** What a text is, for a terminal that has colours (ECMA-48 SGR). */
export interface Colours {
  heading(text: string): string;
  /** What is read second. */
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  severity(severity: Severity, text: string): string;
}

const severities: Readonly<Record<Severity, string>> = {
  critical: "1;37;41",
  high: "1;31",
  medium: "33",
  low: "36",
  info: "2",
};

function sgr(codes: string, text: string): string {
  return text === "" ? text : `\x1b[${codes}m${text}\x1b[0m`;
}

export const coloured: Colours = {
  heading: (text) => sgr("1", text),
  faint: (text) => sgr("2", text),
  good: (text) => sgr("32", text),
  bad: (text) => sgr("31", text),
  severity: (severity, text) => sgr(severities[severity], text),
};

export const colourless: Colours = {
  heading: (text) => text,
  faint: (text) => text,
  good: (text) => text,
  bad: (text) => text,
  severity: (_, text) => text,
};
