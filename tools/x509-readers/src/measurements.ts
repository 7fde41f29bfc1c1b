import { readFileSync } from "node:fs";
import type { Measurements } from "./input.ts";

/** What was measured, as it lies in `data/cases.json`. */
export function readMeasurements(): Measurements {
  // written by `measure.ts` out of a value of this type, which a test holds against our own verdicts
  return JSON.parse(readFileSync(new URL("../data/cases.json", import.meta.url), "utf8")) as Measurements;
}
