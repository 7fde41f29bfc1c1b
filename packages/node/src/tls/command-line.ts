import { appendFileSync } from "node:fs";

const flags = [...process.execArgv, ...(process.env["NODE_OPTIONS"] ?? "").split(/\s+/)];

let hasWarned = false;

/** Whether Node was started with `--trace-tls`. */
export function tracesEverything(): boolean {
  const traces = flags.includes("--trace-tls");
  if (traces) warnOnce("Enabling --trace-tls can expose sensitive data in the resulting log");
  return traces;
}

/** Who gets lines of a key log because Node was started with `--tls-keylog`, which names a file that they are added to. */
export function keyLogOfCommandLine(): ((line: Buffer) => void) | undefined {
  const index = flags.findLastIndex((flag) => /^--tls-keylog(?:=|$)/.test(flag));
  const file = flags[index]?.includes("=") === true ? flags[index]?.replace(/^[^=]*=/, "") : flags[index + 1];
  if (index < 0 || file === undefined) return undefined;
  warnOnce("Using --tls-keylog makes TLS connections insecure by writing secret key material to file");
  return (line) => appendFileSync(file, line, { mode: 0o600 });
}

function warnOnce(message: string): void {
  if (!hasWarned) process.emitWarning(message);
  hasWarned = true;
}
