import type { Block, Field } from "../section.ts";
import { shownText, shownValues } from "../shown.ts";
import type { Colours } from "./colours.ts";
import { columnsOf, padded, wrapped } from "./columns.ts";

/** How text is laid out. */
export interface Layout {
  /** Columns of a line. */
  readonly width: number;
  readonly colours: Colours;
}

const indent = "  ";
const gap = "  ";
/** Columns that a column of a table keeps when the table is too wide. */
const narrowest = 8;
/** Columns of the labels of fields: all sections have their values below each other. */
const labelColumns = 26;

/** A block as lines. */
export function blockLines(block: Block, layout: Layout): readonly string[] {
  switch (block.kind) {
    case "sentence":
      return paragraph(block.text, layout);
    case "fields":
      return [...captionLines(block.caption, layout), ...block.fields.flatMap((field) => fieldLines(field, layout))];
    case "names":
      return [
        ...captionLines(block.caption, layout),
        ...wrapped(shownValues(block.names).map(shownText).join(", "), layout.width - 4).map((line) => `    ${line}`),
      ];
    case "table":
      return [...captionLines(block.caption, layout), ...tableLines(block.columns, block.rows, layout)];
  }
}

/** A sentence, below a heading. */
export function paragraph(text: string, { width }: Layout, before: string = indent): readonly string[] {
  return wrapped(shownText(text), width - before.length).map((line) => `${before}${line}`);
}

function captionLines(caption: string | undefined, layout: Layout): readonly string[] {
  return caption === undefined ? [] : paragraph(caption, layout);
}

function fieldLines({ label, values }: Field, { width, colours }: Layout): readonly string[] {
  const lines = shownValues(values).flatMap((value) => wrapped(shownText(value), width - indent.length - labelColumns));
  return lines.map((line, index) => {
    const head = padded(index === 0 ? shownText(label) : "", labelColumns);
    return `${indent}${colours.faint(head)}${line}`;
  });
}

/** A table whose columns are below each other; where it is too wide what is widest goes over several lines. */
export function tableLines(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  { width, colours }: Layout,
): readonly string[] {
  // a column that says nothing in any row isn't shown
  const used = columns.flatMap((_, index) => (rows.some((row) => (row[index] ?? "") !== "") ? [index] : []));
  const shown = [columns, ...rows].map((row) => used.map((index) => shownText(row[index] ?? "")));
  const widths = fittingWidths(
    used.map((_, index) => Math.max(...shown.map((row) => columnsOf(row[index] ?? "")))),
    width - 2 * indent.length,
  );
  return shown.flatMap((row, index) => {
    const lines = rowLines(row, widths).map((line) => `${indent}${indent}${line}`);
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
