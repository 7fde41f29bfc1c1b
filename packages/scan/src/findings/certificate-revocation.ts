/** Findings about whether a server's certificates were revoked, and how that is told. */
import type { CertificateFact } from "../facts.ts";
import type { FindingRule } from "../finding.ts";
import { certificateAndChain, day, dayOf, sayOfEach, stapling } from "./judged-certificates.ts";

/** CA/Browser Forum BR §1.6.1: days of a certificate that is short-lived, which nobody needs to revoke, by when it begins. */
function shortLivedDays(notBefore: number): number {
  return notBefore >= Date.UTC(2026, 2, 15) ? 7 : 10;
}

export const certificateRevocationFindings: readonly FindingRule[] = [
  {
    id: "certificate-revoked",
    severity: "critical",
    title: "A certificate was revoked",
    why: "Its authority says that it isn't to be trusted any more, often because somebody else may have the key.",
    source: "RFC 6960 §2.2; RFC 5280 §5.3.1",
    remedy: "Make a new key, and have a certificate issued for it.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(facts, ({ staple }, name) => {
        if (staple.state !== "revoked") return undefined;
        const why = staple.reason === undefined ? "" : ` (${staple.reason})`;
        return `${name} was revoked on ${dayOf(staple.at)}${why}, as the OCSP response says that came along.`;
      }),
  },
  {
    id: "staple-promised",
    severity: "medium",
    title: "A certificate promises an OCSP response, and none comes along",
    why: "Clients that hold it to its promise refuse the server (must staple).",
    source: "RFC 7633 §4.2.3.1",
    remedy: "Let the server staple responses, or have a certificate issued without the promise.",
    remedies: stapling,
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(
        facts,
        ({ mustStaple, staple }, name) =>
          mustStaple && staple.state === "none" && `${name} says that an OCSP response comes along, and none came.`,
      ),
  },
  {
    id: "staple-stale",
    severity: "medium",
    title: "An OCSP response that comes along is out of date",
    why: "Clients refuse the server for it, who would have taken no response at all.",
    source: "RFC 6066 §8; RFC 6960 §3.2",
    remedy:
      "See why the server doesn't get a new one in time: mostly it can't reach the responder, or its clock is wrong.",
    remedies: stapling,
    needs: ["certificates"],
    seen: (facts) => sayOfEach(facts, (certificate, name) => badStaple(certificate, name, isOutOfDate)),
  },
  {
    id: "staple-bad",
    severity: "medium",
    title: "An OCSP response that comes along doesn't count",
    why: "Clients refuse the server for it, who would have taken no response at all.",
    source: "RFC 6066 §8; RFC 6960 §3.2",
    remedy: "See where the server gets it from, and that the chain is the one of its certificate.",
    remedies: stapling,
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(facts, (certificate, name) =>
        badStaple(certificate, name, (code) => !isOutOfDate(code) && code !== "no_issuer"),
      ),
  },
  {
    id: "certificate-without-revocation",
    severity: "low",
    title: "Nobody tells whether a certificate was revoked",
    why: "Should its key be stolen, whoever has it can be the server until the certificate expires.",
    source: "RFC 5280 §4.2.1.13, §4.2.2.1; CA/Browser Forum BR §4.9.7",
    remedy: "Have the authority name a CRL or a responder, or issue for seven days or fewer and say so (RFC 9608).",
    remedies: {},
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(facts, (certificate, name) => {
        const { notBefore, notAfter, ocspUrls, crlUrls, noRevocation, selfIssued } = certificate;
        const isShortLived = notAfter - notBefore <= shortLivedDays(notBefore) * day;
        const isSilent = ocspUrls.length === 0 && crlUrls.length === 0;
        return (
          isSilent && !isShortLived && !noRevocation && !selfIssued && `${name} names neither a CRL nor a responder.`
        );
      }),
  },
  {
    id: "staple-missing",
    severity: "info",
    title: "No OCSP response comes along",
    why: "The certificate names a responder, so that a client that wants to know has to ask it, which takes time and tells the responder where the client goes.",
    source: "RFC 9325 §7.5; RFC 6066 §8",
    remedy: "Let the server staple responses.",
    remedies: stapling,
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(
        facts,
        ({ ocspUrls, mustStaple, staple }, name) =>
          ocspUrls.length > 0 && !mustStaple && staple.state === "none" && `Nothing came along with ${lowered(name)}.`,
      ),
  },
];

function isOutOfDate(code: string): boolean {
  return code === "stale" || code === "not_yet_valid";
}

function badStaple({ staple }: CertificateFact, name: string, isMeant: (code: string) => boolean): string | undefined {
  if (staple.state !== "bad" || !isMeant(staple.problem.code)) return undefined;
  return `With ${lowered(name)}: ${staple.problem.reason}.`;
}

function lowered(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
