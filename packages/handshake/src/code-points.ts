/** What a code point is called, for a sentence: its name if there is one, or its number. */
export function nameOf(code: number, nameFor: (code: number) => string | undefined): string {
  return nameFor(code) ?? `0x${code.toString(16)}`;
}
