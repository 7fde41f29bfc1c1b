import { X509Error, x509Error } from "./error.ts";

/**
 * Something of a collection from outside that can't be used. The rest is used all the same: what is left out is never
 * trusted, and whoever wants to know is told.
 */
export interface PassedOver {
  /** Where it is from: `line 12` of a text, `certificate 3` of a message; with the file's name in front if there is one. */
  readonly source: string;
  /** Why it can't be used, as a sentence. */
  readonly reason: string;
}

/** What could be read of a collection, and what couldn't. */
export interface Readable<T> {
  readonly read: readonly T[];
  readonly passedOver: readonly PassedOver[];
  /** The first fault, for whoever can't do with nothing. */
  readonly fault: X509Error | undefined;
}

/** Reads each for itself: one that can't be read takes nothing from the others. */
export function readEach<S, T>(
  sources: readonly S[],
  sourceOf: (source: S, index: number) => string,
  read: (source: S) => T,
): Readable<T> {
  const found: T[] = [];
  const passedOver: PassedOver[] = [];
  let fault: X509Error | undefined;
  for (const [index, source] of sources.entries()) {
    try {
      found.push(read(source));
    } catch (error) {
      if (!(error instanceof X509Error)) throw error;
      fault ??= error;
      passedOver.push({ source: sourceOf(source, index), reason: error.message });
    }
  }
  return { read: found, passedOver, fault };
}

/** Reasons shown by a sentence. */
const maximumReasonsShown = 3;

/** The error of a collection of which nothing is left; `missing` says what there was to be, if there was nothing at all. */
export function nothingLeft({ passedOver, fault }: Omit<Readable<unknown>, "read">, missing: string = ""): X509Error {
  if (fault === undefined) return x509Error("invalid_pem", missing);
  const told = passedOver.slice(0, maximumReasonsShown).map(describePassedOver);
  if (passedOver.length > told.length) told.push(`and ${passedOver.length - told.length} more`);
  return x509Error(fault.code, told.join("; "), fault);
}

/** One that was passed over, as a clause. */
export function describePassedOver({ source, reason }: PassedOver): string {
  // what is wrong with a text says in which line
  return reason.startsWith(`${source} `) ? reason : `${source}: ${reason}`;
}
