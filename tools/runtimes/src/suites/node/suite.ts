import { besides, type HostedSuite } from "../../hosted-suite.ts";

export const node: HostedSuite = {
  name: "`@tlskit/node`",
  about: "over TCP",
  backPressure: "the socket's own",
  module: besides(import.meta.url),
  on: ({ name }) => /Node|Deno|Bun/.test(name),
};
