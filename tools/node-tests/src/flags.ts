/** The flags that a test of Node's names in its comment `// Flags:`, as Node's own runner reads them. */
export function flagsOf(source: string): string[] {
  const line = /^\/\/ Flags:(.*)$/m.exec(source)?.[1];
  return line === undefined ? [] : line.split(/\s+/).filter((flag) => flag !== "");
}

/** What it wants in its environment, of its comment `// Env:`. */
export function environmentOf(source: string): Record<string, string> {
  const line = /^\/\/ Env:(.*)$/m.exec(source)?.[1] ?? "";
  const pairs = line.split(/\s+/).filter((pair) => pair.includes("="));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}
