import { besides, type HostedSuite } from "../../hosted-suite.ts";

export const messagePort: HostedSuite = {
  name: "`messagePortStream`",
  about: "of `@tlskit/web`, over a `MessagePort`",
  backPressure: "credits: the other end says how much it takes",
  prepare: async (_, { name }) => ({
    given:
      name === "Deno" || name === "Chromium" ? { cuts: "a port there doesn't tell that the other one is closed" } : {},
    stop: async () => {},
  }),
  module: besides(import.meta.url),
};
