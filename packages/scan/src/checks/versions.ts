import { Alert, alertName } from "@tlskit/wire";
import type { VersionFact } from "../facts.ts";
import { suiteHellos } from "../negotiation/suite-hellos.ts";
import type { Answer } from "../probe/answer.ts";
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
  for (const hello of suiteHellos(version)) {
    const answer = await scanning.shared(hello);
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
