import { CryptoError } from "@tlskit/crypto";
import { TlsError } from "@tlskit/wire";
import { X509Error } from "@tlskit/x509";
import type { CheckName, Evidence, Facts, Outcome } from "./facts.ts";
import { maxEvidenceOctets } from "./limits.ts";
import { type Check, type Scanning, Skipped } from "./scanning.ts";
import { abortable } from "./waiting.ts";

/** What came of the checks until now. */
export type Outcomes = { [Name in CheckName]?: Outcome<Facts[Name]> };

/** What is kept of what was seen, of all checks together. */
export class EvidenceKept {
  #octets = 0;

  /** One exchange, its messages as far as there is room for them. */
  keep({ about, messages }: Evidence): Evidence {
    const kept = messages.filter(({ bytes }) => {
      const fits = this.#octets + bytes.length <= maxEvidenceOctets;
      if (fits) this.#octets += bytes.length;
      return fits;
    });
    const left = messages.length - kept.length;
    return { about: left === 0 ? about : `${about} (${left} messages weren't kept)`, messages: kept };
  }
}

/**
 * Runs a check, and puts what came of it among the outcomes, whatever it failed with.
 * @returns what it came to
 */
export async function runCheck(
  check: Check<CheckName>,
  scanning: Omit<Scanning, "note">,
  kept: EvidenceKept,
  outcomes: Outcomes,
): Promise<Outcome<unknown>["state"]> {
  const evidence: Evidence[] = [];
  const note = (seen: Evidence): void => {
    evidence.push(kept.keep(seen));
  };
  const outcomeOf = async (): Promise<Outcome<unknown>> => {
    try {
      const value = await abortable(check.run({ ...scanning, note }, outcomes), scanning.signal);
      if (value instanceof Skipped) return { state: "skipped", why: value.why, reason: value.reason };
      return { state: "found", value, evidence };
    } catch (error) {
      return { state: "failed", ...failureOf(error) };
    }
  };
  const outcome = await outcomeOf();
  // What a check gives is of its name.
  Object.assign(outcomes, { [check.name]: outcome });
  return outcome.state;
}

/** What a failure is called, and its sentence. */
export function failureOf(error: unknown): { readonly code: string; readonly reason: string } {
  if (error instanceof TlsError || error instanceof X509Error || error instanceof CryptoError) {
    return { code: error.code, reason: error.message };
  }
  return { code: "check_failed", reason: error instanceof Error ? error.message : String(error) };
}
