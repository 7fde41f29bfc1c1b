import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { inspect } from "node:util";
import { type Command, parseCommandLine, UsageError } from "./command-line.ts";
import { corpusOf, folders, storedInputs, storeInput, writeCorpus } from "./files.ts";
import type { Progress } from "./fuzzer.ts";
import { watchPackages } from "./instrumentation.ts";
import { Meter } from "./meter.ts";
import type { Target } from "./target.ts";

const meter = new Meter();
watchPackages(meter);
// Only what is imported from here on is instrumented.
const { targets } = await import("./targets/index.ts");
const { fuzz, smallestCover } = await import("./fuzzer.ts");
const { tried } = await import("./trial.ts");

const help = `pnpm fuzz TARGET… [--seconds N] [--runs N] [--seed N] [--keep]
pnpm fuzz TARGET --input FILE

Fuzzes targets one after the other, "all" for all of them, each for 60 seconds unless told otherwise. Findings are
written to ${relative(process.cwd(), folders.findings)}; exit code 1 if there is one.

  --seconds N  how long each target is fuzzed
  --runs N     how many inputs are tried at most
  --seed N     another course: 1 unless told otherwise
  --keep       puts inputs that reach new places into the corpus, as few as do
  --input FILE tries one input, and says what comes of it

${targets.map(({ name, what }) => `${name.padEnd(18)} ${what}`).join("\n")}
`;

let interrupted = false;
process.once("SIGINT", () => {
  interrupted = true;
});

function line(name: string, progress: Progress): string {
  const { seconds, runs, inputs, places, refused, findings, maxSteps, maxBytes } = progress;
  return [
    name.padEnd(18),
    `${seconds.toFixed(0)} s`,
    `${runs} runs`,
    `${Math.round(runs / Math.max(seconds, 0.001))}/s`,
    `${inputs} inputs`,
    `${places} of ${meter.probes} places`,
    `${Math.round(refused * 100)} % refused`,
    `at most ${maxSteps} steps, ${maxBytes} bytes`,
    `${findings} findings`,
  ].join("  ");
}

async function run(target: Target, { seconds, runs, seed, keep }: Command): Promise<number> {
  const known = [...corpusOf(target.name), ...storedInputs(folders.regressions, target.name)];
  const { inputs, progress } = await fuzz(target, meter, {
    seconds,
    runs,
    seed,
    corpus: known.map(({ bytes }) => bytes),
    stopped: () => interrupted,
    onProgress: (at) => process.stderr.write(`${line(target.name, at)}\n`),
    onFinding: ({ signature, error, input }) => {
      const file = relative(process.cwd(), storeInput(folders.findings, target.name, input));
      process.stdout.write(`\n${signature}\n${inspect(error)}\nAgain: pnpm fuzz ${target.name} --input ${file}\n\n`);
    },
  });
  process.stdout.write(`${line(target.name, progress)}\n`);
  if (keep) writeCorpus(target.name, smallestCover(target, meter, inputs));
  return progress.findings;
}

function runOnce(target: Target, file: string): number {
  // What is made once is on no input's account.
  target.seeds();
  const outcome = tried(target, new Uint8Array(readFileSync(file)), meter);
  process.stdout.write(`${outcome.type}, ${meter.steps} steps, ${meter.bytes} bytes\n`);
  if (outcome.type !== "finding") return 0;
  process.stdout.write(`${outcome.signature}\n${inspect(outcome.error)}\n`);
  return 1;
}

/** Does what the command line asks for; answers with the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const names = targets.map(({ name }) => name);
  const command = parseCommandLine(args, names);
  if (command.help) {
    process.stdout.write(help);
    return 0;
  }
  let findings = 0;
  for (const target of targets.filter(({ name }) => command.targets.includes(name))) {
    if (interrupted) break;
    findings += command.input === undefined ? await run(target, command) : runOnce(target, command.input);
  }
  return findings === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${help}`);
  process.exitCode = 2;
}
