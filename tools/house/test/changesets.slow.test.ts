import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeEach, expect, test } from "vitest";
import { checkChangesets } from "../src/changesets.ts";

const scratch = mkdtempSync(join(tmpdir(), "tlskit-changesets-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Git without anybody's own settings. */
const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: join(scratch, "none"),
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.test",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.test",
};

let repository = "";
let count = 0;

const git = (...args: readonly string[]): void => {
  execFileSync("git", args, { cwd: repository, env: environment, stdio: "pipe" });
};

function write(path: string, text: string): void {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), text);
}

function commit(path: string, text: string): void {
  write(path, text);
  git("add", "-A");
  git("commit", "-m", path);
}

/** What comes of it: `failed` with the packages that lack one, or the state alone. */
async function outcome(folder = repository): Promise<string> {
  const [result] = await checkChangesets(folder);
  const named = /names (.*?)\. `/.exec(result?.detail ?? "")?.[1];
  return named === undefined ? `${result?.state}` : `${result?.state}: ${named}`;
}

const changeset = '---\n"@tlskit/wire": minor\n---\n\nIt does more.\n';

/** A main branch with one commit, which is left by a branch of its own. */
beforeEach(() => {
  count += 1;
  repository = join(scratch, String(count));
  mkdirSync(repository);
  git("init", "--initial-branch=main");
  commit("packages/wire/src/index.ts", "1");
  git("checkout", "-b", "feature");
});

test("a branch that changes nothing passes, and so does the main branch", async () => {
  expect(await outcome()).toBe("passed");
  git("checkout", "main");
  expect(await outcome()).toBe("passed");
});

test("a change without a changeset fails, committed or not", async () => {
  commit("packages/wire/src/index.ts", "2");
  expect(await outcome()).toBe("failed: @tlskit/wire");
  git("checkout", "-b", "other", "main");
  write("packages/wire/src/index.ts", "2");
  expect(await outcome()).toBe("failed: @tlskit/wire");
});

test("so do a file that is new and one that is gone", async () => {
  write("packages/wire/src/new.ts", "1");
  expect(await outcome()).toBe("failed: @tlskit/wire");
  rmSync(join(repository, "packages/wire/src/new.ts"));
  git("rm", "packages/wire/src/index.ts");
  expect(await outcome()).toBe("failed: @tlskit/wire");
});

test("with a changeset it passes, committed or not", async () => {
  commit("packages/wire/src/index.ts", "2");
  write(".changeset/more.md", changeset);
  expect(await outcome()).toBe("passed");
  commit(".changeset/more.md", changeset);
  expect(await outcome()).toBe("passed");
});

test("a changeset that was there before doesn't count", async () => {
  git("checkout", "main");
  commit(".changeset/before.md", changeset);
  git("checkout", "-b", "later");
  commit("packages/wire/src/index.ts", "2");
  expect(await outcome()).toBe("failed: @tlskit/wire");
});

test("what others have changed on the main branch since isn't asked about", async () => {
  commit("docs/a.md", "1");
  git("checkout", "main");
  commit("packages/wire/src/index.ts", "2");
  git("checkout", "feature");
  expect(await outcome()).toBe("passed");
});

test("a clone compares with its remote's main branch; without history it is skipped", async () => {
  commit("packages/wire/src/index.ts", "2");
  const whole = `${repository}-whole`;
  git("clone", "--branch", "feature", repository, whole);
  expect(await outcome(whole)).toBe("failed: @tlskit/wire");
  const shallow = `${repository}-shallow`;
  git("clone", "--branch", "feature", "--depth", "1", pathToFileURL(repository).href, shallow);
  expect(await outcome(shallow)).toBe("skipped");
});

test("what is no repository is skipped", async () => {
  const folder = join(scratch, "sources");
  mkdirSync(folder);
  expect(await outcome(folder)).toBe("skipped");
});
