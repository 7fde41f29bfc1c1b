import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { X509Error } from "../../src/index.ts";

const conformance = readFileSync(new URL("../../../../docs/conformance.md", import.meta.url), "utf8");

/** The bytes of base64. */
export const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));

/** What could be read; nothing if it was refused. Anything thrown must be an X509Error. */
export function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}

/** Whether something could be read. */
export function reads(read: () => unknown): boolean {
  return unlessRefused(() => ({ value: read() })) !== undefined;
}

/** Verdicts that are deliberately the opposite of the vectors', by name, with the reason. `docs/conformance.md` has them too. */
export class Differences {
  readonly #reasons: Readonly<Record<string, string>>;

  constructor(reasons: Readonly<Record<string, string>>) {
    this.#reasons = reasons;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#reasons, name);
  }

  /** Our verdict is the expected one or, where it deliberately differs, the other. */
  expect(name: string, ours: boolean, theirs: boolean): void {
    const expected = this.has(name) ? !theirs : theirs;
    expect(ours, `${name}${this.has(name) ? `, differing: ${this.#reasons[name]}` : ""}`).toBe(expected);
  }

  /** Each difference is that of a vector that is there, and is told in the documentation. */
  expectNoneStale(names: Iterable<string>): void {
    const known = new Set(names);
    const listed = Object.keys(this.#reasons);
    expect(listed.filter((name) => !known.has(name))).toEqual([]);
    expect(listed.filter((name) => !conformance.includes(`\`${name}\``))).toEqual([]);
  }
}
