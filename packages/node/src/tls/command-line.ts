/** What Node was told: by its environment, and then on its command line. */
export function nodeOptions({ env, execArgv }: Pick<NodeJS.Process, "env" | "execArgv"> = process): readonly string[] {
  return [...(env["NODE_OPTIONS"] ?? "").split(/\s+/), ...execArgv];
}

const flags = nodeOptions();

let hasWarned = false;

/** Whether Node was started with `--trace-tls`. */
export function tracesEverything(): boolean {
  const traces = flags.includes("--trace-tls");
  if (traces && !hasWarned) process.emitWarning("Enabling --trace-tls can expose sensitive data in the resulting log");
  hasWarned ||= traces;
  return traces;
}
