import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** An example's program for a page or a Worker, in one module with all that it imports: `worker-mutual-tls/worker.ts`. */
export async function bundled(program: string): Promise<string> {
  const build = await rolldown({
    input: fileURLToPath(new URL(`../../${program}`, import.meta.url)),
    platform: "browser",
    external: /^cloudflare:/,
  });
  const { output } = await build.generate({ format: "esm", codeSplitting: false });
  await build.close();
  return output[0].code;
}
