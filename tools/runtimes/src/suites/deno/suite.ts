import { besides, type HostedSuite } from "../../hosted-suite.ts";

export const deno: HostedSuite = {
  name: "`@tlskit/deno`",
  about: "over TCP",
  backPressure: "the connection's own",
  module: besides(import.meta.url),
  on: ({ name }) => name === "Deno",
};
