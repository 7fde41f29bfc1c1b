import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What `pnpm bench idle-memory` has of a contender. */
interface Figure {
  readonly name: string;
  readonly median?: number;
  readonly ratio?: { readonly median: number };
}

const bench = fileURLToPath(new URL("../../bench/src/index.ts", import.meta.url));

/** The memory of an idle connection beside that of `node:tls`, as the benchmark measures it, for people. */
export async function idleMemoryText(): Promise<string> {
  const child = spawn(process.execPath, [bench, "--json", "idle-memory"], { stdio: ["ignore", "pipe", "inherit"] });
  let json = "";
  child.stdout.on("data", (data) => {
    json += data;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`pnpm bench idle-memory ended with ${code}`);
  const report = JSON.parse(json) as { rows: { comparisons: { figures: Figure[] }[] }[] }; // what --json prints
  const figures = report.rows.flatMap(({ comparisons }) => comparisons.flatMap(({ figures }) => figures));
  return [
    "an idle connection, both ends",
    ...figures.map(({ name, median, ratio }) => {
      const beside = ratio === undefined ? "" : `, ${ratio.median.toFixed(2)} of what node:tls takes`;
      return `  ${name}: ${median === undefined ? "not measured" : `${median.toFixed(1)} kB${beside}`}`;
    }),
  ].join("\n");
}
