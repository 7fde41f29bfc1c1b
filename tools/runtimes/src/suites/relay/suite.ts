import { besides, type HostedSuite } from "../../hosted-suite.ts";
import { joiningRelay } from "../../joining-relay.ts";

export const relay: HostedSuite = {
  name: "`@tlskit/web` through `@tlskit/relay`",
  about: "over WebSockets, both ends in the runtime",
  backPressure: "credits: either end says how much it takes, of the TCP connection behind the relay too",
  module: besides(import.meta.url),
  on: ({ name }) => /^(Node 26|Deno|Bun|workerd|Chromium)$/.test(name),
  prepare: joiningRelay,
};
