import {
  availableCipherSuites,
  availableNamedGroups,
  namedGroups,
  cipherSuites as negotiable,
} from "@tlskit/ciphersuites";
import { TlsError } from "@tlskit/wire";
import type { Outcome } from "../facts.ts";
import type { HelloOffer } from "../probe/hello.ts";
import { type KnownCipherSuite, knownCipherSuite } from "../registry/cipher-suite.ts";
import { type FoundSoFar, foundOf, type Scanning, Skipped } from "../scanning.ts";
import type { Version } from "../version.ts";

/** Versions that are negotiated as TLS 1.2 is, the newest first. */
export const versionsBefore13: readonly Version[] = ["TLS 1.2", "TLS 1.1", "TLS 1.0", "SSL 3.0"];

/**
 * What came of a check that another one builds on.
 * @throws {TlsError} `not_found_out` if nothing did
 */
export function needed<T>(outcome: Outcome<T> | undefined, what: string): T {
  const value = foundOf(outcome);
  if (value === undefined) throw new TlsError("internal", "not_found_out", `it isn't known ${what}`);
  return value;
}

/** The versions that the server speaks. */
export function spokenVersions(found: FoundSoFar): readonly Version[] {
  const facts = needed(found.versions, "which versions the server speaks");
  return facts.filter(({ spoken }) => spoken).map(({ version }) => version);
}

/** What the server is known to take in a version, or nothing if it isn't known, or takes nothing. */
export function suitesTaken(found: FoundSoFar, version: Version): readonly KnownCipherSuite[] {
  const facts = needed(found.cipherSuites, "which suites the server takes");
  const fact = facts.find((fact) => fact.version === version);
  return (fact?.accepted ?? []).flatMap(({ code }) => knownCipherSuite(code) ?? []);
}

/** The newest version before TLS 1.3 in which the server takes some of these suites, and which. */
export function newestWith(
  found: FoundSoFar,
  wanted: (suite: KnownCipherSuite) => boolean,
): { readonly version: Version; readonly suites: readonly number[] } | undefined {
  for (const version of versionsBefore13) {
    const suites = suitesTaken(found, version).filter(wanted);
    if (suites.length > 0) return { version, suites: suites.map(({ code }) => code) };
  }
  return undefined;
}

/**
 * A hello of TLS 1.3 that the server takes and whose answer can be decrypted: with suites and a share that it and the
 * provider have. Nothing if there are none.
 */
export function offerOf13({ provider }: Pick<Scanning, "provider">, found: FoundSoFar): HelloOffer | undefined {
  const available = new Set(availableCipherSuites(provider, negotiable).map(({ code }) => code));
  const taken = suitesTaken(found, "TLS 1.3").map(({ code }) => code);
  const cipherSuites = taken.filter((code) => available.has(code));
  if (cipherSuites.length === 0) return undefined;
  const groups = foundOf(found.groups)?.find(({ version }) => version === "TLS 1.3")?.accepted;
  if (groups === undefined) return { versions: ["TLS 1.3"], cipherSuites };
  // No others: a server may want a share of one that it prefers.
  const own = groups.map(({ code }) => code).filter((code) => shareable(provider).has(code));
  return own.length === 0
    ? undefined
    : { versions: ["TLS 1.3"], cipherSuites, groups: own, keyShares: own.slice(0, 1) };
}

/** Codes of the groups that the provider has. */
export function shareable(provider: Scanning["provider"]): ReadonlySet<number> {
  return new Set(availableNamedGroups(provider, namedGroups).map(({ code }) => code));
}

/** A hello of some suites of the newest version before TLS 1.3 that the server takes; nothing if it takes nothing before. */
export function offerBefore13(found: FoundSoFar): HelloOffer | undefined {
  const newest = newestWith(found, () => true);
  return newest === undefined ? undefined : { versions: [newest.version], cipherSuites: newest.suites };
}

/**
 * A hello that the server takes, of the newest version that it speaks and the provider can read.
 * @throws {TlsError} `unreadable_handshake` if there is none
 */
export function ordinaryOffer(scanning: Pick<Scanning, "provider">, found: FoundSoFar): HelloOffer | Skipped {
  const offer = offerOf13(scanning, found) ?? offerBefore13(found);
  if (offer !== undefined) return offer;
  if (spokenVersions(found).every((version) => version === "SSL 2.0")) return new Skipped("SSL 2.0 alone is spoken");
  const reason = "its handshakes are by cipher suites or in groups that can't be read here";
  throw new TlsError("internal", "unreadable_handshake", reason);
}
