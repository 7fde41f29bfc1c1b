import { shownText } from "../shown.ts";

/** HTML, as against text that has to be escaped first: {@link html} makes it. */
export class Markup {
  readonly text: string;

  /** @param text in which nothing has to be escaped any more */
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in HTML: texts are escaped, whoever wrote them. */
export type Content = Markup | string | number | undefined | readonly Content[];

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** HTML with contents between its parts, as text or as the value of an attribute in quotes. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.map((part, index) => part + markupOf(contents[index])).join(""));
}

function markupOf(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Markup) return content.text;
  if (typeof content === "object") return content.map(markupOf).join("");
  return shownText(`${content}`).replaceAll(/[&<>"']/g, (character) => references[character] ?? character);
}
