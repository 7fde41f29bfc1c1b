import { besides, type HostedSuite } from "../../hosted-suite.ts";
import { joiningRelay } from "../../joining-relay.ts";

export const webSocketStreams: HostedSuite = {
  name: "`webSocketStream`",
  about: "of `@tlskit/web`, over a `WebSocketStream`, as far as Chromium bears it",
  backPressure: "its own",
  module: besides(import.meta.url),
  on: ({ name }) => name === "Chromium",
  prepare: joiningRelay,
};
