import { x509Error } from "../error.ts";
import { maximumDerivationIterations } from "../limits.ts";

/**
 * How much work a file may still ask for: whoever wrote it chooses the iterations, and one file has several derivations.
 */
export class IterationBudget {
  readonly #limit: number;
  #left: number;

  constructor(limit: number = maximumDerivationIterations) {
    this.#limit = limit;
    this.#left = limit;
  }

  /** @throws {X509Error} `too_large` */
  spend(iterations: number): void {
    if (iterations > this.#left) {
      throw x509Error("too_large", `a file may ask for ${this.#limit} iterations of key derivation, and asks for more`);
    }
    this.#left -= iterations;
  }
}
