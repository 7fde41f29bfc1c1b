import { toHex } from "@tlskit/wire";
import type { Evidence } from "../../facts.ts";
import { counted } from "../block.ts";
import { type ExplainedMessage, explainedMessages, type MessageField } from "../explained-messages.ts";
import type { FoundSection } from "../sections.ts";
import { shownText } from "../shown.ts";
import { type Layout, paragraph } from "./blocks.ts";

/** Octets in a line: 64 digits, less where fields are deep. */
const octetsPerLine = 32;

/** The messages that something was seen in, field by field. */
export function evidenceLines(sections: readonly FoundSection[], layout: Layout): readonly string[] {
  return sections
    .filter(({ evidence }) => evidence.length > 0)
    .flatMap(({ title, evidence }) => [
      "",
      layout.colours.heading(`Evidence: ${title}`),
      ...evidence.flatMap((exchange) => exchangeLines(exchange, layout)),
    ]);
}

function exchangeLines({ about, messages }: Evidence, layout: Layout): readonly string[] {
  return [
    "",
    ...paragraph(about, layout),
    ...explainedMessages(messages).flatMap((message) => messageLines(message, layout)),
  ];
}

function messageLines({ from, name, octets, fields }: ExplainedMessage, layout: Layout): readonly string[] {
  const arrow = from === "client" ? "→" : "←";
  return [
    `  ${arrow} ${layout.colours.heading(shownText(name))} (${counted(octets.length, "octet")})`,
    ...(fields.length === 0 ? hexLines(octets, 3, layout) : fields.flatMap((field) => fieldLines(field, 3, layout))),
  ];
}

function fieldLines({ name, meaning, octets, parts }: MessageField, depth: number, layout: Layout): readonly string[] {
  const before = indentOf(depth);
  const said = meaning === undefined ? "" : `  ${meaning}`;
  const line = `${name}: ${octets.length === 0 ? "empty" : toHex(octets)}${said}`;
  if (parts.length === 0 && before.length + line.length <= layout.width) return paragraph(line, layout, before);
  const size = parts.length === 0 ? `: ${counted(octets.length, "octet")}` : "";
  return [
    ...paragraph(`${name}${size}${said}`, layout, before),
    ...hexLines(octets, depth + 1, layout),
    ...parts.flatMap((part) => fieldLines(part, depth + 1, layout)),
  ];
}

function hexLines(octets: Uint8Array, depth: number, { width, colours }: Layout): readonly string[] {
  const before = indentOf(depth);
  const fitting = Math.max(4, Math.min(octetsPerLine, Math.floor((width - before.length) / 2 / 4) * 4));
  return Array.from(
    { length: Math.ceil(octets.length / fitting) },
    (_, line) => before + colours.faint(toHex(octets.subarray(line * fitting, (line + 1) * fitting))),
  );
}

function indentOf(depth: number): string {
  return "  ".repeat(Math.min(depth, 16));
}
