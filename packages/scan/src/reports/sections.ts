import type { CheckName, Facts, FoundFacts } from "../facts.ts";
import type { ScannedTarget } from "../report.ts";
import { type Block, type Section, sentence } from "./section.ts";
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
  diffieHellman: { title: "Finite-field Diffie-Hellman", blocks: diffieHellmanBlocks },
  signatureSchemes: { title: "Signature schemes", blocks: signatureSchemeBlocks },
  certificates: { title: "Certificates", blocks: certificateBlocks },
  clientCertificates: { title: "Client certificates", blocks: clientCertificateBlocks },
  extensions: { title: "Extensions", blocks: extensionBlocks },
  alpn: { title: "Application protocols (ALPN)", blocks: alpnBlocks },
  resumption: { title: "Resumption", blocks: resumptionBlocks },
  earlyData: { title: "Early data (0-RTT)", blocks: earlyDataBlocks },
  renegotiation: { title: "Renegotiation by the client", blocks: renegotiationBlocks },
  tolerance: { title: "Tolerance", blocks: toleranceBlocks },
  http: { title: "HTTP", blocks: httpBlocks },
  flaws: { title: "Flaws of implementations", blocks: flawBlocks },
};

export interface CheckSection extends Section {
  readonly check: CheckName;
  readonly state: "found" | "failed" | "skipped";
}

/** What a report says of each check, in order. */
export function sectionsOf(report: ScannedTarget): readonly CheckSection[] {
  return checkNames.map((check) => sectionOf(check, report));
}

/** Every check's name, in the order in which a report has them. */
export const checkNames: readonly CheckName[] = Object.keys(tellings) as CheckName[]; // the table has no other keys

/** What a check is called in a report. */
export function checkTitle(check: CheckName): string {
  return tellings[check].title;
}

function sectionOf<Name extends CheckName>(check: Name, report: ScannedTarget): CheckSection {
  const { title, blocks }: Telling<Facts[Name]> = tellings[check];
  const outcome: FoundFacts[Name] = report.facts[check];
  switch (outcome.state) {
    case "found":
      return { check, state: "found", title, blocks: blocks(outcome.value, report) };
    case "failed":
      return {
        check,
        state: "failed",
        title,
        blocks: [sentence(`couldn't be found out: ${outcome.reason} (${outcome.code})`)],
      };
    case "skipped": {
      const why = outcome.why === "inapplicable" ? "doesn't apply" : "not asked";
      return { check, state: "skipped", title, blocks: [sentence(`${why}: ${outcome.reason}`)] };
    }
  }
}
