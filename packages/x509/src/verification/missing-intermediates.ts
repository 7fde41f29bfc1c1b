import type { Steps } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import type { IssuerPool } from "./issuer-pool.ts";
import type { Refusal } from "./refusal.ts";

/** Where certificates are to be had that a verification lacks. */
export interface IntermediateSource {
  /** Begins one verification, and with it what that one may spend. */
  begin(): IntermediateSession;
}

/** One verification's questions. */
export interface IntermediateSession {
  /**
   * Certificates that may have issued this one, with anything else among them. Asked at most once for a certificate, and
   * only when those at hand lead nowhere. What it gives counts for no more than what a peer sends.
   */
  issuersOf(certificate: Certificate): Steps<FoundIssuers>;
}

/** What a source has found. */
export interface FoundIssuers {
  readonly certificates: readonly Certificate[];
  /** Why it isn't more, a clause each: for who reads that the issuer is not known. */
  readonly tried: readonly string[];
}

/** A certificate that a search came to. */
export interface Reached {
  readonly certificate: Certificate;
  /** How many certificates lie below it. */
  readonly depth: number;
  /** Whether nothing at hand has its issuer's name. */
  readonly isEnd: boolean;
}

/** Asks a source for what a search lacked. */
export class MissingIntermediates {
  readonly #session: IntermediateSession;
  readonly #pool: IssuerPool;
  /** What was tried for whom. */
  readonly #asked = new Map<Certificate, readonly string[]>();

  constructor(source: IntermediateSource, pool: IssuerPool) {
    this.#session = source.begin();
    this.#pool = pool;
  }

  /**
   * Asks about one certificate after the other until there is something new in the pool: first about the ends of the
   * longest paths, where something is missing, then about those whose issuers at hand didn't do.
   * @returns whether there is
   */
  *add(reached: readonly Reached[]): Steps<boolean> {
    const likeliestFirst = reached.toSorted((a, b) => Number(b.isEnd) - Number(a.isEnd) || b.depth - a.depth);
    for (const { certificate } of likeliestFirst) {
      // a root, or what replaces its key: nothing is published above it
      if (certificate.selfIssued || this.#asked.has(certificate)) continue;
      const { certificates, tried } = yield* this.#session.issuersOf(certificate);
      this.#asked.set(certificate, tried);
      if (this.#pool.add(certificates)) return true;
    }
    return false;
  }

  /** The same refusal, with what was tried in vain. */
  explain(refusal: Refusal): Refusal {
    const { code, certificate, message } = refusal;
    const tried = code === "unknown_issuer" && certificate !== undefined ? this.#asked.get(certificate) : undefined;
    return tried === undefined || tried.length === 0
      ? refusal
      : { ...refusal, message: [message, ...tried].join("; ") };
  }
}
