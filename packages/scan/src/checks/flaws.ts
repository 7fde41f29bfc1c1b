import type { FlawsFact } from "../facts.ts";
import { ccsInjection } from "../flaws/ccs-injection.ts";
import { type Flaw, newestLegacyVersion } from "../flaws/flaw.ts";
import { heartbleed } from "../flaws/heartbleed.ts";
import { robot } from "../flaws/robot.ts";
import { startTlsInjection, startTlsInjectionId } from "../flaws/starttls-injection.ts";
import { ticketbleed } from "../flaws/ticketbleed.ts";
import { type Check, Skipped } from "../scanning.ts";

const all: readonly Flaw[] = [heartbleed, ccsInjection, robot, ticketbleed];

/** By an option: faults of implementations that are known by name, each looked for without harm to the server. */
export const flawsCheck: Check<"flaws"> = {
  name: "flaws",
  about: "flaws known by name",
  needs: ["versions"],
  run: async (scanning, found) => {
    if (!scanning.intrusive.flaws) return new Skipped("it is done by an option alone (--flaws)", "not asked");
    const version = newestLegacyVersion(found);
    const { startTls } = scanning.target;
    if (version === undefined && startTls === undefined) return new Skipped("nothing before TLS 1.3 is spoken");
    const flaws: FlawsFact["flaws"][number][] = [];
    if (version !== undefined) {
      for (const flaw of all) flaws.push({ id: flaw.id, ...(await flaw.look(scanning, version)) });
    }
    const injection = startTls && (await startTlsInjection(scanning, startTls));
    if (injection !== undefined) flaws.push({ id: startTlsInjectionId, ...injection });
    return { flaws };
  },
};
