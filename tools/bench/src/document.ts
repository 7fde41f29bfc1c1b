import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
  const { machine, load, date } = report;
  const facts = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memory} GB; ${machine.system}`,
    `Node ${machine.node} with OpenSSL ${machine.openssl}`,
    machine.commit === undefined ? undefined : `the commit ${machine.commit}`,
    `begun at ${date.slice(0, 16).replace("T", " ")} UTC, with ${load} processes at work already`,
  ];
  return [
    `Measured on ${facts.filter((fact) => fact !== undefined).join("; ")}.`,
    "![Ratios of all comparisons that have goals](performance.svg)",
    markdownTables(report),
  ].join("\n\n");
}

/** Keeps what was measured for the page. */
export function writeFigures(report: Report): void {
  writeFileSync(join(root, documentPaths.figures), `${JSON.stringify(report, undefined, 1)}\n`);
}

/** Makes the page's figures and the plot of docs/performance.json. */
export function writeDocument(): void {
  // What `--json` wrote.
  const report = JSON.parse(readFileSync(join(root, documentPaths.figures), "utf8")) as Report;
  const page = join(root, documentPaths.page);
  writeFileSync(page, withFigures(readFileSync(page, "utf8"), report));
  writeFileSync(join(root, documentPaths.plot), plot(report));
}
