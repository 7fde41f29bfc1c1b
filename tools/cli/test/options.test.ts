import { readFileSync } from "node:fs";
import type { Registered } from "@tlskit/ciphersuites";
import { protocols } from "@tlskit/starttls";
import { describe, expect, test } from "vitest";
import { certCommands } from "../src/cert/index.ts";
import { certHelp } from "../src/cert/usage.ts";
import { available } from "../src/choices.ts";
import { cipherList } from "../src/ciphers.ts";
import { help } from "../src/help.ts";
import { bothOptions, connectOptions, decryptOptions, type Option, serveOptions } from "../src/options.ts";
import { scanHelp } from "../src/scan/help.ts";
import { scanOptions } from "../src/scan/options.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** The options that a text mentions, once each. */
function mentioned(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/--([a-z][a-z-]*)/g)].map(([, name = ""]) => name))].toSorted();
}

/** The paragraph of a help that is about a command. */
function paragraph(text: string, command: string): string {
  const found = text.split("\n\n").find((each) => new RegExp(`^${command}(?= |$)`, "m").test(each));
  expect(found, `the help has ${command}`).toBeDefined();
  return found ?? "";
}

describe.each<[string, Readonly<Record<string, Option>>]>([
  ["connect", { ...connectOptions, ...bothOptions }],
  ["serve", { ...serveOptions, ...bothOptions }],
  ["decrypt", decryptOptions],
  ["scan", scanOptions],
])("tlskit %s", (command, options) => {
  test("has its options, with what stands behind them, in the README", () => {
    const [synopsis = ""] = new RegExp(`^\`tlskit ${command} .*`, "m").exec(readme) ?? [];
    const expected = Object.entries(options)
      .filter(([name]) => name !== "help")
      .map(([name, { argument }]) => (argument === undefined ? `--${name}` : `--${name} ${argument}`));
    expect([...synopsis.matchAll(/--[a-z-]+(?: [^\s\]`]+(?=[\s\]`]))?/g)].map(([usage]) => usage).toSorted()).toEqual(
      expected.toSorted(),
    );
  });
});

test("the help names all that can be chosen", () => {
  for (const { name } of [...available.cipherSuites, ...available.namedGroups]) expect(help).toContain(name);
});

test("the help of scan names every protocol that begins in the clear", () => {
  for (const { name } of protocols) expect(scanHelp).toContain(name);
});

test("the list of cipher suites has all that can be chosen, by both names, and tells what is chosen unless told", () => {
  const lines = cipherList().trimEnd().split("\n");
  expect(lines).toHaveLength(available.cipherSuites.length + available.tls12CipherSuites.length);
  const suites: readonly Registered[] = [...available.cipherSuites, ...available.tls12CipherSuites];
  for (const { name, aliases = [] } of suites) {
    const [, iana, ...others] = lines.find((line) => line.split(/ +/)[1] === name)?.split(/ +/) ?? [];
    expect([iana, ...others.filter((other) => other !== "default")]).toEqual([name, ...aliases.slice(0, 1)]);
  }
  expect(lines.filter((line) => line.endsWith(" default"))).toHaveLength(9);
  expect(lines[0]).toMatch(/^TLSv1\.3 +TLS_AES_128_GCM_SHA256 +default$/);
  expect(lines).toContainEqual(expect.stringMatching(/^TLSv1\.2 +TLS_RSA_WITH_AES_128_CBC_SHA +AES128-SHA$/));
});

describe.each(Object.entries(certCommands))("tlskit cert %s", (name, command) => {
  test("has all its options in the help, and no others", () => {
    expect(mentioned(paragraph(certHelp, `tlskit cert ${name}`))).toEqual([...command.options].toSorted());
  });

  test("has no others in its row of the README", () => {
    const [row = ""] = new RegExp(`^\\| \`tlskit cert ${name}.*`, "m").exec(readme) ?? [];
    expect(row).not.toBe("");
    expect(command.options).toEqual(expect.arrayContaining([...mentioned(row)]));
  });
});

test("the README mentions no option that nothing has", () => {
  const all = [connectOptions, serveOptions, bothOptions, decryptOptions, scanOptions].flatMap((options): string[] =>
    Object.keys(options),
  );
  const known = [...all, ...Object.values(certCommands).flatMap(({ options }) => options)];
  expect(known).toEqual(expect.arrayContaining([...mentioned(readme)]));
});
