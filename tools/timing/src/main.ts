/**
 * `pnpm timing [rsa] [cbc] [cbc-compensated] [--tries N] [--provider node|openssl]`: exit 0 if time tells nothing apart that nobody is to tell
 * apart, 1 if it does, or if the measurement is no good.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { nodeProvider } from "@tlskit/crypto-node";
import { opensslProvider } from "@tlskit/crypto-openssl";
import type { Experiment } from "./experiment.ts";
import { macThenEncrypt } from "./experiments/mac-then-encrypt.ts";
import { rsaDecryption, rsaJudgement } from "./experiments/rsa.ts";
import { measure } from "./measure.ts";
import { report, table } from "./report.ts";

const { values, positionals } = parseArgs({
  options: { tries: { type: "string", default: "10000" }, provider: { type: "string", default: "node" } },
  allowPositionals: true,
});
const provider = { node: () => nodeProvider, openssl: () => opensslProvider() }[values.provider];
const tries = Number(values.tries);

/** What can be measured, by the word for it. */
const experiments: Readonly<Record<string, () => Promise<readonly Experiment[]>>> = {
  rsa: async () => [rsaJudgement(), await rsaDecryption((provider ?? (() => nodeProvider))())],
  // By the one provider that opens such records itself, and by the record layer with another's HMAC.
  cbc: async () => [macThenEncrypt(opensslProvider())],
  "cbc-compensated": async () => [macThenEncrypt(nodeProvider)],
};

const asked = positionals.length === 0 ? ["rsa", "cbc"] : positionals;
const unknown = asked.find((name) => experiments[name] === undefined);
if (provider === undefined || unknown !== undefined || !Number.isInteger(tries) || tries < 8) {
  const names = Object.keys(experiments).join(" ");
  console.error(`usage: pnpm timing [${names}] [--tries 10000] [--provider node|openssl], of tries 8 at least`);
  process.exit(2);
}

/** Fisher and Yates. */
function shuffled(order: readonly number[]): readonly number[] {
  const made = [...order];
  for (let last = made.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [made[last], made[other]] = [made[other] ?? 0, made[last] ?? 0];
  }
  return made;
}

const clock = (): number => performance.now() * 1e6;
console.log(`Node ${process.version}, OpenSSL ${process.versions.openssl}, ${process.platform} ${process.arch}\n`);
for (const name of asked) {
  for (const experiment of (await experiments[name]?.()) ?? []) {
    const result = report(experiment, measure(experiment, tries, clock, shuffled));
    console.log(table(result));
    if (result.wrong.length > 0) process.exitCode = 1;
  }
}
