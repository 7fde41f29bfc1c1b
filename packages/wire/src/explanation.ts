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

/** What the values of enumerations are called, by the enumerations' names. */
export type ValueNames = Readonly<Record<string, (value: number) => string | undefined>>;

interface Open {
  readonly name: string;
  readonly type: string;
  readonly start: number;
  readonly parts: Explanation[];
  /** Known before everything has been read. */
  meaning: string | undefined;
}

/**
 * Is told what a decoder reads while it reads: there is no second parser that could disagree with the first. A meaning
 * is worked out by whoever wants it.
 */
export interface Notes {
  /** A field begins. */
  enter(name: string, type: string, start: number): void;
  /** What was entered last ends. */
  leave(end: number, meaning?: () => string | undefined): void;
  /** Gives what was left last its meaning. */
  annotate(meaning: () => string): void;
  /** Gives what was entered last, and isn't left yet, its meaning. */
  identify(meaning: string): void;
  /** What a value of an enumeration is called, for whoever knows: names are bundled with what shows them. */
  nameOf(type: string, value: number): string | undefined;
}

/** Notes for an {@link Explanation}. */
export class Explainer implements Notes {
  readonly #names: ValueNames;
  readonly #open: Open[] = [];
  #root: Explanation | undefined;

  constructor(names: ValueNames = {}) {
    this.#names = names;
  }

  enter(name: string, type: string, start: number): void {
    this.#open.push({ name, type, start, parts: [], meaning: undefined });
  }

  leave(end: number, meaning?: () => string | undefined): void {
    const open = this.#open.pop();
    if (open === undefined) return;
    const explanation: Explanation = { ...open, end, meaning: meaning?.() ?? open.meaning };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = explanation;
    else parent.parts.push(explanation);
  }

  annotate(meaning: () => string): void {
    const siblings = this.#open.at(-1)?.parts;
    const last = siblings?.pop() ?? this.#root;
    if (last === undefined) return;
    const annotated = { ...last, meaning: meaning() };
    if (siblings === undefined) this.#root = annotated;
    else siblings.push(annotated);
  }

  identify(meaning: string): void {
    const open = this.#open.at(-1);
    if (open !== undefined) open.meaning = meaning;
  }

  nameOf(type: string, value: number): string | undefined {
    return this.#names[type]?.(value);
  }

  /** The explanation of what was entered first. After a failure, what was not decoded is a part that says why. */
  finish(end: number, failure?: string): Explanation {
    for (let open = this.#open.at(-1); open !== undefined; open = this.#open.at(-1)) {
      const decoded = open.parts.at(-1)?.end ?? end;
      if (decoded < end) {
        this.enter("undecoded", "opaque", decoded);
        this.leave(end, () => failure);
      }
      const { meaning } = open;
      this.leave(end, () => (meaning === undefined || failure === undefined ? failure : `${meaning}: ${failure}`));
    }
    if (this.#root === undefined) throw callerError("nothing_entered", "nothing was explained");
    return this.#root;
  }
}

/** Notes of nothing but where the decoder is. */
export class Whereabouts implements Notes {
  readonly #open: { readonly name: string; readonly type: string; meaning: string | undefined }[] = [];

  enter(name: string, type: string): void {
    this.#open.push({ name, type, meaning: undefined });
  }

  leave(): void {
    this.#open.pop();
  }

  annotate(): void {}

  identify(meaning: string): void {
    const open = this.#open.at(-1);
    if (open !== undefined) open.meaning = meaning;
  }

  nameOf(): undefined {}

  /** From the outermost structure on: `ClientHello.extensions[3] key_share.extensionData[0]`. Empty outside of all. */
  get path(): string {
    let path = "";
    for (const [depth, { name, type, meaning }] of this.#open.entries()) {
      if (depth > 0 && name === type) continue; // what a length encloses: it has no name of its own
      if (/^\d+$/.test(name)) path += `[${name}]`;
      else path += depth === 0 ? name : `.${name}`;
      if (meaning !== undefined) path += ` ${meaning}`;
    }
    return path;
  }
}
