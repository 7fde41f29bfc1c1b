const flags = [...process.execArgv, ...(process.env["NODE_OPTIONS"] ?? "").split(/\s+/)];

let hasWarned = false;

/** Whether Node was started with `--trace-tls`. */
export function tracesEverything(): boolean {
  const traces = flags.includes("--trace-tls");
  if (traces && !hasWarned) process.emitWarning("Enabling --trace-tls can expose sensitive data in the resulting log");
  hasWarned ||= traces;
  return traces;
}
