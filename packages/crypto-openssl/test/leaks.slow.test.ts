import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("programs/leaks.ts", import.meta.url));

/**
 * Megabytes that a process may grow by after the first tenth, whose memory an allocator then has at hand. What isn't freed
 * shows: the least that libcrypto allocates for a key or a record, times how often.
 */
const allowance = 16;

// `pnpm leaks` does more of each.
test.each([
  ["records", 1_000_000, "what is sealed and opened, with keys that change"],
  ["handshakes", 10_000, "what handshakes ask for"],
  ["tls12", 50_000, "what TLS 1.2 asks for beside these"],
  ["forgotten", 50_000, "keys that nobody disposes of"],
  ["workers", 40, "Workers that are terminated with two thousand keys each"],
])("memory stays flat: %s, %i times (%s)", async (kind, times) => {
  const options = ["--no-warnings", "--expose-gc", program, kind, String(times)];
  const { stdout } = await promisify(execFile)(process.execPath, options, { timeout: 110_000 });
  expect(stdout).toMatch(new RegExp(`^${kind}: `));
  expect(Number.parseFloat(stdout.slice(kind.length + 2))).toBeLessThan(allowance);
});
