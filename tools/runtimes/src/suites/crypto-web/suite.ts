import { besides, type HostedSuite } from "../../hosted-suite.ts";

export const cryptoWeb: HostedSuite = {
  name: "`@tlskit/crypto-web`",
  about:
    "each algorithm that the runtime's WebCrypto has, held to what every provider is held to, and to noble's answers",
  module: besides(import.meta.url),
};
