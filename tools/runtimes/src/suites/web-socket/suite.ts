import { maxUnreadWithoutCredits } from "@tlskit/web";
import { besides, type HostedSuite } from "../../hosted-suite.ts";
import { joiningRelay } from "../../joining-relay.ts";

export const webSocket: HostedSuite = {
  name: "`webSocketStream` alone",
  about: "of `@tlskit/web`, over a `WebSocket` whose other end knows nothing of credits",
  backPressure: `a limit: more than ${maxUnreadWithoutCredits / 2 ** 20} MiB that nobody has read end the connection`,
  module: besides(import.meta.url),
  on: ({ name }) => name === "workerd" || name === "Chromium",
  prepare: joiningRelay,
};
