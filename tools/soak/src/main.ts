/** `pnpm soak [--seconds N] [--timeout N] [--seed N]`: exit 0 if nothing was wrong, 1 with a sentence for each thing that was. */
import { parseArgs } from "node:util";
import { describe, soak } from "./soak.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "600" },
    timeout: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
  },
});

const report = await soak({
  seconds: Number(values.seconds),
  timeout: Number(values.timeout),
  seed: Number(values.seed),
  progress: (line) => console.log(line),
});

console.log("\nhostile connections:");
for (const [name, count] of Object.entries(report.connections)) console.log(`  ${String(count).padStart(7)}  ${name}`);
for (const { service, answers, base, peak, end } of report.servers) {
  const sorted = answers.milliseconds.toSorted((a, b) => a - b);
  const at = (share: number): string => `${(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN).toFixed(0)} ms`;
  console.log(`\ntlskit serve, ${service}:`);
  console.log(`  answered ${sorted.length} of ${sorted.length + answers.failures.length}`);
  console.log(`  in ${at(0.5)} (half), ${at(0.99)} (99 of 100), ${at(1)} (the slowest)`);
  console.log(`  base  ${describe(base)}\n  peak  ${describe(peak)}\n  end   ${describe(end)}`);
}
const { count, failures } = report.connect;
console.log(`\ntlskit connect: failed as it should ${count - failures.length} times of ${count}`);
for (const failure of report.failures) console.log(`wrong: ${failure}`);
process.exitCode = report.failures.length === 0 ? 0 : 1;
