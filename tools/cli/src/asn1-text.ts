import type { Asn1Node } from "@tlskit/x509/ber";
import { escapedText } from "@tlskit/x509/text";

/**
 * A line for each element: where it begins, octets of its header and of its contents, and behind them, indented by how deep
 * it lies, what it is.
 */
export function asn1Lines(nodes: readonly Asn1Node[], indent: string): string {
  const rows = rowsOf(nodes, "");
  const width = (column: 0 | 1): number => rows.reduce((most, row) => Math.max(most, row[column].length), 0);
  const [offsets, lengths] = [width(0), width(1)];
  return rows
    .map(([offset, length, what]) => `${indent}${offset.padStart(offsets)}  ${length.padEnd(lengths)}  ${what}\n`)
    .join("");
}

function rowsOf(
  nodes: readonly Asn1Node[],
  indent: string,
): (readonly [offset: string, length: string, what: string])[] {
  const rows: (readonly [string, string, string])[] = [];
  for (const node of nodes) {
    const { type, value = "", offset, headerLength, length, indefinite, encapsulates } = node;
    const what = encapsulates ? `${type}, encapsulating` : value === "" ? type : `${type} ${escapedText(value)}`;
    rows.push([`${offset}`, `${headerLength}+${indefinite ? "inf" : length}`, `${indent}${what}`]);
    for (const row of rowsOf(node.nodes, `${indent}  `)) rows.push(row);
  }
  return rows;
}
