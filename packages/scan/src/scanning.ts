import type { CryptoProvider, Random } from "@tlskit/crypto";
import type { TrustAnchors } from "@tlskit/x509";
import type { CheckName, Evidence, Facts, FoundFacts, Outcome, SkippedWhy } from "./facts.ts";
import type { Answer } from "./probe/answer.ts";
import type { HelloOffer, ReadUntil } from "./probe/hello.ts";
import type { ScanTarget } from "./target.ts";
import type { ByteStream } from "./transport.ts";

/** What checks have: connections to one target, by the rate and the number that are allowed. */
export interface Scanning {
  readonly target: ScanTarget;
  readonly provider: CryptoProvider;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly anchors: TrustAnchors;
  /** The roots that browsers trust, whose rules hold for what they certify: Mozilla's unless told otherwise. */
  readonly publicRoots?: TrustAnchors | undefined;
  /** What tries a server's patience. */
  readonly intrusive: IntrusiveChecks;
  /** Milliseconds in which nothing comes of a whole connection until the server counts as silent: 10 seconds unless told. */
  readonly silence?: number | undefined;
  readonly signal: AbortSignal;
  /** Sends a ClientHello over a new connection and reads the answer. Fails only if there is no connection at all. */
  probe(offer: HelloOffer, until?: ReadUntil): Promise<Answer>;
  /** A new connection on which TLS is to begin, STARTTLS done, for what takes more than a hello. `use` has it to itself. */
  withConnection<T>(use: (stream: ByteStream, signal: AbortSignal) => Promise<T>): Promise<T>;
  /** A new connection on which nothing was said yet, for what is about STARTTLS itself. `use` has it to itself. */
  inTheClear<T>(use: (stream: ByteStream, signal: AbortSignal) => Promise<T>): Promise<T>;
  /**
   * What several checks learn from, such as a whole connection: made for the first that asks, and in this scan the same for
   * all. Who uses it notes the evidence for itself.
   */
  shared<T>(make: Shared<T>): Promise<T>;
  /** Remembers what was seen, for the check that is run. */
  note(evidence: Evidence): void;
}

/** What makes something that checks share. It is told apart from others by being another function. */
export type Shared<T> = (scanning: Scanning) => Promise<T>;

/** Checks that are done only if they are asked for. */
export interface IntrusiveChecks {
  readonly renegotiation: boolean;
  readonly earlyDataReplay: boolean;
  readonly flaws: boolean;
}

/** What came of the checks that were run before. */
export type FoundSoFar = Partial<FoundFacts>;

/** One thing to find out. */
export interface Check<Name extends CheckName> {
  readonly name: Name;
  /** For people who wait: `cipher suites`. */
  readonly about: string;
  /** The checks without which it can say nothing: they are run before it, asked for or not. */
  readonly needs?: readonly CheckName[] | undefined;
  /** The checks that save it hellos: it waits for those of them that are run. Without any, and without needs, for all before it. */
  readonly uses?: readonly CheckName[] | undefined;
  /** @returns the facts, or why there are none */
  run(scanning: Scanning, found: FoundSoFar): Promise<Facts[Name] | Skipped>;
}

/** Why a check isn't done. */
export class Skipped {
  readonly reason: string;
  readonly why: SkippedWhy;
  constructor(reason: string, why: SkippedWhy = "inapplicable") {
    this.reason = reason;
    this.why = why;
  }
}

/** What was found, or `undefined` if that check found nothing. */
export function foundOf<T>(outcome: Outcome<T> | undefined): T | undefined {
  return outcome?.state === "found" ? outcome.value : undefined;
}
