import { fileURLToPath } from "node:url";
import { Program, type ProgramSettings } from "@tlskit/interop/program";

const folder = fileURLToPath(new URL("../..", import.meta.url));

/** How an example ended, and what it printed. */
export interface Ran {
  readonly exitCode: number | undefined;
  readonly lines: readonly string[];
}

/** Starts an example's program: `fleet/server.ts`. */
export function startExample(
  program: string,
  args: readonly string[],
  { node = [], ...settings }: Omit<ProgramSettings, "folder"> & { readonly node?: readonly string[] } = {},
): Program {
  return new Program(process.execPath, [...node, program, ...args], { ...settings, folder });
}

/** Runs an example's program to its end. */
export async function runExample(...started: Parameters<typeof startExample>): Promise<Ran> {
  const program = startExample(...started);
  program.endInput();
  const exitCode = await program.ended();
  return { exitCode, lines: program.lines };
}
