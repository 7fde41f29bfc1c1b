/// <reference types="deno" />
import { denoClient, denoServer } from "../../peers/deno.ts";
import type { Cases } from "../../suite.ts";
import { opensslCases } from "../openssl/cases.ts";
import type { Given } from "../openssl/given.ts";

const hostname = "127.0.0.1";

export const cases: Cases<Given> = (given) =>
  opensslCases(
    {
      client: async (wishes) => {
        const over = denoClient(wishes);
        return async (port, attempt) => over(await Deno.connect({ hostname, port }), attempt);
      },
      listen: async (wishes) => {
        const over = denoServer(wishes);
        const listener = Deno.listen({ hostname, port: 0 });
        const { port } = listener.addr;
        return { port, next: async () => over(await listener.accept()), close: () => listener.close() };
      },
    },
    given,
  );
