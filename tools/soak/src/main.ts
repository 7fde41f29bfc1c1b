/** `pnpm soak [PART …]`: exit 0 if nothing was wrong, 1 with a sentence for each thing that was. `--help` says what there is. */
import { parseArgs } from "node:util";
import { backPressureText, soakBackPressure } from "./back-pressure/back-pressure.ts";
import { cliText } from "./cli/report.ts";
import { soak } from "./cli/soak.ts";
import { soakConnections } from "./connections/connections.ts";
import { connectionsText } from "./connections/report.ts";
import { idleMemoryText } from "./idle-memory.ts";
import { implementationNames } from "./implementations.ts";

const usage = `pnpm soak [PART …]

connections     honest and hostile peers for servers and clients
  --at-once 1000, --in-sequence 100000
                connections for each implementation in each role, a third of the peers hostile
  --patience 5  seconds that hostile peers are given for a handshake, and to do nothing afterwards
back-pressure   fast writers, slow readers
  --hold 20     seconds
idle-memory     an idle connection beside one of node:tls: pnpm bench idle-memory
cli             the command line tool under attack
  --seconds 600, --timeout 30
--seed 1        of what is random

All parts unless told otherwise.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "at-once": { type: "string", default: "1000" },
    "in-sequence": { type: "string", default: "100000" },
    patience: { type: "string", default: "5" },
    hold: { type: "string", default: "20" },
    seconds: { type: "string", default: "600" },
    timeout: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});

/** Each prints what came of it, and gives a sentence for each thing that was wrong. */
const parts: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  async connections() {
    const patience = Number(values.patience) * 1000;
    const failures: string[] = [];
    for (const implementation of implementationNames) {
      for (const role of ["server", "client"] as const) {
        const report = await soakConnections({
          implementation,
          role,
          atOnce: Number(values["at-once"]),
          inSequence: Number(values["in-sequence"]),
          handshakeTimeout: patience,
          idleTimeout: patience,
          seed: Number(values.seed),
        });
        console.log(`\n${connectionsText(report)}`);
        failures.push(...report.failures);
      }
    }
    return failures;
  },
  async "back-pressure"() {
    const failures: string[] = [];
    for (const implementation of implementationNames) {
      const report = await soakBackPressure(implementation, Number(values.hold));
      console.log(`\n${backPressureText(report)}`);
      failures.push(...report.failures);
    }
    return failures;
  },
  async "idle-memory"() {
    console.log(`\n${await idleMemoryText()}`);
    return [];
  },
  async cli() {
    const report = await soak({
      seconds: Number(values.seconds),
      timeout: Number(values.timeout),
      seed: Number(values.seed),
      progress: (line) => console.log(line),
    });
    console.log(`\n${cliText(report)}`);
    return report.failures;
  },
};

const asked = positionals.length === 0 ? Object.keys(parts) : positionals;
const unknown = asked.find((name) => !Object.hasOwn(parts, name));
if (values.help || unknown !== undefined) {
  console.log(unknown === undefined ? usage : `there is no part ${unknown}\n\n${usage}`);
  process.exitCode = unknown === undefined ? 0 : 2;
} else {
  const failures: string[] = [];
  for (const name of asked) failures.push(...((await parts[name]?.()) ?? []));
  for (const failure of failures) console.log(`wrong: ${failure}`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}
