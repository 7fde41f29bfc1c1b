/** A code point in a sentence: of what nobody here has offered there are no names. */
export function codePoint(code: number): string {
  return `0x${code.toString(16).padStart(4, "0")}`;
}
