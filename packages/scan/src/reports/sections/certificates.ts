import { toHex } from "@tlskit/wire";
import { durationText, timeText } from "@tlskit/x509/text";
import type {
  CertificateFact,
  CertificateSummary,
  ChainProblem,
  ChainVerdict,
  StapleFact,
  TimestampsFact,
} from "../../facts.ts";
import type { ScannedTarget } from "../../report.ts";
import { alike } from "../alike.ts";
import { type Block, counted, type Field, field } from "../block.ts";

const helloes: Readonly<Record<CertificateFact["shownTo"], string>> = {
  name: "for the target's name",
  "no name": "without a name",
  "another name": "for a name that nobody has",
};

/** What is shown to several in the same way is told once. */
export function certificateBlocks(facts: readonly CertificateFact[], { begun }: ScannedTarget): readonly Block[] {
  return alike(facts, withoutHello).map((same) => {
    const [first] = same;
    const shown = same.map(({ shownTo }) => helloes[shownTo]).join(", ");
    return { kind: "fields", caption: `${keyText(first)}, shown ${shown}`, fields: fieldsOf(first, begun) };
  });
}

function withoutHello({ shownTo: _, chain, ...fact }: CertificateFact): string {
  return JSON.stringify([chain.map(toHex), { ...fact, verdict: { ...fact.verdict, path: undefined } }]);
}

function keyText({ keyType, keyBits, curve }: CertificateSummary): string {
  return `${keyType} ${curve ?? `${keyBits} bits`}`;
}

function fieldsOf(fact: CertificateFact, now: number): readonly Field[] {
  return [
    ...field("Subject", fact.subject || "(none)"),
    ...field("Issuer", fact.issuer),
    ...field("Names", [...fact.dnsNames, ...fact.ipAddresses].join(", ") || "none"),
    ...field("Valid from", dateText(fact.notBefore)),
    ...field("Valid until", `${dateText(fact.notAfter)} (${remaining(fact, now)})`),
    ...field("Signed with", fact.signatureAlgorithm),
    ...field("Validated", fact.validation && validations[fact.validation]),
    ...field("Serial number", fact.serialNumber),
    ...field("SHA-256", fact.sha256),
    ...field("Trusted", trustText(fact.verdict)),
    ...field("For the target's name", fact.verdict.nameMatches ? "yes" : "no"),
    ...field("Problems", ...fact.verdict.problems.map(problemText)),
    ...field("Chain sent", counted(fact.chain.length, "certificate"), ...fact.others.map(otherText)),
    ...field("Odd about the chain", ...fact.verdict.oddities.map(problemText)),
    ...field("OCSP", ...fact.ocspUrls),
    ...field("CRL", ...fact.crlUrls),
    ...field("Revocation", fact.noRevocation ? "nobody tells, the certificate says" : undefined),
    ...field("OCSP staple", `${stapleText(fact.staple)}${fact.mustStaple ? "; the certificate demands one" : ""}`),
    ...field("Timestamps (SCT)", timestampsText(fact.timestamps)),
  ];
}

const validations: Readonly<Record<NonNullable<CertificateFact["validation"]>, string>> = {
  domain: "the domain alone (DV)",
  organization: "the organization (OV)",
  individual: "the person (IV)",
  extended: "extendedly (EV)",
};

function otherText(other: CertificateSummary): string {
  const issuer = other.selfIssued ? "by itself" : `by ${other.issuer}`;
  return `${other.subject || "(no subject)"}, ${issuer}, ${keyText(other)}, until ${dateText(other.notAfter)}`;
}

/** A time that JavaScript's dates may not have. */
function dateText(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? "no date" : timeText(date);
}

function remaining({ notBefore, notAfter }: CertificateFact, now: number): string {
  if (now > notAfter) return `expired ${durationText(now - notAfter)} ago`;
  if (now < notBefore) return `valid in ${durationText(notBefore - now)}`;
  return `${durationText(notAfter - now)} left`;
}

function trustText({ trusted, publicRoot, anchor }: ChainVerdict): string {
  if (!trusted) return "no";
  const by = anchor === undefined ? "" : `, by ${anchor}`;
  return `yes${by}${publicRoot ? ", which browsers trust" : ""}`;
}

function problemText({ reason }: ChainProblem): string {
  return reason;
}

function stapleText(staple: StapleFact): string {
  switch (staple.state) {
    case "none":
      return "none";
    case "good": {
      const until = staple.nextUpdate === undefined ? "" : `, until ${dateText(staple.nextUpdate)}`;
      return `good, of ${dateText(staple.thisUpdate)}${until}`;
    }
    case "revoked":
      return `revoked at ${dateText(staple.at)}${staple.reason === undefined ? "" : `: ${staple.reason}`}`;
    case "bad":
      return `bad: ${staple.problem.reason}`;
  }
}

function timestampsText({ inCertificate, inHandshake, inStaple }: TimestampsFact): string {
  const places = [
    inCertificate > 0 ? `${inCertificate} in the certificate` : "",
    inHandshake > 0 ? `${inHandshake} in the handshake` : "",
    inStaple > 0 ? `${inStaple} in the staple` : "",
  ];
  return places.filter((place) => place !== "").join(", ") || "none";
}
