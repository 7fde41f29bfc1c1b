/** The page of the documentation about findings, made of their table. */
import { type FindingRule, findingRules, type Remedies, type Severity, severities } from "@tlskit/scan";

const meanings: Readonly<Record<Severity, string>> = {
  critical: "Whoever listens reads or changes the traffic today, or can pretend to be the server.",
  high: "An attacker with means does.",
  medium: "It weakens what protects.",
  low: "It is behind the times, or may become one of the others.",
  info: "It is worth knowing.",
};

const servers: readonly { readonly of: keyof Remedies; readonly name: string; readonly language: string }[] = [
  { of: "nginx", name: "nginx", language: "nginx" },
  { of: "apache", name: "Apache", language: "apache" },
  { of: "haproxy", name: "HAProxy", language: "haproxy" },
  { of: "caddy", name: "Caddy", language: "caddyfile" },
  { of: "node", name: "`node:tls`", language: "js" },
];

export function findingsPage(): string {
  return `# What \`tlskit scan\` finds

Each finding has an identifier that stays, by which scripts and [policies](scan-policy.md) name it, and a severity. This page is made of the table that scans judge by, \`findingRules\` of \`@tlskit/scan\`, and a test holds it to that.

| severity | what it means |
| --- | --- |
${severities.map((severity) => `| ${severity} | ${meanings[severity]} |`).join("\n")}

A finding is made of what checks found out. If one of them failed, or wasn't asked for, the finding isn't judged, and the report says so: nothing counts as fine that nobody looked at.

The lines are what a server's configuration has to say: nginx's go into a \`server\` block, Apache's into a \`VirtualHost\` (\`SSLStaplingCache\`, \`SSLSessionCache\` and \`ServerTokens\` outside of one), HAProxy's \`ssl-default-…\` and \`tune.…\` into \`global\` and the others into a frontend, Caddy's into a site's block, Node's among the options of \`tls.createServer\` unless they are statements. Those of nginx and Node are tried by tests; Apache 2.4, HAProxy 2.6 and Caddy 2.6 have taken theirs, but for what needs something newer and says so.

| finding | severity | what |
| --- | --- | --- |
${findingRules.map((rule) => `| [\`${rule.id}\`](#${anchor(rule.id)}) | ${rule.severity} | ${cell(rule.title)} |`).join("\n")}

${findingRules.map(section).join("\n\n")}
`;
}

function section(rule: FindingRule): string {
  const lines = linesOf(rule);
  return [
    `## ${rule.id}`,
    `**${rule.title}** (${rule.severity})`,
    rule.why,
    rule.remedy,
    ...(lines === "" ? [] : [lines]),
    `${rule.source === undefined ? "" : `Source: ${rule.source}. `}Judged by ${rule.needs.map((name) => `\`${name}\``).join(", ")}${rule.needsEarlier === true ? " and an earlier scan" : ""}.`,
  ].join("\n\n");
}

/** Lines that several findings have stand at the first of them. */
function linesOf(rule: FindingRule): string {
  const written = servers.filter(({ of }) => rule.remedies[of] !== undefined);
  if (written.length === 0) return "";
  const first = findingRules.find(({ remedies }) => servers.every(({ of }) => remedies[of] === rule.remedies[of]));
  if (first !== undefined && first.id !== rule.id)
    return `The lines are those of [\`${first.id}\`](#${anchor(first.id)}).`;
  return written
    .map(({ of, name, language }) => `${name}:\n\n\`\`\`${language}\n${rule.remedies[of]}\n\`\`\``)
    .join("\n\n");
}

/** As GitHub makes it of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
