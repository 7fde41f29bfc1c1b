import {
  type Deviation,
  earlyDataClientDeviations,
  earlyDataServerDeviations,
  LateTasks,
  resumingClientDeviations,
  resumingServerDeviations,
  seededRandom,
} from "@tlskit/testing";
import { describe, it } from "vitest";
import { check } from "./helpers/misbehaviour.ts";
import {
  checkNegotiated,
  type ResumingCourse,
  resumingAgainstClient,
  resumingAgainstServer,
} from "./helpers/resuming-misbehaviour.ts";

function judge(deviation: Omit<Deviation<unknown>, "apply">, course: ResumingCourse): void {
  check(deviation, course);
  if (deviation.expected === "accepted") checkNegotiated(deviation, course);
}

// RFC 9846 §6.2#named-alert
for (const [world, tasks] of [
  ["at once", () => undefined],
  ["late", () => new LateTasks(seededRandom(5))],
] as const) {
  for (const [what, earlyData, servers, clients] of [
    ["a session", false, resumingServerDeviations, resumingClientDeviations],
    ["early data", true, earlyDataServerDeviations, earlyDataClientDeviations],
  ] as const) {
    describe(`a server that misbehaves about ${what}, with a provider that answers ${world}`, () => {
      for (const deviation of servers) {
        it(`${deviation.name} (${deviation.section})`, () =>
          judge(deviation, resumingAgainstServer(deviation, earlyData, tasks())));
      }
    });

    describe(`a client that misbehaves about ${what}, with a provider that answers ${world}`, () => {
      for (const deviation of clients) {
        it(`${deviation.name} (${deviation.section})`, () =>
          judge(deviation, resumingAgainstClient(deviation, earlyData, tasks())));
      }
    });
  }
}
