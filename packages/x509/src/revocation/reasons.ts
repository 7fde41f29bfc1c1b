import type { ReasonFlag } from "../extensions/distribution-points.ts";

/** RFC 5280 §6.3.2: a set of reasons; the special value all-reasons is that of all that are defined. */
export type ReasonsMask = ReadonlySet<ReasonFlag>;

export const noReasons: ReasonsMask = new Set();

export const allReasons: ReasonsMask = new Set<ReasonFlag>([
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  "privilegeWithdrawn",
  "aACompromise",
]);

export function union(a: ReasonsMask, b: ReasonsMask): ReasonsMask {
  return new Set([...a, ...b]);
}

export function intersection(a: ReasonsMask, b: ReasonsMask): ReasonsMask {
  return new Set([...a].filter((reason) => b.has(reason)));
}

/** Whether every reason of the first is in the second. */
export function isWithin(a: ReasonsMask, b: ReasonsMask): boolean {
  return [...a].every((reason) => b.has(reason));
}
