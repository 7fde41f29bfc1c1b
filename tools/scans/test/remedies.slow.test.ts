import { spawnSync } from "node:child_process";
import { createServer } from "node:tls";
import { identity } from "@tlskit/interop/certificates";
import { commandOutput } from "@tlskit/interop/command-output";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { nginx } from "@tlskit/interop/nginx";
import { identityFiles, scratchFile, scratchFolder } from "@tlskit/interop/scratch";
import { findingRules, type Remedies } from "@tlskit/scan";
import { describe, expect, test } from "vitest";

const { chain, key } = identityFiles(identity("P-256"));

/** What the table has for a server, each of it once, under the first finding that has it; files are those of the test. */
function linesFor(server: keyof Remedies): readonly (readonly [id: string, lines: string])[] {
  const byLines = new Map<string, string>();
  for (const { id, remedies } of findingRules) {
    const lines = remedies[server];
    if (lines !== undefined && !byLines.has(lines)) byLines.set(lines, id);
  }
  return [...byLines].map(([lines, id]) => [
    id,
    lines.replaceAll(/"?\/etc\/ssl\/[^";\s]*(fullchain|key)\.pem"?/g, (path, what: string) => {
      const file = what === "key" ? key : chain;
      return path.startsWith('"') ? JSON.stringify(file) : file;
    }),
  ]);
}

describeUnless(
  nginx === undefined ? "nginx isn't here" : undefined,
  "nginx takes what it is told to have against",
  () => {
    const folder = scratchFolder("nginx-remedies");
    const version = /(?:running with|built with) OpenSSL (\d+)\.(\d+)[^()]*\)?\s*$/m.exec(
      commandOutput(nginx ?? "", "-V") ?? "",
    );
    const hasMlKem = Number(version?.[1]) > 3 || (Number(version?.[1]) === 3 && Number(version?.[2]) >= 5);

    function configurationTest(lines: string): { readonly taken: boolean; readonly said: string } {
      const named = /^ssl_certificate /m.test(lines) ? "" : `ssl_certificate ${chain}; ssl_certificate_key ${key};`;
      const listening = /^listen /m.test(lines) ? "" : `listen unix:${folder}/socket ssl;`;
      const own = lines.replaceAll(/^listen 443/gm, `listen unix:${folder}/socket`);
      const file = scratchFile(
        "nginx.conf",
        `pid ${folder}/pid;\nevents {}\nhttp {\naccess_log off;\nserver {\n${listening}\n${named}\n${own}\nlocation / { return 200; }\n}\n}\n`,
      );
      const arguments_ = ["-t", "-p", folder, "-e", "stderr", "-c", file];
      const { status, stderr } = spawnSync(nginx ?? "", arguments_, { encoding: "utf8", timeout: 20_000 });
      return { taken: status === 0, said: stderr };
    }

    test.each(linesFor("nginx"))("%s", (_, lines) => {
      const { taken, said } = configurationTest(hasMlKem ? lines : lines.replaceAll("X25519MLKEM768:", ""));
      expect(taken, said).toBe(true);
    });

    test("and nothing that it doesn't know", () => {
      expect(configurationTest("ssl_protocol TLSv1.3;").said).toContain('unknown directive "ssl_protocol"');
    });
  },
);

describe("node:tls takes what it is told to have against", () => {
  /** Members of `TlsOptions` that the table may name: what Node doesn't know it ignores. */
  const options = new Set([
    "ALPNProtocols",
    "cert",
    "ciphers",
    "ecdhCurve",
    "honorCipherOrder",
    "key",
    "maxVersion",
    "minVersion",
    "secureOptions",
    "sessionTimeout",
    "sigalgs",
  ] satisfies (keyof import("node:tls").TlsOptions)[] as readonly string[]);

  test.each(linesFor("node"))("%s", async (_, lines) => {
    if (lines.endsWith(";")) {
      // A statement: it has to be one.
      expect(() => new Function("server", "response", "crypto", lines)).not.toThrow();
      return;
    }
    const { readFileSync } = await import("node:fs");
    const crypto = await import("node:crypto");
    const make = new Function("readFileSync", "crypto", `return ({\n${lines}\n});`);
    const made: object = make(readFileSync, crypto);
    for (const name of Object.keys(made)) expect(options.has(name), name).toBe(true);
    const credentials = { cert: readFileSync(chain), key: readFileSync(key) };
    expect(() => createServer({ ...credentials, ...made })).not.toThrow();
  });

  test("and no suite or group that it doesn't know", () => {
    expect(() => createServer({ ciphers: "TLS_NONE" })).toThrow();
    expect(() => createServer({ ecdhCurve: "X25519MLKEM76" })).toThrow();
  });
});
