import type { Finding, Remedies } from "../finding.ts";

/** What the servers are called. */
const servers: Readonly<Record<keyof Remedies, string>> = {
  nginx: "nginx",
  apache: "Apache",
  haproxy: "HAProxy",
  caddy: "Caddy",
  node: "node:tls",
};

export interface ServerRemedy {
  readonly server: string;
  readonly lines: readonly string[];
}

/** What to write into the configuration of each server that there are lines for. */
export function serverRemedies(remedies: Remedies): readonly ServerRemedy[] {
  return Object.entries(servers).flatMap(([key, server]) => {
    const text = remedies[key as keyof Remedies]; // the table has no other keys
    return text === undefined ? [] : [{ server, lines: text.replaceAll("\t", "  ").split("\n") }];
  });
}

/** The finding before this one that has the same lines to write, if there is one: they are told once. */
export function sameRemediesBefore(finding: Finding, findings: readonly Finding[]): Finding | undefined {
  const own = JSON.stringify(serverRemedies(finding.rule.remedies));
  if (own === "[]") return undefined;
  return findings
    .slice(0, findings.indexOf(finding))
    .find(({ rule }) => JSON.stringify(serverRemedies(rule.remedies)) === own);
}
