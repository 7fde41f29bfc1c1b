import { openssl } from "@tlskit/interop/openssl";
import { besides, type HostedSuite } from "../../hosted-suite.ts";
import { prepare } from "../openssl/prepare.ts";

export const opensslNode: HostedSuite = {
  name: "OpenSSL, `@tlskit/node`",
  about: "`s_server` and `s_client`, the same",
  module: besides(import.meta.url),
  on: ({ name }) => /Node|Deno|Bun/.test(name),
  missing: openssl === undefined ? "the command openssl, 3.0 or later, is not on this machine" : undefined,
  prepare,
};
