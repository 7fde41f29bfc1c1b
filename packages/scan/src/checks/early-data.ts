import { tls13 } from "@tlskit/tls";
import { establishedIn, wholeIn } from "../connection/established.ts";
import { takesReplay } from "../connection/replay.ts";
import { resumedVisit } from "../connection/resumed-visit.ts";
import { ticketsIn } from "../connection/tickets.ts";
import { evidenceOf, newestVisit } from "../connection/visits.ts";
import { type Check, Skipped } from "../scanning.ts";

/** Whether a server takes early data (0-RTT, RFC 9846 §2.3), and by an option whether it takes the same twice. */
export const earlyData: Check<"earlyData"> = {
  name: "earlyData",
  about: "early data",
  needs: [],
  run: async (scanning) => {
    const { conversation } = await scanning.shared(newestVisit);
    if (establishedIn(conversation).version !== tls13.code) return new Skipped("TLS 1.3 isn't spoken");
    const maxSize = Math.max(0, ...ticketsIn(conversation).map(({ maxEarlyData }) => maxEarlyData));
    scanning.note(evidenceOf("a connection of TLS 1.3", conversation));
    if (maxSize === 0) {
      wholeIn(conversation);
      return { maxSize, accepted: false };
    }
    const resumed = await scanning.shared(resumedVisit);
    if (resumed !== undefined) {
      scanning.note(evidenceOf("another one with early data", resumed));
      establishedIn(resumed);
    }
    const accepted = resumed?.earlyData === "accepted";
    if (!accepted || !scanning.intrusive.earlyDataReplay) return { maxSize, accepted };
    return { maxSize, accepted, replayed: await takesReplay(scanning) };
  },
};
