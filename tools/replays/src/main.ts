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
for (const tickets of ["sealed", "stored"] as const) {
  const report = await replays({ flights, processes, tickets });
  const right = isDeepStrictEqual(report, expected({ flights, processes, tickets }));
  console.log(`tickets that are ${tickets}: ${right ? "as it should be" : "WRONG"}`);
  for (const [name, result] of Object.entries(report)) console.log(`  ${name}: ${JSON.stringify(result)}`);
  if (!right) process.exitCode = 1;
}
