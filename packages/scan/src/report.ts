import type { FoundFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import type { ScanTarget } from "./target.ts";

/** What is known of one target. */
export type TargetReport = ScannedTarget | UnreachedTarget;

export interface ScannedTarget {
  readonly state: "scanned";
  readonly target: ScanTarget;
  /** The address that was connected to, where names are resolved by the scan. */
  readonly address?: string | undefined;
  /** Milliseconds since 1970. */
  readonly begun: number;
  readonly ended: number;
  readonly connections: number;
  readonly pace: Pace;
  readonly facts: FoundFacts;
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** Ids of findings that couldn't be judged, because what they are made of wasn't found out. */
  readonly notJudged: readonly string[];
  /** What the policy says, if one was asked for. */
  readonly policy?: PolicyVerdict | undefined;
}

/** What the server made of being asked. */
export interface Pace {
  /** Whether it takes one connection after the other: then there never was another one beside. */
  readonly oneAtATime: boolean;
  /** How often it didn't answer any more, and went on when it had been let rest. */
  readonly rests: number;
}

export interface UnreachedTarget {
  readonly state: "unreached";
  readonly target: ScanTarget;
  readonly code: string;
  readonly reason: string;
}

export interface PolicyVerdict {
  /** `modern`, or what the file calls itself. */
  readonly policy: string;
  readonly met: boolean;
  readonly violations: readonly PolicyViolation[];
}

export interface PolicyViolation {
  /** Which rule of the policy: `cipherSuites.allowed`. */
  readonly rule: string;
  readonly wanted: string;
  readonly seen: string;
}
