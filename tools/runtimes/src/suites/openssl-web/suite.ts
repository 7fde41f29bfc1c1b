import { besides, type HostedSuite } from "../../hosted-suite.ts";
import { noOpenssl, prepare } from "../openssl/prepare.ts";

export const opensslWeb: HostedSuite = {
  name: "OpenSSL, `@tlskit/web`",
  about:
    "over the runtime's own TCP (in a page by `@tlskit/relay`), with WebCrypto: `s_server` and `s_client` in TLS 1.3 and 1.2, with sessions, early data and clients' certificates",
  module: besides(import.meta.url),
  missing: noOpenssl,
  prepare,
};
