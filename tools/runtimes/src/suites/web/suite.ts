import { besides, type HostedSuite } from "../../hosted-suite.ts";

export const web: HostedSuite = {
  name: "`@tlskit/web`",
  about: "over streams in memory, with WebCrypto",
  backPressure: "the streams' own, and that of whatever is below them",
  module: besides(import.meta.url),
};
