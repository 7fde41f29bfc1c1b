import { bunClient, bunServer } from "../../peers/bun.ts";
import type { Cases } from "../../suite.ts";
import { opensslCases } from "../openssl/cases.ts";
import type { Given } from "../openssl/given.ts";

export const cases: Cases<Given> = (given) =>
  opensslCases({ client: async (wishes) => bunClient(wishes), listen: async (wishes) => bunServer(wishes)() }, given);
