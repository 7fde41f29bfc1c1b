import type { Block, Field } from "../block.ts";
import { shownText, shownValues } from "../shown.ts";
import type { Colours } from "./colours.ts";
import { columnsOf, padded, wrapped } from "./columns.ts";

/** How text is laid out. */
export interface Layout {
  /** Columns of a line. */
  readonly width: number;
  readonly colours: Colours;
}

export const indent = "  ";
const gap = "  ";
/** Columns that a column of a table keeps when the table is too wide. */
const narrowest = 8;
/** From the line's begin: values are below each other in all sections. */
const valuesBegin = 30;

/** What is said below a heading. */
export function blocksLines(blocks: readonly Block[], layout: Layout): readonly string[] {
  return blocks.flatMap((block, index) => {
    const before = blocks[index - 1];
    // columns that follow each other are named once
    const named = block.kind !== "table" || before?.kind !== "table" || `${block.columns}` !== `${before.columns}`;
    const lines = blockLines(block, named, layout);
    return block.kind === "fields" && block.caption !== undefined && index > 0 ? ["", ...lines] : lines;
  });
}

function blockLines(block: Block, named: boolean, layout: Layout): readonly string[] {
  if (block.kind === "sentence") return paragraph(block.text, layout);
  const caption = block.caption === undefined ? [] : paragraph(block.caption, layout);
  const before = block.caption === undefined ? indent : indent + indent;
  switch (block.kind) {
    case "fields":
      return [...caption, ...fieldsLines(block.fields, layout, before)];
    case "names":
      return [...caption, ...paragraphOf(shownValues(block.names).map(shownText).join(", "), layout, before)];
    case "table":
      return [...caption, ...tableLines(block, layout, before, named)];
  }
}

/** A sentence. */
export function paragraph(text: string, layout: Layout, before: string = indent): readonly string[] {
  return paragraphOf(shownText(text), layout, before);
}

function paragraphOf(shown: string, { width }: Layout, before: string): readonly string[] {
  return wrapped(shown, width - before.length).map((line) => `${before}${line}`);
}

export function fieldsLines(
  fields: readonly Field[],
  { width, colours }: Layout,
  before: string = indent,
): readonly string[] {
  return fields.flatMap(({ label, values }) => {
    const lines = shownValues(values).flatMap((value) => wrapped(shownText(value), width - valuesBegin));
    return lines.map((line, index) => {
      const head = padded(index === 0 ? shownText(label) : "", valuesBegin - before.length - gap.length);
      return `${before}${colours.faint(head)}${gap}${line}`;
    });
  });
}

/** A table whose columns are below each other; where it is too wide what is widest goes over several lines. */
export function tableLines(
  { columns, rows }: Pick<Extract<Block, { readonly kind: "table" }>, "columns" | "rows">,
  { width, colours }: Layout,
  before: string = indent,
  named = true,
): readonly string[] {
  // a column that says nothing in any row isn't shown
  const used = columns.flatMap((_, index) => (rows.some((row) => (row[index] ?? "") !== "") ? [index] : []));
  const shown = [columns, ...rows].map((row) => used.map((index) => shownText(row[index] ?? "")));
  const widths = fittingWidths(
    used.map((_, index) => Math.max(...shown.map((row) => columnsOf(row[index] ?? "")))),
    width - before.length,
  );
  return shown.flatMap((row, index) => {
    if (index === 0 && !named) return [];
    const lines = rowLines(row, widths).map((line) => `${before}${line}`);
    return index === 0 ? lines.map((line) => colours.faint(line)) : lines;
  });
}

function rowLines(row: readonly string[], widths: readonly number[]): readonly string[] {
  const cells = row.map((cell, index) => wrapped(cell, widths[index] ?? narrowest));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, index) => padded(lines[line] ?? "", widths[index] ?? narrowest))
      .join(gap)
      .trimEnd(),
  );
}

function fittingWidths(natural: readonly number[], available: number): readonly number[] {
  const widths = [...natural];
  const room = available - gap.length * (widths.length - 1);
  let over = widths.reduce((sum, width) => sum + width, 0) - room;
  while (over > 0) {
    const widest = Math.max(...widths);
    if (widest <= narrowest) break;
    widths[widths.indexOf(widest)] = widest - 1;
    over -= 1;
  }
  return widths;
}
