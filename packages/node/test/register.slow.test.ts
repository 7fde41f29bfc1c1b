import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { pem } from "./helpers/world.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "tlskit-register-"));
afterAll(() => rmSync(folder, { recursive: true }));

const register = fileURLToPath(new URL("../src/register.ts", import.meta.url));
const program = fileURLToPath(new URL("programs/whose-tls.mjs", import.meta.url));

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const ca = written("ca.pem", pem.ca);

/** What a process prints on each of its outputs. */
async function node(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const environment = { TLSKIT_TEST_IDENTITY: JSON.stringify({ ...pem, cert: pem.cert + pem.ca }) };
  return await run(process.execPath, args, {
    env: { ...process.env, NODE_OPTIONS: undefined, NODE_EXTRA_CA_CERTS: ca, ...environment, ...variables },
  });
}

/** One that says whether `tls.connect` is ours: Node's own has no such name in it. */
const says = 'console.log(String(require("tls").connect).includes("openTcp"))';

describe("register", () => {
  it.each(["--import", "--require"])("puts our TLS under all that a program has, by %s", async (how) => {
    const { stdout, stderr } = await node([how, register, program]);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({
      named: true,
      builtin: true,
      instances: [true, true, true, true],
      https: "/https over TLSv1.3, true",
      peer: "localhost",
      fetch: "/fetch over TLSv1.3, true",
      webSocket: "TLSv1.3",
      resumed: [false, true],
      refused: "ERR_TLS_CERT_ALTNAME_INVALID",
      default: "/default over TLSv1.2, true",
      begun: [true, true, "h2", "localhost"],
      http2: "2.0 true number",
      http1: "1.1 true number",
      refusedHttp2: "ERR_TLS_CERT_ALTNAME_INVALID",
      wraps: 0,
    });
  });

  it("reaches workers, which begin as the process did, and no other processes", async () => {
    const path = written(
      "workers.cjs",
      `const { Worker, isMainThread } = require("node:worker_threads");
       ${says};
       if (isMainThread) new Worker(__filename).once("exit", () => {
         new Worker(__filename, { execArgv: [] }).once("exit", () => {
           console.log(String(require("node:child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(says)}])).trim());
         });
       });`,
    );
    expect((await node(["--import", register, path])).stdout).toBe("true\ntrue\nfalse\nfalse\n");
  });

  it("has nobody fall back on what is Node's alone", async () => {
    const code = `
      try { require("tls").createSecurePair(); console.log("made"); } catch (error) { console.log(error.name); }`;
    expect((await node(["--import", register, "-e", code])).stdout).toMatch(/^(?:TlsError|TypeError)\n$/);
  });

  it.each<[string, readonly string[]]>([
    ["where warnings are off", ["--no-warnings"]],
    ["where something else is loaded first", ["--require", written("other.cjs", "")]],
  ])("says that it may not be in force if the program loads it %s", async (_, options) => {
    const late = written("late.cjs", `require(${JSON.stringify(register)}); ${says}`);
    const { stdout, stderr } = await node([...options, late]);
    expect(stdout).toBe("true\n");
    expect(
      stderr.match(/TLS may not be that of tlskit: @tlskit\/node\/register was loaded by the program/g),
    ).toHaveLength(1);
  });

  it("takes what a program assigns to a default of node:tls", async () => {
    const assigning = written(
      "assigning.cjs",
      `const tls = require("tls");
      tls.DEFAULT_MAX_VERSION = "TLSv1.2";
      tls.DEFAULT_MIN_VERSION = "TLSv1.3";
      try { tls.createSecureContext(); } catch ({ code }) { console.log(code); }`,
    );
    const { stdout } = await node(["--import", register, assigning]);
    expect(stdout).toBe("ERR_SSL_NO_PROTOCOLS_AVAILABLE\n");
  });

  it("says what can't be replaced", async () => {
    const frozen = written("frozen.cjs", 'Object.freeze(require("tls"));');
    const { stderr } = await node(["--require", frozen, "--import", register, "-e", "0"]);
    expect(stderr).toMatch(/TLSKIT_NOT_IN_FORCE.*doesn't let us replace .*tls\.connect, .*imports of node:tls/);
  });
});

describe("the sources", () => {
  it("have Node's own tls from one place, where it is what it was before anything stood in its place", () => {
    const sources = new Set<string>();
    const seen = (url: URL): void => {
      if (sources.has(url.href)) return;
      sources.add(url.href);
      const text = readFileSync(url, "utf8");
      for (const [, path = ""] of text.matchAll(/from "(\.[^"]+)"/g)) seen(new URL(path, url));
    };
    seen(new URL("../src/register.ts", import.meta.url));
    const importers = [...sources].filter((url) =>
      /^import (?!type )[^;]* from "node:tls"/m.test(readFileSync(new URL(url), "utf8")),
    );
    expect(importers.map((url) => url.replace(/.*\/src\//, "")).sort()).toEqual(["runtime-tls.ts", "tls/in-place.ts"]);
  });
});
