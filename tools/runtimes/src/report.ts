import type { Result } from "./suite.ts";

/** What came of a suite in a runtime, for the page. */
export interface SuiteReport {
  readonly passed: number;
  /** What wasn't tried, and why. */
  readonly cannot: readonly { readonly name: string; readonly why: string }[];
}

export interface RuntimeReport {
  readonly name: string;
  readonly version: string;
  /** By the suites' names. */
  readonly suites: Readonly<Record<string, SuiteReport>>;
}

/** What the page shows. */
export interface Report {
  readonly runtimes: readonly RuntimeReport[];
}

/** @throws {Error} if something failed: then there is nothing to report */
export function suiteReport(results: readonly Result[]): SuiteReport {
  const failed = results.find(({ outcome }) => outcome === "failed");
  if (failed !== undefined) throw new Error(`${failed.name}: ${failed.why}`);
  return {
    passed: results.filter(({ outcome }) => outcome === "passed").length,
    cannot: results.filter(({ outcome }) => outcome === "cannot").map(({ name, why = "" }) => ({ name, why })),
  };
}

/**
 * What was found anew, in place of what was there of it; what another version of a runtime did is forgotten.
 * @param order of all runtimes, each with all suites that are for it; others aren't kept.
 */
export function merged(
  before: Report,
  found: Report,
  order: readonly { readonly name: string; readonly suites: readonly string[] }[],
): Report {
  return {
    runtimes: order.flatMap(({ name, suites }) => {
      const old = before.runtimes.find((one) => one.name === name);
      const young = found.runtimes.find((one) => one.name === name);
      const last = young ?? old;
      if (last === undefined) return [];
      const all = { ...(old?.version === last.version ? old.suites : {}), ...young?.suites };
      return { name, version: last.version, suites: Object.fromEntries(suites.flatMap((suite) => entry(all, suite))) };
    }),
  };
}

function entry(all: Readonly<Record<string, SuiteReport>>, suite: string): readonly (readonly [string, SuiteReport])[] {
  const found = all[suite];
  return found === undefined ? [] : [[suite, found]];
}
