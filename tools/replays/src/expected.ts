import type { Report } from "./replays.ts";
import type { TicketForm } from "./setup.ts";

/** What a report has to say. */
export function expected({
  flights,
  processes,
  tickets,
}: {
  readonly flights: number;
  readonly processes: number;
  readonly tickets: TicketForm;
}): Report {
  const [once, everywhere, never] = [{ 1: flights }, { [processes]: flights }, { 0: flights }];
  // Sessions that were in Redis are lost with it; sealed ones open with keys that the processes know.
  const sealed = tickets === "sealed";
  return {
    originals: { accepted: flights, taken: once },
    again: once,
    atOnce: once,
    unguarded: everywhere,
    emptied: { guarded: never, unguarded: sealed ? everywhere : never },
    killed: { established: true, resumed: sealed, early: "rejected" },
  };
}
