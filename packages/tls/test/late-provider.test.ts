import {
  clientDeviations,
  LateTasks,
  oneByteAtATime,
  randomChunks,
  seededRandom,
  serverDeviations,
} from "@tlskit/testing";
import { describe, it } from "vitest";
import { againstClient, againstServer, check } from "./helpers/misbehaviour.ts";
import { scenarios } from "./helpers/scenarios.ts";

/** In which order the answers come. */
const orders = {
  "as they were asked for": () => new LateTasks("first in, first out"),
  "the last first": () => new LateTasks("last in, first out"),
  "in some order": () => new LateTasks(seededRandom(5)),
} as const;

for (const [order, tasks] of Object.entries(orders)) {
  describe(`a provider that answers late, ${order}`, () => {
    for (const scenario of scenarios) {
      it(scenario.name, () => scenario.run({ tasks: tasks() }));
      it(`${scenario.name}, one byte at a time`, () =>
        scenario.run({ tasks: tasks(), link: { chunking: oneByteAtATime } }));
      it(`${scenario.name}, in random chunks`, () =>
        scenario.run({ tasks: tasks(), link: { chunking: () => randomChunks(seededRandom(6)), latency: 5 } }));
    }
  });
}

describe("peers that misbehave, by a provider that answers late", () => {
  for (const deviation of serverDeviations) {
    it(`server: ${deviation.name}`, () => check(deviation, againstServer(deviation, new LateTasks(seededRandom(5)))));
  }
  for (const deviation of clientDeviations) {
    it(`client: ${deviation.name}`, () => check(deviation, againstClient(deviation, new LateTasks(seededRandom(5)))));
  }
});
