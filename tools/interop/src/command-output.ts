import { spawnSync } from "node:child_process";

/** What a command prints, on both its outputs; nothing if there is no such command. */
export function commandOutput(command: string, ...args: readonly string[]): string | undefined {
  const { error, stdout, stderr } = spawnSync(command, args, { encoding: "latin1", timeout: 20_000 });
  return error === undefined ? stdout + stderr : undefined;
}
