/** Lines of labels and values, the values below each other. */
export function alignedText(rows: readonly (readonly [label: string, value: string])[], indent: string): string {
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows.map(([label, value]) => `${indent}${label.padEnd(width)}${value}\n`).join("");
}
