/** Findings about what certifies a server's certificates, and about what else it sends. */
import type { CertificateFact } from "../facts.ts";
import type { FindingRule, KnownFacts } from "../finding.ts";
import {
  authoritiesOf,
  certificateAndChain,
  dayOf,
  describeCertificate,
  forgeableOf,
  isReadable,
  listed,
  sayOfEach,
  sentence,
  sentences,
} from "./judged-certificates.ts";

/** Codes of problems that other findings are about. */
const toldElsewhere: ReadonlySet<string> = new Set(["expired", "weak_key", "name_mismatch", "invalid_identity"]);

/** Codes of problems that say that no path leads to an anchor. */
const leadsNowhere: ReadonlySet<string> = new Set([
  "self_signed_untrusted",
  "unknown_issuer",
  "no_anchors",
  "distrusted_anchor",
  "chain_too_long",
]);

export const certificateChainFindings: readonly FindingRule[] = [
  {
    id: "certificate-self-signed",
    severity: "high",
    title: "A certificate is signed by itself",
    why: "Nobody vouches for it: clients refuse it, and those that don't can't tell it from an attacker's.",
    source: "RFC 5280 §6.1",
    remedy: "Have a certificate issued by an authority that the clients trust.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(facts, (certificate, name) => isUntrustedAlone(certificate) && `${name} names itself as its issuer.`),
  },
  {
    id: "chain-incomplete",
    severity: "high",
    title: "What certifies a certificate is missing",
    why: "Browsers may know it from elsewhere or fetch it; other clients refuse the server, and nobody can tell by what it sends whether its authority is one that is trusted.",
    source: "RFC 9846 §4.5.1; RFC 5246 §7.4.2",
    remedy:
      "Give the server the file with the whole chain: its own certificate first, then what certifies it, without the root.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(facts, (certificate, name) => {
        if (!hasGap(certificate)) return undefined;
        return `${name} was issued by ${listed([certificate.issuer])}, whose certificate isn't there.`;
      }),
  },
  {
    id: "certificate-untrusted",
    severity: "high",
    title: "A certificate leads to no authority that is trusted",
    why: "Clients refuse it unless their users added the authority to those that they trust.",
    source: "RFC 5280 §6.1",
    remedy:
      "Have it issued by an authority that the clients trust; where that is one of one's own, name it to the scan.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(facts, (certificate) => {
        if (isUntrustedAlone(certificate) || hasGap(certificate)) return undefined;
        return reasons(certificate, ({ code }) => leadsNowhere.has(code));
      }),
  },
  {
    id: "certificate-refused",
    severity: "high",
    title: "Clients refuse a certificate",
    why: "It, or what certifies it, breaks a rule that clients hold certificates to, so that it proves nothing to them.",
    source: "RFC 5280 §6.1",
    remedy:
      "Have it issued again by an authority that keeps to the rules, and look at whether the chain is the right one.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts, { now }) => [
      ...unreadable(facts),
      ...sayOfEach(facts, (certificate) =>
        reasons(
          certificate,
          ({ code }) =>
            !toldElsewhere.has(code) &&
            !leadsNowhere.has(code) &&
            !(code === "not_yet_valid" && certificate.notBefore > now) &&
            !(code === "unsupported_algorithm" && forgeableOf(certificate).length > 0),
        ),
      ),
    ],
  },
  {
    id: "authority-expired",
    severity: "high",
    title: "An authority's certificate has expired",
    why: "Nothing else leads from the server's certificate to an authority that is trusted, so that clients refuse it.",
    source: "RFC 5280 §6.1.3",
    remedy: "Give the server the chain that the authority hands out now.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts, { now }) =>
      sayOfEach(facts, (certificate) => !certificate.verdict.trusted && expiredAuthorities(certificate, now)),
  },
  {
    id: "expired-authority-sent",
    severity: "low",
    title: "An expired authority's certificate is sent along",
    why: "There is another path that is good, but some clients try the expired one alone and refuse the server.",
    source: "RFC 4158 §3.5; RFC 9846 §4.5.1",
    remedy: "Take it out of the file with the chain.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts, { now }) =>
      sayOfEach(facts, (certificate) => certificate.verdict.trusted && expiredAuthorities(certificate, now)),
  },
  {
    id: "chain-order-wrong",
    severity: "low",
    title: "The certificates are sent in a wrong order",
    why: "TLS 1.2 wants each to certify the one before it, and old clients insist.",
    source: "RFC 5246 §7.4.2",
    remedy:
      "Put them into the file in this order: the server's own, then what certifies it, and so on, without the root.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) => sayOfEach(facts, (certificate) => oddities(certificate, "wrong_order")),
  },
  {
    id: "chain-unreadable",
    severity: "low",
    title: "A certificate of the chain can't be read",
    why: "Clients that read all that they get refuse the server, those that don't pass it over.",
    source: "RFC 5280 §4.1",
    remedy: "Take it out of the file with the chain.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) => sayOfEach(facts, (certificate) => oddities(certificate, "unreadable")),
  },
  {
    id: "chain-stranger",
    severity: "low",
    title: "A certificate is sent that has nothing to do with the others",
    why: "It makes every handshake longer, and mostly a wrong file is why it is there.",
    source: "RFC 9846 §4.5.1",
    remedy: "Take it out of the file with the chain.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) => sayOfEach(facts, (certificate) => oddities(certificate, "stranger")),
  },
  {
    id: "chain-duplicate",
    severity: "info",
    title: "A certificate is sent twice",
    why: "It makes every handshake longer.",
    source: "RFC 9846 §4.5.1",
    remedy: "Take it out of the file with the chain, or don't name two files that both have it.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) => sayOfEach(facts, (certificate) => oddities(certificate, "duplicate")),
  },
  {
    id: "chain-root-sent",
    severity: "info",
    title: "A root is sent along",
    why: "Whoever trusts it has it, whoever doesn't isn't moved by it, and every handshake is longer for it.",
    source: "RFC 9846 §4.5.1; RFC 5246 §7.4.2",
    remedy: "Take it out of the file with the chain.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) => sayOfEach(facts, (certificate) => oddities(certificate, "root_sent")),
  },
];

/** A self-signed certificate that nobody trusts, with no authority above it. */
function isUntrustedAlone({ selfIssued, verdict }: CertificateFact): boolean {
  return selfIssued && verdict.problems.some(({ code }) => leadsNowhere.has(code));
}

function hasGap({ verdict }: CertificateFact): boolean {
  return verdict.oddities.some(({ code }) => code === "gap");
}

function expiredAuthorities(certificate: CertificateFact, now: number): string | undefined {
  const expired = authoritiesOf(certificate).filter(({ notAfter }) => notAfter < now);
  return sentences(expired.map((one) => `${describeCertificate(one)} expired on ${dayOf(one.notAfter)}.`));
}

function reasons(
  { verdict }: CertificateFact,
  isMeant: (problem: CertificateFact["verdict"]["problems"][number]) => boolean,
): string | undefined {
  return sentences(verdict.problems.filter(isMeant).map(({ reason }) => sentence(reason)));
}

function oddities({ verdict }: CertificateFact, wanted: string): string | undefined {
  return sentences(verdict.oddities.filter(({ code }) => code === wanted).map(({ reason }) => sentence(reason)));
}

function unreadable({ certificates = [] }: KnownFacts): readonly string[] {
  return certificates.filter((one) => !isReadable(one)).flatMap((one) => reasons(one, () => true) ?? []);
}
