import type { TextReportOptions } from "@tlskit/scan";
import { leastColumns, mostColumns } from "./limits.ts";

/** Where the report goes: standard output. */
export interface ReportStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** Whether there are colors, as the runtime finds out, who heeds NO_COLOR. */
  hasColors?(environment: Readonly<Record<string, string | undefined>>): boolean;
}

/** How a report is laid out there: in the terminal's columns, and with colors if it has any; elsewhere in 80 and without. */
export function layoutFor(
  stream: ReportStream,
  noColor: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): Pick<TextReportOptions, "colours" | "width"> {
  if (stream.isTTY !== true) return {};
  const { columns } = stream;
  return {
    colours: !noColor && stream.hasColors?.(environment) === true,
    ...(columns === undefined ? {} : { width: Math.min(mostColumns, Math.max(leastColumns, columns)) }),
  };
}
