import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { root } from "@tlskit/house/workspace";
import { plot } from "./plot.ts";
import type { Report } from "./report.ts";
import { markdownTables } from "./table.ts";

/** The files of docs/ that show figures: those themselves, and what is made of them. */
export const documentPaths = {
  figures: "docs/performance.json",
  page: "docs/performance.md",
  plot: "docs/performance.svg",
} as const;

const [begin, end] = ["<!-- made of performance.json from here on -->", "<!-- up to here -->"];

/** The page with other figures, whose text around them stays. */
export function withFigures(page: string, report: Report): string {
  const [before, after] = [page.split(begin)[0], page.split(end)[1]];
  if (before === undefined || after === undefined) throw new Error(`${documentPaths.page} has lost its marks`);
  return `${before}${begin}\n\n${figuresOf(report)}\n\n${end}${after}`;
}

function figuresOf(report: Report): string {
  const { machine } = report;
  const facts = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memory} GB; ${machine.system}`,
    `Node ${machine.node} with OpenSSL ${machine.openssl}`,
  ];
  return [
    `Measured on ${facts.join("; ")}.`,
    "![Ratios of all comparisons that have goals](performance.svg)",
    markdownTables(report),
  ].join("\n\n");
}

/**
 * Keeps rows that were measured for the page, instead of what it had of them.
 * @param order of all rows; others aren't kept.
 */
export function writeFigures(report: Report, order: readonly string[]): void {
  const path = join(root, documentPaths.figures);
  const before = existsSync(path) ? readReport() : undefined;
  writeFileSync(path, `${JSON.stringify(merged(before, report, order), undefined, 1)}\n`);
}

/** What was measured on one machine at several times. */
export function merged(before: Report | undefined, report: Report, order: readonly string[]): Report {
  if (before === undefined) return report;
  if (!isDeepStrictEqual(before.machine, report.machine)) {
    throw new Error(`${documentPaths.figures} is of another machine; without it, all rows are measured anew`);
  }
  const rows = new Map([...before.rows, ...report.rows].map((row) => [row.name, row]));
  return { ...report, rows: order.flatMap((name) => rows.get(name) ?? []) };
}

function readReport(): Report {
  // What was written by the function above.
  return JSON.parse(readFileSync(join(root, documentPaths.figures), "utf8")) as Report;
}

/** Makes the page's figures and the plot of docs/performance.json. */
export function writeDocument(): void {
  const report = readReport();
  const page = join(root, documentPaths.page);
  writeFileSync(page, withFigures(readFileSync(page, "utf8"), report));
  writeFileSync(join(root, documentPaths.plot), plot(report));
}
