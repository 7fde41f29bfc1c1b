/** Writes `docs/x509-refusals.md`. */
import { writeFileSync } from "node:fs";
import { readMeasurements } from "./measurements.ts";
import { pageOf, pagePath } from "./page.ts";

writeFileSync(pagePath, pageOf(readMeasurements()));
