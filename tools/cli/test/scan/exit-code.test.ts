import type { ScannedTarget, TargetReport, UnreachedTarget } from "@tlskit/scan";
import { expect, test } from "vitest";
import { exitCodeOf } from "../../src/scan/exit-code.ts";

const target = { host: "a.example", port: 443 };
const unreached: UnreachedTarget = { state: "unreached", target, code: "refused", reason: "nobody listens" };

/** All that the exit code is made of: the rest of a report says nothing about it. */
function scanned(met?: boolean): TargetReport {
  const policy = met === undefined ? undefined : { policy: "modern", met, violations: [] };
  const report: Pick<ScannedTarget, "state" | "target" | "policy"> = { state: "scanned", target, policy };
  return report as ScannedTarget; // nothing but these is read
}

test.each<[string, readonly TargetReport[], number]>([
  ["one that was scanned, without a policy", [scanned()], 0],
  ["one that is as the policy wants it", [scanned(true)], 0],
  ["one that isn't", [scanned(false)], 1],
  ["one that couldn't be reached", [unreached], 3],
  ["several, one of which isn't", [scanned(true), scanned(false), scanned(true)], 1],
  ["several, one of which couldn't be reached", [scanned(true), unreached], 3],
  ["several, with one that isn't and one that couldn't be reached", [unreached, scanned(false)], 1],
])("%s", (_, reports, code) => {
  expect(exitCodeOf(reports)).toBe(code);
});
