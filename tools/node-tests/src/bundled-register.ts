import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

/**
 * `@tlskit/node/register` as one file, in a folder of its own: every process of every test loads it, and its sources take
 * ten times as long.
 * @returns its URL
 */
export async function bundledRegister(folder: string): Promise<string> {
  const bundle = await rolldown({
    input: fileURLToPath(import.meta.resolve("@tlskit/node/register")),
    platform: "node",
  });
  const file = join(folder, "register.js");
  await bundle.write({ file, format: "esm" });
  await bundle.close();
  return pathToFileURL(file).href;
}
