import { readFileSync, writeFileSync } from "node:fs";
import { explanations } from "./explanations.ts";
import { files, testsOf } from "./files.ts";
import { type Reason, reasons } from "./reasons.ts";
import type { Outcome } from "./run-file.ts";

/** What became of each file, over node:tls and over ours, with which programs: docs/node-tls.json. */
export interface Results {
  /** Of the Node that ran them. */
  node: string;
  /** Of the command that they talk to. */
  openssl: string;
  control: Record<string, Outcome>;
  ours: Record<string, Outcome>;
}

const docs = new URL("../../../docs/", import.meta.url);
const figures = new URL("node-tls.json", docs);
const page = new URL("node-tls.md", docs);
const [begin, end] = ["<!-- made of node-tls.json from here on -->", "<!-- up to here -->"];

export function readResults(): Results {
  return JSON.parse(readFileSync(figures, "utf8"));
}

export function writeResults(results: Results): void {
  writeFileSync(figures, `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(page, withFigures(readFileSync(page, "utf8"), results));
}

/** The page as it is, and as the results make it. */
export function pages(): { asItIs: string; asItShouldBe: string } {
  const asItIs = readFileSync(page, "utf8");
  return { asItIs, asItShouldBe: withFigures(asItIs, readResults()) };
}

/** Files that apply and didn't pass. */
export function failures({ ours }: Results): string[] {
  return Object.keys(files).filter((file) => files[file] === "applies" && ours[file] !== "passed");
}

function withFigures(text: string, results: Results): string {
  return `${text.slice(0, text.indexOf(begin))}${begin}\n\n${figuresOf(results)}\n${text.slice(text.indexOf(end))}`;
}

function figuresOf(results: Results): string {
  const names = Object.keys(files);
  const applying = names.filter((file) => files[file] === "applies");
  const failed = failures(results);
  const others = names.flatMap((file) => {
    const standing = files[file];
    return standing === undefined || standing === "applies" ? [] : [{ file, ...standing }];
  });
  const passingOthers = others.filter(({ file }) => results.ours[file] === "passed");
  const passed = applying.length - failed.length;
  const share = ((passed / applying.length) * 100).toFixed(1);
  const controlPassed = names.filter((file) => results.control[file] === "passed").length;
  const reasonRows = (Object.keys(reasons) as Reason[]).map((reason) => {
    const count = others.filter((other) => other.reason === reason).length;
    return `| ${reason} | ${count} | ${reasons[reason]} |`;
  });
  return `Node ${results.node} with the tests of Node ${testsOf}, and ${results.openssl} where they talk to OpenSSL's client:

| | files |
| --- | --- |
| in all | ${names.length} |
| of these pass over \`node:tls\` here (the control) | ${controlPassed} |
| **apply** | **${applying.length}** |
| **of these pass over \`@tlskit/node/tls\`** | **${passed} (${share} %)** |
| don't apply | ${others.length} |
| of these pass nevertheless | ${passingOthers.length} |

### What applies and doesn't pass

${failed.length === 0 ? "Nothing." : failed.map((file) => `- \`${file}\`: ${explanations[file] ?? "not explained yet."}`).join("\n")}

### What doesn't apply

| reason | files | |
| --- | --- | --- |
${reasonRows.join("\n")}

${others.map(({ file, reason, because }) => `- \`${file}\` (${reason}): ${because}.`).join("\n")}
`;
}
