import type { TargetReport } from "../../src/report.ts";

/** Fields that say which of several kinds something is: the scan's own words, of which there are no others. */
const kinds: ReadonlySet<string> = new Set([
  ...[
    "state",
    "why",
    "version",
    "order",
    "shownTo",
    "keyType",
    "unknown",
    "validation",
    "clientInitiated",
    "from",
    "type",
    "severity",
  ],
]);

/** Controls of terminals, what turns text round, what can't be seen, and what means something in HTML. */
export const hostileTexts: readonly string[] = [
  "\x1b[2J\x1b]0;title\x07",
  "\x9b31m\x85\x90",
  "line\r\nanother line\ttab\0",
  "\u202eoverride\u2066isolate\u200b\ufeff",
  "\u2028line\u2029paragraph",
  '</style></pre></title><script>alert(1)</script><img src=x onerror="alert(1)">',
  `" onmouseover="alert(1)" x='&amp;`,
  "-->]]>{{1+1}}`",
  "\ud800 half a pair",
];

/** A report in which every text that a peer, or a file of the user's, can have a part in is this one. */
export function withEveryText<Report extends TargetReport>(report: Report, text: string): Report {
  // what comes out has the form of what went in: only texts are others
  return replaced("", report, text) as Report;
}

function replaced(name: string, value: unknown, text: string): unknown {
  if (typeof value === "string") return kinds.has(name) ? value : text;
  if (Array.isArray(value)) return value.map((item) => replaced(name, item, text));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([field, content]) => [field, replaced(field, content, text)]));
}
