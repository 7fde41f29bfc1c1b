import { besides, type HostedSuite } from "../../hosted-suite.ts";
import { noOpenssl, prepare } from "../openssl/prepare.ts";

export const opensslDeno: HostedSuite = {
  name: "OpenSSL, `@tlskit/deno`",
  about: "over TCP: the same",
  module: besides(import.meta.url),
  on: ({ name }) => name === "Deno",
  missing: noOpenssl,
  prepare,
};
