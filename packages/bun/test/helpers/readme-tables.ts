import { tlsOptions } from "../../src/options/bun-options.ts";
import { socketHandlers } from "./socket-handlers.ts";
import { socketMembers } from "./socket-members.ts";

interface Row {
  readonly is: string;
  readonly note?: string;
}

/** What the README says of Bun's options. */
export function optionsTable(): string {
  return table("option", Object.entries(tlsOptions), ({ is, note = "" }) => (is === "refused" ? `use ${note}` : note));
}

/** What the README says of Bun's handlers. */
export function handlersTable(): string {
  return table("handler", Object.entries(socketHandlers), ({ note = "" }) => note);
}

/** What the README says of the members of Bun's sockets, those that are the same without a word in one line. */
export function socketTable(): string {
  const rows: readonly (readonly [string, Row])[] = Object.entries(socketMembers);
  const alike = rows.filter(([, { is, note }]) => is === "same" && note === undefined).map(([name]) => `\`${name}\``);
  const others = rows.filter(([, { is, note }]) => is !== "same" || note !== undefined);
  return `${table("member", others, ({ note = "" }) => note)}\nThe same as in Bun: ${alike.join(", ")}, and \`using\`.\n`;
}

function table(head: string, rows: readonly (readonly [string, Row])[], told: (row: Row) => string): string {
  const lines = rows.map(([name, row]) => `| \`${name}\` | ${row.is} | ${told(row)} |\n`);
  return `| ${head} | here | |\n| --- | --- | --- |\n${lines.join("")}`;
}
