import { commandOutput } from "@tlskit/interop/command-output";
import { Program } from "@tlskit/interop/program";
import { timeOfProgram } from "./run-program.ts";

/** What keeps curl from being used; nothing if it can be. */
export const noCurl: string | undefined = reasonAgainstCurl();

function reasonAgainstCurl(): string | undefined {
  const output = commandOutput("curl", "--version");
  if (output === undefined) return "the command curl is not on this machine";
  return /^Features:.* HTTP2\b/m.test(output) ? undefined : "curl was built without HTTP/2";
}

/** What curl has printed, and how it ended: <https://curl.se/libcurl/c/libcurl-errors.html>. */
export interface Curled {
  readonly output: string;
  readonly exitCode: number | undefined;
}

export async function curl(...args: readonly string[]): Promise<Curled> {
  const program = new Program("curl", ["--silent", "--show-error", "--noproxy", "*", ...args]);
  const exitCode = await program.ended(timeOfProgram);
  return { output: program.lines.join("\n"), exitCode };
}
