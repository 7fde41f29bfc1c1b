import { type BareCalls, bareCalls } from "../bare-calls/bare-calls.ts";
import { preparedWith, providers } from "../providers.ts";
import type { Absence, Comparison, Measure, Row } from "../row.ts";
import { FullRecord, measuredAeads, megabytesPerSecond } from "./full-records.ts";

export const aead: Row = {
  about: "Full records sealed and opened by an AEAD into a place, beside the calls of the library beneath it.",
  comparisons: providers.flatMap((provider) =>
    measuredAeads.flatMap((name) => {
      const comparison = (
        what: string,
        bare: (calls: BareCalls) => () => unknown,
        ours: (record: FullRecord, milliseconds: number) => Measure | Promise<Measure>,
      ): Comparison => ({
        what: `${what} full records with ${name}, ${provider.name}`,
        unit: "MB/s",
        processes: "one",
        contenders: [
          {
            name: "the library's calls",
            prepare: preparedWith(provider, async (made, { milliseconds }): Promise<Measure | Absence> => {
              const calls = await bareCalls[provider.name]?.(new FullRecord(made, name), name);
              if (calls === undefined) return { absent: `nobody wrote them down for ${provider.name}` };
              const run = bare(calls);
              return () => megabytesPerSecond(run, milliseconds);
            }),
          },
          {
            name: "AEAD",
            goal: { atLeast: 0.9 },
            prepare: preparedWith(provider, (made, { milliseconds }) => ours(new FullRecord(made, name), milliseconds)),
          },
        ],
      });
      return [
        comparison(
          "sealing",
          ({ seal }) => seal,
          (record, milliseconds) => record.sealing(milliseconds),
        ),
        comparison(
          "opening",
          ({ open }) => open,
          (record, milliseconds) => record.opening(milliseconds),
        ),
      ];
    }),
  ),
};
