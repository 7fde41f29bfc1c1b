import { escapedText } from "@tlskit/x509/text";
import { maxShownCharacters, maxShownValues } from "./limits.ts";

/** A text that may be a peer's, to be shown and not to be obeyed, and not without end. */
export function shownText(text: string): string {
  if (text.length <= maxShownCharacters) return escapedText(text);
  return `${escapedText(text.slice(0, maxShownCharacters))}… (${text.length} characters)`;
}

/** The first of many, and how many there are besides. */
export function shownValues(values: readonly string[]): readonly string[] {
  if (values.length <= maxShownValues) return values;
  return [...values.slice(0, maxShownValues), `and ${values.length - maxShownValues} more`];
}
