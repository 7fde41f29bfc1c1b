import { describe } from "../footprint.ts";
import type { ConnectionsReport } from "./connections.ts";
import { total } from "./tally.ts";

/** What came of it, for people. */
export function connectionsText({ implementation, role, atOnce, ends, seen, base, end }: ConnectionsReport): string {
  const rows = Object.entries(ends)
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([name, counts]) => ({
      count: String(total(counts)),
      name,
      ended: listed(counts),
      saw: listed(seen[name] ?? {}),
    }));
  const widest = (column: "count" | "name" | "ended"): number => Math.max(...rows.map((row) => row[column].length));
  const widths = { count: widest("count"), name: widest("name"), ended: widest("ended") };
  const line = (row: (typeof rows)[number]): string =>
    `  ${row.count.padStart(widths.count)}  ${row.name.padEnd(widths.name)}  ${row.ended.padEnd(widths.ended)}  ${row.saw}`;
  return [
    `${implementation}, as ${role}: ${Object.values(ends).reduce((sum, counts) => sum + total(counts), 0)} connections, ${atOnce} of them at once`,
    line({ count: "", name: "peers", ended: "ended with", saw: "and the peer saw" }).trimEnd(),
    ...rows.map((row) => line(row).trimEnd()),
    `  before  ${describe(base)}`,
    `  after   ${describe(end)}`,
  ].join("\n");
}

function listed(counts: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(counts).toSorted(([, one], [, other]) => other - one);
  return sorted.map(([what, count]) => (sorted.length === 1 ? what : `${what} ${count}`)).join(", ");
}
