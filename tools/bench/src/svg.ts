/** What may stand in an element: its children, or text. */
export type SvgContent = string | readonly string[];

/** An element of SVG, as text. Text in it, and attributes' values, are escaped. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: SvgContent = [],
): string {
  const written = Object.entries(attributes)
    .map(([attribute, value]) => ` ${attribute}="${escaped(typeof value === "number" ? short(value) : value)}"`)
    .join("");
  if (typeof content === "string") return `<${name}${written}>${escaped(content)}</${name}>`;
  return content.length === 0 ? `<${name}${written}/>` : `<${name}${written}>\n${content.join("\n")}\n</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** A tenth of a pixel is enough. */
function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
