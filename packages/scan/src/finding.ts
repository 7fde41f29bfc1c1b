import type { EarlierScan } from "./earlier-scan.ts";
import type { CheckName, Facts, SkippedWhy } from "./facts.ts";
import type { ScanTarget } from "./target.ts";

/**
 * How bad it is. `critical`: whoever listens reads or changes the traffic today. `high`: an attacker with means does.
 * `medium`: it weakens what protects. `low`: it is behind the times or may become one of the others. `info`: worth knowing.
 */
export type Severity = (typeof severities)[number];

/** The worst first. */
export const severities = ["critical", "high", "medium", "low", "info"] as const;

/** What to write into a server's configuration. Lines, as they stand in it. */
export interface Remedies {
  readonly nginx?: string | undefined;
  readonly apache?: string | undefined;
  readonly haproxy?: string | undefined;
  readonly caddy?: string | undefined;
  readonly node?: string | undefined;
}

/** Something that can be wrong with a server, once: a row of the table of findings. */
export interface FindingRule {
  /** Stable: `tls1.0-spoken`. Policies and scripts name it. */
  readonly id: string;
  readonly severity: Severity;
  /** `TLS 1.0 is spoken`. */
  readonly title: string;
  /** Why it matters, in a sentence. */
  readonly why: string;
  /** Where it is from: `RFC 8996`. */
  readonly source?: string | undefined;
  /** What to change, in a sentence, and for whom in which lines. */
  readonly remedy: string;
  readonly remedies: Remedies;
  /** Whose facts it is made of, and the only ones that it gets: if one wasn't found out the finding isn't judged. */
  readonly needs: readonly CheckName[];
  /** Whether it is made of what an earlier scan has found, too, and isn't judged without one. */
  readonly needsEarlier?: boolean | undefined;
  /**
   * What was seen, in a sentence for each time, or nothing if it isn't so. More than one: of several certificates, say.
   * Texts of the peer's are given as they are: reports escape them.
   * @param facts what `needs` names; a check that didn't apply to the server isn't there
   */
  seen(facts: KnownFacts, about: Judged): readonly string[];
  /**
   * Why nobody can say whether it is so, although its checks have facts and nothing was seen; nothing if it isn't so: unless
   * told otherwise.
   */
  unknown?(facts: KnownFacts, about: Judged): Unknown | undefined;
}

/** Why something isn't known that a verdict rests on. */
export interface Unknown {
  /** It was tried in vain, or is done by an option alone, or whoever scans didn't want it. */
  readonly because: "failed" | Exclude<SkippedWhy, "inapplicable">;
  /** `flaws: the server hung up` */
  readonly reason: string;
}

/** Facts without how they were come by. */
export type KnownFacts = { readonly [Name in CheckName]?: Facts[Name] | undefined };

/** What findings are judged by besides. */
export interface Judged {
  readonly target: ScanTarget;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What an earlier scan of the same target has found, if there is one to compare with. */
  readonly earlier?: EarlierScan | undefined;
}

/** A finding about one target. */
export interface Finding {
  readonly rule: FindingRule;
  readonly seen: readonly string[];
}
