import { alertName } from "@tlskit/wire";
import type { VersionFact } from "../facts.ts";
import type { Answer } from "../probe/answer.ts";
import { cipherSuitesOf, isCommon } from "../registry/cipher-suite.ts";
import type { Check, Scanning } from "../scanning.ts";
import { type Version, versionNames } from "../version.ts";

/** Which versions are spoken, each asked for alone. */
export const versionsCheck: Check<"versions"> = {
  name: "versions",
  about: "versions",
  run: async (scanning) => await Promise.all(versionNames.map((version) => spoken(scanning, version))),
};

async function spoken(scanning: Scanning, version: Version): Promise<VersionFact> {
  let refusal: string | undefined;
  for (const cipherSuites of batches(version)) {
    const answer = await scanning.probe({ versions: [version], cipherSuites });
    scanning.note({ about: `a hello of ${version} alone`, messages: answer.seen });
    if (answer.version === version) return { version, spoken: true };
    refusal ??= refusalOf(answer);
    // Other suites are of interest to a server alone that speaks the version.
    if (answer.end.how !== "alert" || alertName(answer.end.description) !== "handshake_failure") break;
  }
  return { version, spoken: false, refusal };
}

/** Suites that a hello has at most: there are servers that take no more than 128. */
const batchSize = 100;

/** All suites of a version, those that most servers have first, since one hello is to do for these. */
function batches(version: Version): readonly (readonly number[])[] {
  const suites = cipherSuitesOf(version);
  const codes = [...suites.filter(isCommon), ...suites.filter((suite) => !isCommon(suite))].map(({ code }) => code);
  return Array.from({ length: Math.ceil(codes.length / batchSize) }, (_, at) =>
    codes.slice(at * batchSize, (at + 1) * batchSize),
  );
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
