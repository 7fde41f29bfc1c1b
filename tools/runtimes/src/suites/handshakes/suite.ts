import { besides, type HostedSuite } from "../../hosted-suite.ts";

export const handshakes: HostedSuite = {
  name: "Handshakes, `@tlskit/crypto-web`",
  about:
    "each cipher suite, group and kind of certificate that the runtime's WebCrypto has, in TLS 1.3 and 1.2, both ends by it; and peers whose key shares, signatures and records are wrong",
  module: besides(import.meta.url),
};
