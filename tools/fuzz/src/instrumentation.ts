import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { globalNames, instrument } from "./instrument.ts";
import type { Meter } from "./meter.ts";

const packages: string = new URL("../../../packages/", import.meta.url).href;
/** The scripted peer and its like are no code under test. */
const notWatched: readonly string[] = ["testing"];

/** Instruments every module of our packages that is imported from here on; it reports to the meter. */
export function watchPackages(meter: Meter): void {
  const { counters } = meter;
  Object.assign(globalThis, {
    [globalNames.counters]: counters,
    [globalNames.step]: () => meter.step(),
    [globalNames.allocate]: <T>(size: T): T => {
      meter.allocate(size);
      return size;
    },
    [globalNames.equal]: (a: unknown, b: unknown): boolean => {
      if (meter.recordsComparisons) meter.compare(a, b);
      return a === b;
    },
  });
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!isWatched(url) || loaded.source == null) return loaded;
      const source = typeof loaded.source === "string" ? loaded.source : new TextDecoder().decode(loaded.source);
      return { ...loaded, source: instrument(fileURLToPath(url), source, () => meter.newProbe()) };
    },
  });
}

function isWatched(url: string): boolean {
  if (!url.startsWith(packages) || !url.endsWith(".ts")) return false;
  const [name = "", folder] = url.slice(packages.length).split("/");
  return folder === "src" && !notWatched.includes(name);
}
