import { createWebProvider } from "@tlskit/crypto-web";
import { webClient, webServer } from "../../peers/web.ts";
import type { Cases } from "../../suite.ts";
import { opensslCases } from "../openssl/cases.ts";
import type { Given } from "../openssl/given.ts";
import { tcpStreams } from "../openssl/tcp-streams.ts";

export const cases: Cases<Given> = async (given) => {
  const provider = await createWebProvider(crypto.subtle);
  const { connect, listen } = tcpStreams(given.relay);
  return opensslCases(
    {
      client: async (wishes) => {
        const over = await webClient(provider, wishes);
        return async (port, attempt) => over(await connect(port), attempt);
      },
      listen:
        typeof listen === "string"
          ? listen
          : async (wishes) => {
              const over = await webServer(provider, wishes);
              const { port, next, close } = await listen();
              return { port, next: async () => over(await next()), close };
            },
    },
    given,
  );
};
