import { describe, expect, it } from "vitest";
import { keyLogPaths, type Told } from "../../src/tls/key-log-file.ts";

const process: Told = { env: {}, execArgv: [], getuid: () => 1000, geteuid: () => 1000 };

describe("where a process writes its secrets", () => {
  it.each<[string, Partial<Told>, readonly string[]]>([
    ["nowhere", {}, []],
    ["the file of SSLKEYLOGFILE", { env: { SSLKEYLOGFILE: "a b.log" } }, ["a b.log"]],
    ["none, if that is empty", { env: { SSLKEYLOGFILE: "" } }, []],
    ["none, if the process has another's rights", { env: { SSLKEYLOGFILE: "a.log" }, geteuid: () => 0 }, []],
    ["the file of --tls-keylog=FILE", { execArgv: ["--tls-keylog=a.log", "--import", "b"] }, ["a.log"]],
    ["the file of --tls-keylog FILE", { execArgv: ["--import", "b", "--tls-keylog", "a.log"] }, ["a.log"]],
    ["none, if there is none", { execArgv: ["--tls-keylog"] }, []],
    ["none, if it is empty", { execArgv: ["--tls-keylog=", "b"] }, []],
    ["the file of NODE_OPTIONS", { env: { NODE_OPTIONS: "--no-warnings  --tls-keylog=a.log" } }, ["a.log"]],
    [
      "each file once",
      { env: { SSLKEYLOGFILE: "a", NODE_OPTIONS: "--tls-keylog b" }, execArgv: ["--tls-keylog=a"] },
      ["b", "a"],
    ],
    ["none of another option", { execArgv: ["--tls-keylogs=a", "--tls-min-v1.3", "--no-tls-keylog"] }, []],
  ])("%s", (_, told, paths) => {
    expect(keyLogPaths({ ...process, ...told })).toEqual(paths);
  });
});
