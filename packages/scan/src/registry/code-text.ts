/** A code point of two octets, or of SSL 2.0's three: `0x1301`, `0x010080`. */
export function codeText(code: number): string {
  return `0x${code.toString(16).padStart(code > 0xffff ? 6 : 4, "0")}`;
}
