import type { ScannedTarget, UnreachedTarget } from "../../src/report.ts";
import { nothingWrong } from "../facts.ts";

const begun = Date.UTC(2026, 0, 5, 9, 30, 12);

/** A server that has nothing wrong. */
export const fine: ScannedTarget = {
  state: "scanned",
  target: { host: "example.com", port: 443 },
  address: "192.0.2.1",
  begun,
  ended: begun + 4230,
  connections: 37,
  facts: nothingWrong,
  findings: [],
  notJudged: [],
};

/** A server that isn't there. */
export const absent: UnreachedTarget = {
  state: "unreached",
  target: { host: "2001:db8::1", port: 25 },
  code: "refused",
  reason: "nobody listens there",
};
