import { callerError } from "./error.ts";

/** Which bytes are which field, with what meaning. The leaves of the tree cover every byte once, in order. */
export interface Explanation {
  /** The field's name, as the RFC has it in TypeScript's casing; an item of a list has its index. */
  readonly name: string;
  /** The type's name in the presentation language. */
  readonly type: string;
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset behind the last byte. */
  readonly end: number;
  /** The meaning in a few words, where there is one: `x25519 (0x001d)`. */
  readonly meaning: string | undefined;
  /** The parts, in order; none for a leaf. */
  readonly parts: readonly Explanation[];
}

/** The fields without parts, in order: together they are all bytes, each once. */
export function leavesOf(explanation: Explanation): readonly Explanation[] {
  return explanation.parts.length === 0 ? [explanation] : explanation.parts.flatMap(leavesOf);
}

interface Open {
  readonly name: string;
  readonly type: string;
  readonly start: number;
  readonly parts: Explanation[];
}

/** Takes notes while a decoder reads: there is no second parser that could disagree with the first. */
export class Explainer {
  readonly #open: Open[] = [];
  #root: Explanation | undefined;

  enter(name: string, type: string, start: number): void {
    this.#open.push({ name, type, start, parts: [] });
  }

  leave(end: number, meaning?: string): void {
    const open = this.#open.pop();
    if (open === undefined) return;
    const explanation: Explanation = { ...open, end, meaning };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = explanation;
    else parent.parts.push(explanation);
  }

  /** Gives what was left last its meaning. */
  annotate(meaning: string): void {
    const siblings = this.#open.at(-1)?.parts;
    const last = siblings?.pop() ?? this.#root;
    if (last === undefined) return;
    const annotated = { ...last, meaning };
    if (siblings === undefined) this.#root = annotated;
    else siblings.push(annotated);
  }

  /** A field without parts. */
  leaf(name: string, type: string, start: number, end: number, meaning?: string): void {
    this.enter(name, type, start);
    this.leave(end, meaning);
  }

  /** The explanation of what was entered first. After a failure, what was not decoded is a part that says why. */
  finish(end: number, failure?: string): Explanation {
    for (let open = this.#open.at(-1); open !== undefined; open = this.#open.at(-1)) {
      const decoded = open.parts.at(-1)?.end ?? end;
      if (decoded < end) this.leaf("undecoded", "opaque", decoded, end, failure);
      this.leave(end, failure);
    }
    if (this.#root === undefined) throw callerError("nothing_entered", "nothing was explained");
    return this.#root;
  }
}
