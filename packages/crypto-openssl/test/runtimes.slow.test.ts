import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const deno = file("../../../node_modules/.bin/deno");
const bun = file("../../../node_modules/.bin/bun");

/** What a program of the folder `programs` prints. */
async function output(command: string, options: readonly string[], program: string, ...args: string[]) {
  const run = await promisify(execFile)(command, [...options, file(`programs/${program}`), ...args], {
    timeout: 100_000,
  });
  return run.stdout.trim();
}

const node = (...options: string[]): [string, string[]] => [process.execPath, ["--no-warnings", ...options]];
const mayRead = ["--permission", "--allow-fs-read=*"];

describe("on every runtime the provider does what the interfaces promise", () => {
  test.each([
    ["Deno", deno, ["run", "--no-prompt", "--allow-ffi"]],
    ["Bun", bun, []],
  ])("%s, by the system's libcrypto", async (_, command, options) => {
    expect(await output(command, options, "conformance.ts")).toMatch(/^OpenSSL 3\..* \d+ passed$/);
  });

  test("Node with permissions, by its own OpenSSL", async () => {
    expect(await output(...node(...mayRead, "--allow-ffi"), "conformance.ts")).toMatch(/^OpenSSL 3\..* \d+ passed$/);
  });
});

describe("where OpenSSL can't be called, making the provider says what is missing", () => {
  const noFile = /can't be opened: .*No such file/;
  test.each<[string, [string, readonly string[]], string[], RegExp]>([
    ["Node without the interface", node("--no-experimental-ffi"), [], /no foreign function interface/],
    ["Node without the permission", node(...mayRead), [], /Node may not call native code without --allow-ffi/],
    ["Node, asked for another library", node(), ["libcrypto.so.3"], /none beside it can be called: not libcrypto.so.3/],
    [
      "Deno without the permission",
      [deno, ["run", "--no-prompt"]],
      [],
      /Deno may not call native code without --allow-/,
    ],
    ["Deno, of a library that isn't there", [deno, ["run", "--allow-ffi"]], ["libnone.so"], noFile],
    ["Deno, of another library", [deno, ["run", "--allow-ffi"]], ["libm.so.6"], /libm.so.6 has no OpenSSL 3/],
    ["Bun, of a library that isn't there", [bun, []], ["libnone.so"], noFile],
    ["Bun, of another library", [bun, []], ["libm.so.6"], /libm.so.6 has no OpenSSL 3/],
  ])("%s", async (_, [command, options], args, sentence) => {
    const said = await output(command, options, "make.ts", ...args);
    expect(said).toMatch(/^CryptoError unsupported: OpenSSL can't be called: /);
    expect(said).toMatch(sentence);
  });
});
