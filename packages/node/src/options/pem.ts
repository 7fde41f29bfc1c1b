/** A PEM text, or its bytes as `readFileSync` gives them. */
export type Pem = string | Uint8Array;

/** The text: UTF-8, without a byte order mark. */
export function pemText(pem: Pem): string {
  return typeof pem === "string" ? pem : new TextDecoder().decode(pem);
}

/** What may be one, or a list of them. */
export function listed<T>(oneOrMany: T | readonly T[] | undefined): readonly T[] {
  if (oneOrMany === undefined) return [];
  return isList(oneOrMany) ? oneOrMany : [oneOrMany];
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
