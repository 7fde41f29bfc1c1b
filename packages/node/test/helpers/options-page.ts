import { clientOptions } from "../../src/options/client-options.ts";
import { commonOptions } from "../../src/options/common-options.ts";
import { serverOptions } from "../../src/options/server-options.ts";
import type { OptionTable, Row } from "../../src/options/table.ts";

/** OPTIONS.md, made out of the tables that the code goes by. */
export function optionsPage(): string {
  return `# Options

What becomes of each option of \`tls.connect\`, \`tls.createServer\`, \`tls.createSecureContext\`, and of \`net.connect\` and \`net.createServer\` below them. Made out of the tables that the code goes by (\`src/options\`): don't edit it.

What is refused is a \`TlsError\` with the code \`refused_option\`, and a type error. A name that isn't here is one with the code \`unknown_option\`, except in what Node's HTTP agents hand on, which have names of their own and their users'.

## Clients and servers

${section(commonOptions)}
## Clients

${section(clientOptions)}
## Servers

${section(serverOptions)}`;
}

function section(table: OptionTable): string {
  const rows = Object.entries<Row>(table);
  const named = <Is extends Row["is"]>(is: Is): readonly (readonly [string, Extract<Row, { readonly is: Is }>])[] =>
    rows.flatMap(([name, row]) => (isOf(row, is) ? [[name, row] as const] : []));
  const own = named("own").map(([name]) => `\`${name}\``);
  return `As in Node:

| option | |
| --- | --- |
${named("done")
  .map(([name, { note = "" }]) => `| \`${name}\` | ${note} |`)
  .join("\n")}

${own.length === 0 ? "" : `Ours: ${own.join(", ")}.\n\n`}Refused:

| option | |
| --- | --- |
${named("refused")
  .map(([name, { instead, unless = [] }]) => `| \`${name}\` | ${instead}${harmless(unless)} |`)
  .join("\n")}

Of no effect:

| option | because |
| --- | --- |
${named("ignored")
  .map(([name, { because }]) => `| \`${name}\` | ${because} |`)
  .join("\n")}
`;
}

function isOf<Is extends Row["is"]>(row: Row, is: Is): row is Extract<Row, { readonly is: Is }> {
  return row.is === is;
}

function harmless(values: readonly (string | boolean)[]): string {
  return values.length === 0 ? "" : ` (${values.map((value) => `\`${JSON.stringify(value)}\``).join(", ")} is taken)`;
}
