import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** What exists in one runtime alone, or in those that have Node's modules. */
const builtIn = /^(node|cloudflare|bun):/;

const runCases = fileURLToPath(new URL("run-cases.ts", import.meta.url));

/**
 * One module of a suite and everything that it imports. It exports `run(given, tell)`, which runs the cases and calls
 * `tell` with each `Result`.
 * @param path of the module that exports `cases`.
 */
export async function bundleSuite(path: string): Promise<string> {
  return await bundled(`
    import { cases } from ${JSON.stringify(path)};
    import { runCases } from ${JSON.stringify(runCases)};
    export const run = (given, tell) => runCases(cases, given, tell);`);
}

/** A program and everything that it imports. */
export async function bundleProgram(path: string): Promise<string> {
  return await bundled(`import ${JSON.stringify(path)};`);
}

async function bundled(code: string): Promise<string> {
  const entry = "\0entry";
  const build = await rolldown({
    input: entry,
    platform: "neutral",
    external: builtIn,
    transform: { target: "es2022" }, // what Node 20 has
    onLog: (_level, { code, message }) => {
      // Otherwise it would fail in each runtime, and worse to understand.
      if (code === "UNRESOLVED_IMPORT") throw new Error(message);
    },
    plugins: [
      { name: "entry", resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? code : null) },
    ],
  });
  const { output } = await build.generate({ format: "esm", codeSplitting: false });
  await build.close();
  return output[0].code;
}
