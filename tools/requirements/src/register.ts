/** What a register is made of: the requirements of an RFC, in its order, in our own few words. */

/** What is to come, by the words that the page uses for it. */
export const features = {
  ocsp: "OCSP stapling",
  tls12: "TLS 1.2 and earlier",
} as const;

/** Why a requirement has no code, or no test. */
export type Reason =
  /** The feature isn't there yet. */
  | { readonly kind: "later"; readonly feature: keyof typeof features }
  /** Nothing here does what is forbidden, so there is no line that holds it. A test may prove it all the same. */
  | { readonly kind: "absent"; readonly why: string }
  /** It is left undone on purpose. */
  | { readonly kind: "byChoice"; readonly why: string }
  /** There is code, and no test could tell. */
  | { readonly kind: "untestable"; readonly why: string }
  /** It belongs to something optional that is not offered, and isn't meant to be. */
  | { readonly kind: "notOffered"; readonly why: string }
  /** TLS can't do it: it is up to who uses it. */
  | { readonly kind: "application"; readonly why: string };

/** Something that an RFC demands. `4.2.4#second-retry-checked` is its section and its name there. */
export interface Requirement {
  readonly kind: "requirement";
  readonly name: string;
  readonly binds: "client" | "server" | "both";
  /** Which of the section's sentences with a key word it is made of, counted from 1. */
  readonly sentences: readonly number[];
  /** Begins with a verb, or with "should" if it is advice; whom it binds is the subject. */
  readonly says: string;
  readonly reason: Reason | undefined;
}

/** A sentence that says again what others say. */
export interface Repeated {
  readonly kind: "repeated";
  readonly sentences: readonly number[];
  readonly of: readonly string[];
}

/** Sentences that bind neither a client nor a server. */
export interface Others {
  readonly kind: "others";
  readonly sentences: readonly number[];
  /** Whom or what they bind. */
  readonly binds: string;
}

/** A section that has sentences with a key word. */
export interface Section {
  readonly number: string;
  readonly title: string;
  /** How many sentences have a key word. */
  readonly sentences: number;
  readonly entries: readonly (Requirement | Repeated | Others)[];
}

/** An RFC's requirements. */
export interface Register {
  readonly rfc: number;
  readonly title: string;
  /** What of the RFC was gone through: "sections 3 to 9". */
  readonly extent: string;
  /** Which words were counted: `keyWords`, `withAdvice`. */
  readonly counted: string;
  /** How often they stand there. */
  readonly keyWords: number;
  readonly sections: readonly Section[];
  /** The numbers of all of the RFC's sections: what may be cited. */
  readonly contents: readonly string[];
}

/** What `Register.counted` may be. */
export const demands = "key words (MUST, MUST NOT, SHALL, REQUIRED)";
export const withAdvice =
  "key words (MUST, MUST NOT, SHALL, REQUIRED; for advice SHOULD, SHOULD NOT, RECOMMENDED, NOT RECOMMENDED)";

export function section(number: string, title: string, sentences: number, entries: Section["entries"]): Section {
  return { number, title, sentences, entries };
}

type Binding = (name: string, sentences: readonly number[], says: string, reason?: Reason) => Requirement;

const binding =
  (binds: Requirement["binds"]): Binding =>
  (name, sentences, says, reason) => ({ kind: "requirement", name, binds, sentences, says, reason });

export const client: Binding = binding("client");
export const server: Binding = binding("server");
export const both: Binding = binding("both");

export function repeated(sentence: number, ...of: readonly string[]): Repeated {
  return { kind: "repeated", sentences: [sentence], of };
}

export function others(sentences: readonly number[], binds: string): Others {
  return { kind: "others", sentences, binds };
}

export const later = (feature: keyof typeof features): Reason => ({ kind: "later", feature });
export const absent = (why: string): Reason => ({ kind: "absent", why });
export const byChoice = (why: string): Reason => ({ kind: "byChoice", why });
export const untestable = (why: string): Reason => ({ kind: "untestable", why });
export const notOffered = (why: string): Reason => ({ kind: "notOffered", why });
export const application = (why: string): Reason => ({ kind: "application", why });
