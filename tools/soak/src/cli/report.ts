import { describe, type Report } from "./soak.ts";

/** What came of it, for people. */
export function cliText({ connections, servers, connect }: Report): string {
  return [
    "hostile connections:",
    ...Object.entries(connections).map(([name, count]) => `  ${String(count).padStart(7)}  ${name}`),
    ...servers.flatMap(({ service, answers, base, peak, end }) => {
      const sorted = answers.milliseconds.toSorted((a, b) => a - b);
      const at = (share: number): string =>
        `${(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN).toFixed(0)} ms`;
      return [
        `tlskit serve, ${service}:`,
        `  answered ${sorted.length} of ${sorted.length + answers.failures.length}`,
        `  in ${at(0.5)} (half), ${at(0.99)} (99 of 100), ${at(1)} (the slowest)`,
        `  base  ${describe(base)}`,
        `  peak  ${describe(peak)}`,
        `  end   ${describe(end)}`,
      ];
    }),
    `tlskit connect: failed as it should ${connect.count - connect.failures.length} times of ${connect.count}`,
  ].join("\n");
}
