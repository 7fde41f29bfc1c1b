import { expect, test } from "vitest";
import { soakConnections } from "../src/connections/connections.ts";
import { kindsOf } from "../src/connections/kinds.ts";
import { connectionsText } from "../src/connections/report.ts";
import { implementationNames } from "../src/implementations.ts";

/** Of what `pnpm soak` does with 1,000 and 100,000: enough for every kind of peer, several times. */
const [atOnce, inSequence] = [90, 300];

/** Milliseconds that hostile peers have: soon over. */
const patience = 1_000;

// Each in a process of its own, so that their waiting is done at the same time.
test.concurrent.for(
  implementationNames.flatMap((implementation) => [
    { implementation, role: "server" as const },
    { implementation, role: "client" as const },
  ]),
)("$implementation, as $role, stands honest and hostile peers and forgets them", async ({ implementation, role }) => {
  const plan = { atOnce, inSequence, handshakeTimeout: patience, idleTimeout: patience, seed: 1 };
  const report = await soakConnections({ implementation, role, ...plan });
  expect(report.failures).toEqual([]);
  expect(report.atOnce).toBeGreaterThanOrEqual((atOnce / 3) * 2);
  // What `pnpm soak` prints has a line for each kind of peer that there was.
  const text = connectionsText(report);
  for (const { name } of kindsOf(role === "server" ? "client" : "server")) expect(text).toContain(name);
});
