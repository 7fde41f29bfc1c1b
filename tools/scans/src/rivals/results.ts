import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ConfigurationName } from "./configuration.ts";
import type { Traffic } from "./delaying-relay.ts";
import type { Answers } from "./questions.ts";
import type { ScannerName } from "./scanner.ts";

/** What came of all scanners on all configurations, as it is kept in the repository. */
export interface Results {
  /** When they ran: `2026-11-27`. */
  readonly day: string;
  readonly versions: Readonly<Record<ScannerName, string>>;
  readonly configurations: readonly ConfigurationResults[];
}

export interface ConfigurationResults {
  readonly name: ConfigurationName;
  readonly scanners: Readonly<Record<ScannerName, ScannerResult>>;
}

export interface ScannerResult {
  readonly seconds: number;
  readonly traffic: Traffic;
  readonly answers: Answers;
}

/** Where the results that the documentation is made of are. */
export const resultsFile: string = fileURLToPath(new URL("../../rivals.json", import.meta.url));

export const keptResults = (): Results => JSON.parse(readFileSync(resultsFile, "utf8")) as Results;
