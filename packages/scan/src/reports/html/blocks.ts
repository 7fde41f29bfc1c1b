import type { Block, Field } from "../block.ts";
import { shownValues } from "../shown.ts";
import { html, type Markup } from "./markup.ts";

/** A part of what is said of a check. */
export function blockMarkup(block: Block): Markup {
  switch (block.kind) {
    case "sentence":
      return html`<p>${block.text}</p>`;
    case "fields":
      return html`<div>${captionMarkup(block.caption)}${fieldsMarkup(block.fields)}</div>`;
    case "names":
      return html`<div>${captionMarkup(block.caption)}<ol class="names">${shownValues(block.names).map(
        (name) => html`<li>${name}</li>`,
      )}</ol></div>`;
    case "table":
      return tableMarkup(block);
  }
}

function captionMarkup(caption: string | undefined): Markup | undefined {
  return caption === undefined ? undefined : html`<p class="caption">${caption}</p>`;
}

export function fieldsMarkup(fields: readonly Field[]): Markup {
  return html`<dl class="fields">${fields.map(
    ({ label, values }) => html`<dt>${label}</dt>${html`<dd>${lines(shownValues(values))}</dd>`}`,
  )}</dl>`;
}

function lines(values: readonly string[]): readonly Markup[] {
  return values.map((value, index) => (index === 0 ? html`${value}` : html`<br>${value}`));
}

/** The first column is what the row is about. */
function tableMarkup({ caption, columns, rows }: Extract<Block, { readonly kind: "table" }>): Markup {
  // a column that says nothing in any row isn't shown
  const used = columns.flatMap((_, index) => (rows.some((row) => (row[index] ?? "") !== "") ? [index] : []));
  return html`<table>${caption === undefined ? undefined : html`<caption class="caption">${caption}</caption>`}
<thead><tr>${used.map((index) => html`<th scope="col">${columns[index]}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr>${used.map((index) =>
        index === 0 ? html`<th scope="row">${row[index]}</th>` : html`<td>${row[index]}</td>`,
      )}</tr>\n`,
  )}</tbody></table>`;
}
