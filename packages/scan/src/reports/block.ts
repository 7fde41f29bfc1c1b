/**
 * What a report says of a target, in no form yet: each form (text, HTML) writes these. Texts may be a peer's and are as they
 * came: forms escape all of them.
 */

/** A part of what is said. */
export type Block =
  | { readonly kind: "sentence"; readonly text: string }
  /** Labels and what stands for them, each value on a line of its own. */
  | { readonly kind: "fields"; readonly caption?: string | undefined; readonly fields: readonly Field[] }
  /** The first column is what the row is about. */
  | {
      readonly kind: "table";
      readonly caption?: string | undefined;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  /** Names that follow each other, in an order that may count. */
  | { readonly kind: "names"; readonly caption: string; readonly names: readonly string[] };

export interface Field {
  readonly label: string;
  readonly values: readonly string[];
}

export function sentence(text: string): Block {
  return { kind: "sentence", text };
}

/** A field, or none where there is nothing to say. */
export function field(label: string, ...values: readonly (string | undefined)[]): readonly Field[] {
  const said = values.filter((value) => value !== undefined);
  return said.length === 0 ? [] : [{ label, values: said }];
}

export function yesOrNo(value: boolean): string {
  return value ? "yes" : "no";
}

/** `1 connection`, `2 connections` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
