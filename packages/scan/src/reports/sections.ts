import type { CheckName, Evidence, Facts, Outcome } from "../facts.ts";
import type { ScannedTarget } from "../report.ts";
import { type Block, field } from "./block.ts";
import { certificateBlocks } from "./sections/certificates.ts";
import { clientCertificateBlocks } from "./sections/client-certificates.ts";
import { alpnBlocks, extensionBlocks, toleranceBlocks } from "./sections/extensions.ts";
import { flawBlocks } from "./sections/flaws.ts";
import { httpBlocks } from "./sections/http.ts";
import { diffieHellmanBlocks, groupBlocks, signatureSchemeBlocks } from "./sections/key-exchange.ts";
import { earlyDataBlocks, renegotiationBlocks, resumptionBlocks } from "./sections/sessions.ts";
import { cipherSuiteBlocks, versionBlocks } from "./sections/versions.ts";

/** How a check's facts are told. */
interface Telling<T> {
  readonly title: string;
  readonly blocks: (facts: T, report: ScannedTarget) => readonly Block[];
}

/** Every check, in the order in which a report has them. */
const tellings: { readonly [Name in CheckName]: Telling<Facts[Name]> } = {
  versions: { title: "Versions", blocks: versionBlocks },
  cipherSuites: { title: "Cipher suites", blocks: cipherSuiteBlocks },
  groups: { title: "Groups", blocks: groupBlocks },
  diffieHellman: { title: "Finite-field groups", blocks: diffieHellmanBlocks },
  signatureSchemes: { title: "Signature schemes", blocks: signatureSchemeBlocks },
  certificates: { title: "Certificates", blocks: certificateBlocks },
  clientCertificates: { title: "Client certificates", blocks: clientCertificateBlocks },
  extensions: { title: "Extensions", blocks: extensionBlocks },
  alpn: { title: "ALPN", blocks: alpnBlocks },
  resumption: { title: "Resumption", blocks: resumptionBlocks },
  earlyData: { title: "Early data (0-RTT)", blocks: earlyDataBlocks },
  renegotiation: { title: "Client's renegotiation", blocks: renegotiationBlocks },
  tolerance: { title: "Tolerance", blocks: toleranceBlocks },
  http: { title: "HTTP", blocks: httpBlocks },
  flaws: { title: "Flaws of implementations", blocks: flawBlocks },
};

/** What a report says of a check. */
export type CheckSection =
  | {
      readonly check: CheckName;
      readonly title: string;
      readonly state: "found";
      readonly blocks: readonly Block[];
      readonly evidence: readonly Evidence[];
    }
  | {
      readonly check: CheckName;
      readonly title: string;
      readonly state: "failed" | "skipped";
      /** Why nothing was found out, with what kind of reason that is in front: `not asked: …`. */
      readonly why: string;
    };

export type FoundSection = Extract<CheckSection, { readonly state: "found" }>;
export type UnknownSection = Exclude<CheckSection, FoundSection>;

/** What a report says of each check, in order: what was found out, and what wasn't. */
export function sectionsOf(report: ScannedTarget): {
  readonly found: readonly FoundSection[];
  readonly unknown: readonly UnknownSection[];
} {
  const checks = Object.keys(tellings) as CheckName[]; // the table has no other keys
  const sections = checks.map((check) => sectionOf(check, report));
  return {
    found: sections.filter((section) => section.state === "found"),
    unknown: sections.filter((section) => section.state !== "found"),
  };
}

/** What wasn't found out, and why: the reason that many have in common (`--only` leaves them out) is told once. */
export function unknownBlocks(unknown: readonly UnknownSection[]): readonly Block[] {
  const reasons = [...new Set(unknown.map(({ why }) => why))];
  const groups = reasons.map((why) => unknown.filter((section) => section.why === why));
  const alone = groups.filter(({ length }) => length < severalSections).flat();
  return [
    ...(alone.length === 0
      ? []
      : [{ kind: "fields", fields: alone.flatMap(({ title, why }) => field(title, why)) } as const]),
    ...groups.flatMap((sections): readonly Block[] => {
      const [first] = sections;
      if (first === undefined || sections.length < severalSections) return [];
      return [{ kind: "names", caption: first.why, names: sections.map(({ title }) => title) }];
    }),
  ];
}

/** Checks from which on a reason that they have in common stands for all of them. */
const severalSections = 3;

/** What a check is called in a report. */
export function checkTitle(check: CheckName): string {
  return tellings[check].title;
}

function sectionOf<Name extends CheckName>(check: Name, report: ScannedTarget): CheckSection {
  const { title, blocks }: Telling<Facts[Name]> = tellings[check];
  const outcome: Outcome<Facts[Name]> = report.facts[check];
  switch (outcome.state) {
    case "found":
      return { check, title, state: "found", blocks: blocks(outcome.value, report), evidence: outcome.evidence };
    case "failed":
      return { check, title, state: "failed", why: `failed: ${outcome.reason} (${outcome.code})` };
    case "skipped": {
      const why = outcome.why === "inapplicable" ? "doesn't apply" : outcome.why;
      return { check, title, state: "skipped", why: `${why}: ${outcome.reason}` };
    }
  }
}
