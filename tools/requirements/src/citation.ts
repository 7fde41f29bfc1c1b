/**
 * How code and tests cite: `RFC 9846 §4.2.4`, or one requirement of that section by its name in the register,
 * `RFC 9846 §4.2.4#second-retry-checked`; several as in `RFC 9846 §5.1#length-checked, §5.2#length-checked`. A citation
 * stands on one line, in a comment or in a test's name.
 */
export interface Citation {
  readonly rfc: number;
  readonly section: string;
  /** The name of a requirement, if one is cited. */
  readonly name: string | undefined;
  /** Where in the text. */
  readonly offset: number;
}

const place = /§([0-9A-Z]+(?:\.[0-9]+)*)(?:#([a-z0-9]+(?:-[a-z0-9]+)*))?/;
const citation = new RegExp(`RFC (\\d+) (${place.source}(?:(?:,| and|, and| to|;) ${place.source})*)`, "g");
const named = /§[\w.]*#[\w-]*/g;

/** All citations in a text, and what looks like one that names a requirement and isn't. */
export function citationsIn(text: string): {
  readonly citations: readonly Citation[];
  readonly stray: readonly string[];
} {
  const citations = [...text.matchAll(citation)].flatMap((found) => {
    const list = found[2] ?? "";
    const start = found.index + found[0].length - list.length;
    return [...list.matchAll(new RegExp(place, "g"))].map(({ index, 1: section = "", 2: name }) => {
      return { rfc: Number(found[1]), section, name, offset: start + index };
    });
  });
  const read = new Map(citations.map((each) => [each.offset, `§${citedAs(each)}`]));
  const stray = [...text.matchAll(named)]
    .filter(({ index, 0: what }) => read.get(index) !== what)
    .map(([what]) => what);
  return { citations, stray };
}

/** `§4.2.4#second-retry-checked`, or the section alone. */
export function citedAs({ section, name }: Pick<Citation, "section" | "name">): string {
  return name === undefined ? section : `${section}#${name}`;
}
