import { besides, type HostedSuite } from "../../hosted-suite.ts";
import { noOpenssl, prepare } from "../openssl/prepare.ts";

export const opensslBun: HostedSuite = {
  name: "OpenSSL, `@tlskit/bun`",
  about: "over TCP: the same",
  module: besides(import.meta.url),
  on: ({ name }) => name === "Bun",
  missing: noOpenssl,
  prepare,
};
