import { Alert, alertName } from "@tlskit/wire";
import type { VersionFact } from "../facts.ts";
import type { Answer } from "../probe/answer.ts";
import type { HelloOffer } from "../probe/hello.ts";
import { cipherSuitesOf, isCommon } from "../registry/cipher-suite.ts";
import type { Check, Scanning } from "../scanning.ts";
import { type Version, versionNames } from "../version.ts";
import { withoutShares } from "./cipher-suites.ts";

/** Which versions are spoken, each asked for alone. */
export const versionsCheck: Check<"versions"> = {
  name: "versions",
  about: "versions",
  run: async (scanning) => await Promise.all(versionNames.map((version) => spoken(scanning, version))),
};

async function spoken(scanning: Scanning, version: Version): Promise<VersionFact> {
  let refusal: string | undefined;
  for (const offer of offers(version)) {
    const answer = await scanning.probe(offer);
    scanning.note({ about: `a hello of ${version} alone`, messages: answer.seen });
    if (answer.version === version) return { version, spoken: true };
    refusal ??= refusalOf(answer);
    if (!mayTakeAnother(answer)) break;
  }
  return { version, spoken: false, refusal };
}

/** Alerts that are no answer to what else was offered: another hello of the version would have the same. */
const finalAlerts: readonly number[] = [Alert.protocolVersion, Alert.unrecognizedName];

/** Whether a server may speak the version, and have had nothing in common with the hello but that. */
function mayTakeAnother({ end, version }: Answer): boolean {
  return version === undefined && end.how === "alert" && !finalAlerts.includes(end.description);
}

/** Suites that a hello has at most: there are servers that take no more than 128. */
const batchSize = 100;

/**
 * Hellos with all that a version may have, one after the other, what most servers have in the first, which is to do for these.
 * RFC 9846 §4.3.8: of groups that no share can be made in TLS 1.3 tells by a HelloRetryRequest.
 */
function offers(version: Version): readonly HelloOffer[] {
  const suites = cipherSuitesOf(version);
  const codes = [...suites.filter(isCommon), ...suites.filter((suite) => !isCommon(suite))].map(({ code }) => code);
  const batches = Array.from({ length: Math.ceil(codes.length / batchSize) }, (_, at) => ({
    versions: [version],
    cipherSuites: codes.slice(at * batchSize, (at + 1) * batchSize),
  }));
  return version === "TLS 1.3"
    ? [...batches, { versions: [version], cipherSuites: codes, ...withoutShares(version) }]
    : batches;
}

/** How a version was refused, in a few words. */
export function refusalOf({ end, version }: Answer): string {
  if (version !== undefined) return `another version (${version})`;
  switch (end.how) {
    case "alert":
      return `alert ${alertName(end.description)}`;
    case "closed":
      return "closed";
    case "silent":
      return "silence";
    case "unreadable":
      return end.reason;
    case "complete":
      return "a version that there isn't";
  }
}
