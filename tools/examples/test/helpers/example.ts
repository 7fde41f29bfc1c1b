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

const deno = fileURLToPath(new URL("../../../../node_modules/deno-npm/deno", import.meta.url));

/** The same in Deno, with these permissions. */
export async function runInDeno(
  program: string,
  permissions: readonly string[],
  args: readonly string[],
): Promise<Ran> {
  const environment = { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
  const how = ["run", "--quiet", "--no-lock", "--no-prompt", ...permissions];
  const ran = new Program(deno, [...how, program, ...args], { folder, environment });
  ran.endInput();
  const exitCode = await ran.ended();
  return { exitCode, lines: ran.lines };
}
