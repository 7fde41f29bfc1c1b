/** Mutants that no test can notice, since they change nothing that anybody could see, and why. */
export interface Equivalent {
  readonly file: string;
  /** The line as it stands in the source, without its indentation. */
  readonly line: string;
  /** What of the line is replaced by what, as the report says it: `… → …`. */
  readonly changes: readonly string[];
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: "packages/keyschedule/src/transcript.ts",
    line: "this.#messages = [];",
    changes: ["this.#messages = []; → {}", '[] → ["Stryker was here"]'],
    why: "the messages are in the hash and never looked at again: letting them go only frees memory",
  },
  {
    file: "packages/record/src/nonces.ts",
    line: "nonce[i] = (nonce[i] ?? 0) ^ (rest % 256);",
    changes: ["nonce[i] ?? 0 → nonce[i]", "0 → 1"],
    why: "a number below 2^53 has seven bytes and an IV eight at least, so there is a byte; `??` is for the types",
  },
  {
    file: "packages/record/src/protection.ts",
    line: 'if (type === undefined) throw unexpectedRecord("a record that is nothing but padding");',
    changes: ['throw unexpectedRecord("a record that is nothing but padding"); → {}', "type === undefined → false"],
    why: "no content type is refused by the next check too, with the same code and alert, in other words",
  },
  {
    file: "packages/record/src/record-reader.ts",
    line: "const type = record[0] ?? 0;",
    changes: ["record[0] ?? 0 → record[0]", "0 → 1"],
    why: "a record that was taken has its header; `??` is for the types",
  },
];
