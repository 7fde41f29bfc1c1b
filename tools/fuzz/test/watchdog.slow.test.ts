import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";

test("an input that never ends is written down, and the process with it is killed", () => {
  const folder = mkdtempSync(`${tmpdir()}/tlskit-fuzz-`);
  const watchdog = JSON.stringify(new URL("../src/watchdog.ts", import.meta.url).href);
  const program = `
    import { Watchdog } from ${watchdog};
    const watchdog = new Watchdog("planted", 100, 1, ${JSON.stringify(`${folder}/`)});
    await new Promise((started) => setTimeout(started, 500));
    watchdog.next(Uint8Array.of(1, 2, 3));
    for (;;);
  `;
  const { signal, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    timeout: 60_000,
  });
  expect(signal, String(stderr)).toBe("SIGKILL");
  const [name = ""] = readdirSync(`${folder}/planted`);
  expect(name).toMatch(/^hang-/);
  expect([...readFileSync(`${folder}/planted/${name}`)]).toEqual([1, 2, 3]);
  rmSync(folder, { recursive: true });
});
