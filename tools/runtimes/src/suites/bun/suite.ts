import { besides, type HostedSuite } from "../../hosted-suite.ts";

export const bun: HostedSuite = {
  name: "`@tlskit/bun`",
  about: "over TCP",
  module: besides(import.meta.url),
  on: ({ name }) => name === "Bun",
  backPressure: "`write` says how much it takes, `drain` when there is room",
};
