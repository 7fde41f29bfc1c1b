/** How fast connections are in Deno, beside its own: `pnpm --filter @tlskit/deno speed`. */
import { deno, testFile } from "./helpers/deno.ts";

for (const permissions of [["--allow-net"], ["--allow-net", "--allow-ffi"]]) {
  const args = permissions.includes("--allow-ffi") ? ["openssl"] : [];
  const { output } = await deno("run", "--no-check", ...permissions, testFile("deno/speed.ts"), ...args);
  console.log(output);
}
