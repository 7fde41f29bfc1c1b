import { besides, type HostedSuite } from "../../hosted-suite.ts";
import { joiningRelay } from "../../joining-relay.ts";

export const webSocketStreams: HostedSuite = {
  name: "Chromium's `WebSocketStream`",
  about: "by `webSocketStream` of `@tlskit/web`: what the suite has about streams",
  backPressure: "its own",
  module: besides(import.meta.url),
  on: ({ name }) => name === "Chromium",
  prepare: joiningRelay,
};
