import * as tables from "../../src/tls/compatibility.ts";

/** NODE-TLS.md, made out of the tables. */
export function nodeTlsPage(): string {
  return `# In place of \`node:tls\`

What becomes in \`@tlskit/node/tls\` of everything that \`node:tls\` has: **same** as there; **better**: as there, and safer, or more of it; **refused** with an error that says what to use instead (\`refused_option\`, or the code that Node has for it); **absent**: a member isn't there, an option means nothing. Errors have the codes that \`node:tls\` has, and ours as their \`cause\`. Made out of the tables that tests hold against Node's own module (\`src/tls/compatibility.ts\`): don't edit it.

${sections.map(([title, table]) => `## ${title}\n\n${rows(table)}`).join("\n")}`;
}

const sections: readonly (readonly [string, tables.CompatibilityTable])[] = [
  ["The module", tables.moduleMembers],
  ["Options of `createSecureContext`, `connect`, `createServer` and `TLSSocket`", tables.contextOptions],
  ["Options of `connect`", tables.connectOptions],
  ["Options of `createServer`", tables.serverOptions],
  ["Options of `TLSSocket`", tables.socketOptions],
  ["Members of `TLSSocket`", tables.socketMembers],
  ["Events of `TLSSocket`", tables.socketEvents],
  ["Members of `Server`", tables.serverMembers],
  ["Events of `Server`", tables.serverEvents],
];

function rows(table: tables.CompatibilityTable): string {
  const lines = Object.entries(table).map(([name, [fate, note]]) => `| \`${name}\` | ${fate} | ${note} |`);
  return ["| | | |", "| --- | --- | --- |", ...lines, ""].join("\n");
}
