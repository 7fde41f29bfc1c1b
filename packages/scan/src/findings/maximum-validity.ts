/** For how long a certificate may be valid. */
import type { CertificateFact } from "../facts.ts";
import { day } from "./judged-certificates.ts";

interface ValidityRule {
  /** Of certificates that begin then or later, until the next rule: milliseconds since 1970. */
  readonly since: number;
  readonly days: number;
  readonly source: string;
}

/** What roots that browsers trust may issue, the newest rule first. */
const publicRules: readonly ValidityRule[] = [
  { since: Date.UTC(2029, 2, 15), days: 47, source: "CA/Browser Forum BR §6.3.2 (SC-081v3)" },
  { since: Date.UTC(2027, 2, 15), days: 100, source: "CA/Browser Forum BR §6.3.2 (SC-081v3)" },
  { since: Date.UTC(2026, 2, 15), days: 200, source: "CA/Browser Forum BR §6.3.2 (SC-081v3)" },
  { since: Date.UTC(2020, 8, 1), days: 398, source: "CA/Browser Forum BR §6.3.2" },
  { since: Date.UTC(2018, 2, 1), days: 825, source: "CA/Browser Forum BR §6.3.2" },
  // 39 months
  { since: Date.UTC(2015, 3, 1), days: 1188, source: "CA/Browser Forum BR §6.3.2" },
];

/** What Apple's systems take of authorities that their users added. */
const privateRules: readonly ValidityRule[] = [
  { since: Date.UTC(2019, 6, 1), days: 825, source: "https://support.apple.com/103769" },
];

/** The days for which a certificate is valid, and those for which it may be, if it is for more. */
export function tooLongValidity(
  certificate: Pick<CertificateFact, "notBefore" | "notAfter" | "verdict">,
): { readonly days: number; readonly allowed: number; readonly source: string } | undefined {
  const { notBefore, notAfter, verdict } = certificate;
  const rule = (verdict.publicRoot ? publicRules : privateRules).find(({ since }) => notBefore >= since);
  // BR §6.3.2: both ends belong to it, and a second more than a day is two days
  const days = Math.ceil((notAfter - notBefore + 1000) / day);
  return rule !== undefined && days > rule.days ? { days, allowed: rule.days, source: rule.source } : undefined;
}
