import type { Case, Measurements, Reader } from "./input.ts";
import { readers } from "./input.ts";

/** Where the page lies. */
export const pagePath: URL = new URL("../../../docs/x509-refusals.md", import.meta.url);

const headings: Readonly<Record<Reader, string>> = {
  openssl: "OpenSSL",
  opensslStrict: "strict",
  go: "Go",
  gnutls: "GnuTLS",
  java: "Java",
};

/** The page of the documentation that says it all: written by `write-page.ts`. */
export function pageOf({ versions, measured, cases }: Measurements): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const groups = [...new Set(cases.map(({ group }) => group))];
  return `# X.509: what is read, and what is refused

Rules of DER and of RFC 5280 bind whoever writes. Here a breach is a reason to refuse only if the same octets could be read in another way, or if the verdict rests on what is broken; otherwise what has one meaning is read. Signatures are checked on the exact octets, whatever is read of them, and what is written here is strict DER.

Each line is a rule, an input that breaks it, and what is made of it: **taken** is a chain that verifies (for servers, for example.org, to a trusted root), a CRL by which a certificate is found good, a key or request that is read, its signature checked. As of ${measured}, with ${named.join(", ")}; *strict* is OpenSSL with \`-x509_strict\`; where nothing stands there is no reader of this kind. Go's standard library and Java's public interfaces have none for some.

The inputs and verdicts lie in \`tools/x509-readers/data/cases.json\`; \`node tools/x509-readers/src/measure.ts\` makes the inputs anew and asks again, \`node tools/x509-readers/src/write-page.ts\` writes this page. A test holds our own verdicts to it, and needs none of the four.
${groups.map((group) => sectionOf(group, cases)).join("")}`;
}

function sectionOf(group: string, cases: readonly Case[]): string {
  const title = `${group[0]?.toUpperCase()}${group.slice(1)}`;
  const intro = group === "issuers' duties" ? dutiesIntro : "";
  const head = `| what | here | ${readers.map((reader) => headings[reader]).join(" | ")} | why |\n| --- | --- | ${readers.map(() => "---").join(" | ")} | --- |\n`;
  const rows = cases.filter((one) => one.group === group).map(rowOf);
  return `\n## ${title}\n\n${intro}${head}${rows.join("")}`;
}

const dutiesIntro =
  "What RFC 5280 asks of issuers with a MUST, and path validation (§6.1, §6.3.3) doesn't look at. Nothing of it makes a certificate mean something else, so it is taken, as nearly everybody does.\n\n";

function rowOf({ what, ours, reason = "", verdicts }: Case): string {
  const others = readers.map((reader) => verdicts[reader] ?? "");
  return `| ${what} | **${ours}** | ${others.join(" | ")} | ${reason} |\n`;
}
