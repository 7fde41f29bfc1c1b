import { decodeFileText } from "@tlskit/x509";

/** A PEM text, or its bytes as `readFileSync` gives them. */
export type Pem = string | Uint8Array;

/** The text, whatever editor wrote it. */
export function pemText(pem: Pem): string {
  return typeof pem === "string" ? pem : decodeFileText(pem);
}

/** What may be one, or a list of them. */
export function listed<T>(oneOrMany: T | readonly T[] | undefined): readonly T[] {
  if (oneOrMany === undefined) return [];
  return isList(oneOrMany) ? oneOrMany : [oneOrMany];
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
