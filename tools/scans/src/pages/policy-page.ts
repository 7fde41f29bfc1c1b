/** The page of the documentation about policies, made of their members. */
import { policies, policyRules } from "@tlskit/scan";

/** What the page shows. A test reads it. */
export const examplePolicy = `{
  "$schema": "https://raw.githubusercontent.com/tlskit/tlskit/main/docs/scan-policy.schema.json",
  "name": "our servers",
  "extends": "intermediate",
  "versions": { "required": ["TLS 1.3"] },
  "groups": { "required": ["X25519MLKEM768"] },
  "certificates": { "maxLifetimeDays": 100, "minDaysLeft": 14, "stapled": null },
  "findings": { "worst": "low", "allowed": ["ticket-lifetime-too-long"], "forbidden": ["heartbleed"] }
}
`;

export function policyPage(): string {
  return `# Policies of \`tlskit scan\`

A policy says what a server has to be, and a scan by one says whether it is: \`tlskit scan --require intermediate example.org\` ends with 0 if it is and with 1 if it isn't, and the report tells each violation. What couldn't be found out isn't met.

## Mozilla's profiles

\`modern\` and \`intermediate\` are those of [Server Side TLS 6.0](https://ssl-config.mozilla.org/guidelines/6.0.json); \`old\`, which 6.0 has no longer, is that of [5.8](https://ssl-config.mozilla.org/guidelines/5.8.json). They are taken to the letter, with three remarks:

- They ask for an OCSP staple. Authorities have begun to issue certificates without a responder, for which there can be none: it is asked for where the certificate names a responder, or promises a staple.
- Where they leave the order of suites to clients, a server that has its own isn't wrong. \`old\` wants the server's.
- That chains are trusted and are for the server's name goes without saying there, and is asked for here.

| | ${Object.keys(policies).join(" | ")} |
| --- | ${Object.keys(policies)
    .map(() => "---")
    .join(" | ")} |
${profileRows()}

## A file of one's own

JSON, for \`--require our.json\`:

\`\`\`json
${examplePolicy}\`\`\`

\`name\` is what reports call it, the file's name unless told otherwise. \`extends\` is one of the profiles: what the file says holds instead of what that says, member by member, and \`null\` takes a member away. What neither says isn't asked. [scan-policy.schema.json](scan-policy.schema.json) is its JSON Schema, for editors; a file that isn't as it should be is refused with the place, \`our.json: versions.allowed[1]: "TLSv1.2" isn't a version\`.

| member | is | asks |
| --- | --- | --- |
${policyRules.map(({ section, member, values, about }) => `| \`${section}.${member}\` | ${values} | ${about} |`).join("\n")}

Versions are called \`TLS 1.3\`, \`TLS 1.2\`, \`TLS 1.1\`, \`TLS 1.0\`, \`SSL 3.0\` and \`SSL 2.0\`; suites, groups and schemes have IANA's names, and findings have those of [their page](scan-findings.md).
`;
}

/** What each profile says of each member that one of them has. */
function profileRows(): string {
  return policyRules
    .map(({ section, member }) => ({
      name: `\`${section}.${member}\``,
      wanted: Object.values(policies).map((policy) => said(Object.entries(policy[section] ?? {}), member)),
    }))
    .filter(({ wanted }) => wanted.some((one) => one !== ""))
    .map(({ name, wanted }) => `| ${name} | ${wanted.join(" | ")} |`)
    .join("\n");
}

function said(section: readonly (readonly [string, unknown])[], member: string): string {
  const value = section.find(([name]) => name === member)?.[1];
  if (value === undefined) return "";
  return Array.isArray(value) ? value.map((one: unknown) => `\`${one}\``).join(" ") : `\`${value}\``;
}
