import type { FlawsFact } from "../facts.ts";
import { type FoundSoFar, foundOf, type Scanning } from "../scanning.ts";
import { type Version, versions } from "../version.ts";

/** What came of looking for a flaw. */
export type FlawVerdict = Omit<FlawsFact["flaws"][number], "id">;

/** A fault of implementations that is known by name. */
export interface Flaw {
  readonly id: string;
  look(scanning: Scanning, version: LegacyVersion): Promise<FlawVerdict>;
}

/** The versions that these flaws are in. */
export type LegacyVersion = Exclude<Version, "TLS 1.3" | "SSL 2.0">;

/** The newest version of those that is spoken. */
export function newestLegacyVersion(found: FoundSoFar): LegacyVersion | undefined {
  const spoken = (foundOf(found.versions) ?? []).filter((fact) => fact.spoken).map(({ version }) => version);
  return spoken.filter(isLegacy).sort((a, b) => versions[b] - versions[a])[0];
}

function isLegacy(version: Version): version is LegacyVersion {
  return version !== "TLS 1.3" && version !== "SSL 2.0";
}

export function vulnerable(how: string): FlawVerdict {
  return { state: "vulnerable", how };
}

export function notVulnerable(how: string): FlawVerdict {
  return { state: "not vulnerable", how };
}

export function unclear(how: string): FlawVerdict {
  return { state: "unclear", how };
}
