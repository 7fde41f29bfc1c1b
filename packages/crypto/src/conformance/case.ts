/** One thing that a provider is held to. */
export interface ConformanceCase {
  readonly name: string;
  /** Throws a {@link ConformanceFailure} if the provider doesn't do it. */
  run(): void | Promise<void>;
}

/** What a provider does wrong. */
export class ConformanceFailure extends Error {
  override readonly name = "ConformanceFailure";
}

/** @throws {ConformanceFailure} with the sentence, unless the condition holds */
export function check(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new ConformanceFailure(sentence);
}

/** @throws {ConformanceFailure} unless both are the same bytes */
export function checkSame(actual: Uint8Array, expected: Uint8Array, what: string): void {
  check(hex(actual) === hex(expected), `${what}: expected ${hex(expected)}, got ${hex(actual)}`);
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function unhex(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}
