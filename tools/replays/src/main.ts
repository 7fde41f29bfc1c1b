/** `pnpm replays [--flights N] [--processes N]`: exit 0 if no early data was taken that shouldn't have been. */
import { isDeepStrictEqual, parseArgs } from "node:util";
import { expected } from "./expected.ts";
import { redisPresent } from "./redis-server.ts";
import { replays } from "./replays.ts";

const { values } = parseArgs({
  options: { flights: { type: "string", default: "10000" }, processes: { type: "string", default: "2" } },
});
if (!redisPresent()) {
  console.error("the command redis-server is not on this machine");
  process.exit(2);
}
const [flights, processes] = [Number(values.flights), Number(values.processes)];
// So that what was started is ended.
process.once("SIGTERM", () => process.exit(143));
for (const tickets of ["sealed", "stored"] as const) {
  console.log(`tickets that are ${tickets}:`);
  const options = { flights, processes, tickets };
  const report = await replays({
    ...options,
    progress: (part, result) => console.log(`  ${part}: ${JSON.stringify(result)}`),
  });
  const right = isDeepStrictEqual(report, expected(options));
  console.log(right ? "as it should be" : "WRONG");
  if (!right) process.exitCode = 1;
}
