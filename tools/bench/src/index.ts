/**
 * `pnpm bench`: our speed beside that of others, contenders in turns in one run; the ratios are what can be compared
 * between machines. `--help` says what there is.
 */
import { commandLine, usage } from "./command-line.ts";
import { writeDocument, writeFigures } from "./document.ts";
import { commit, load, machine } from "./machine.ts";
import type { Compared, MeasuredRow, Report } from "./report.ts";
import { rows } from "./rows.ts";
import { runComparison } from "./run.ts";
import { textTable } from "./table.ts";

const asked = commandLine(process.argv.slice(2), Object.keys(rows));
if ("help" in asked) {
  console.log(usage(rows));
} else if ("wrong" in asked) {
  console.error(`${asked.wrong}\n\n${usage(rows)}`);
  process.exitCode = 2;
} else if ("document" in asked) {
  writeDocument();
} else {
  const { output, effort, profiles } = asked;
  const here = machine();
  const measuredCommit = commit();
  if (output === "text") console.log(`Node ${here.node}, OpenSSL ${here.openssl}, ${here.cpu}`);
  const measured: MeasuredRow[] = [];
  for (const name of asked.rows) {
    const { about = "", comparisons = [] } = rows[name] ?? {};
    const start = { date: new Date().toISOString(), load: load() };
    const compared: Compared[] = [];
    for (const [index, comparison] of comparisons.entries()) {
      if (output !== "text") console.error(`${name}: ${comparison.what}`);
      const figures = await runComparison(comparison, { row: name, index, effort, profiles });
      compared.push(figures);
      if (output === "text") console.log(`\n${textTable(name, figures)}`);
    }
    const at = measuredCommit === undefined ? start : { ...start, commit: measuredCommit };
    measured.push({ name, about, ...at, comparisons: compared });
    // Row by row: a run takes long, and may be broken off.
    if (output === "document") {
      writeFigures({ quick: false, machine: here, rows: measured }, Object.keys(rows));
      writeDocument();
    }
  }
  if (output === "json") {
    const report: Report = { quick: effort === "quick", machine: here, rows: measured };
    console.log(JSON.stringify(report, undefined, 1));
  }
}
