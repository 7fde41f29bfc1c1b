import { besides, type HostedSuite } from "../../hosted-suite.ts";

export const web: HostedSuite = {
  name: "`@tlskit/web`",
  about: "over streams in memory, with WebCrypto",
  module: besides(import.meta.url),
};
