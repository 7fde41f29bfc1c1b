import { besides, type HostedSuite } from "../../hosted-suite.ts";
import { noOpenssl, prepare } from "../openssl/prepare.ts";

export const opensslNode: HostedSuite = {
  name: "OpenSSL, `@tlskit/node`",
  about: "over TCP: the same",
  module: besides(import.meta.url),
  on: ({ name }) => /Node|Deno|Bun/.test(name),
  missing: noOpenssl,
  prepare,
};
