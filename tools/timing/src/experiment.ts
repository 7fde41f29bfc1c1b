/** What is done alike with inputs of several classes, to see whether its time tells them apart. */
export interface Experiment {
  readonly name: string;
  /** The first of them is what the others are compared with. */
  readonly classes: readonly InputClass[];
  /** How often the work is done with an input for one measurement: often, if it is shorter than what a clock can see. */
  readonly repetitions: number;
  /** What is measured. The input lies in the same place whatever its class, so that no class has a better place than others. */
  work(input: Uint8Array): void;
}

/**
 * - `reference`: the first class, which all others are compared with.
 * - `same`: the reference once more. If it is told apart from it, the measurement is no good.
 * - `tested`: to be told apart by nobody.
 * - `control`: known to take another time. If it isn't told apart, the measurement sees nothing.
 */
export type ClassKind = "reference" | "same" | "tested" | "control";

export interface InputClass {
  readonly name: string;
  readonly kind: ClassKind;
  /** They all have one length, and each is used in its turn. */
  readonly inputs: readonly Uint8Array[];
  /** For a control: done in the place of the experiment's work. */
  readonly work?: ((input: Uint8Array) => void) | undefined;
}
