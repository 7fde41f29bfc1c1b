import { threadPoolProvider } from "@tlskit/crypto-node";
import { type TransportCase, transportConformance } from "@tlskit/testing";
import { runAll } from "../helpers/case.ts";
import { upgradedClient, upgradedServer } from "../helpers/pairs.ts";

/** What every transport is held to: an upgraded client and a listener, the other way round, and by a provider that answers late. */
export const cases: readonly TransportCase[] = [
  ...named("listen", ({ alpnProtocols }) => upgradedClient({ client: { alpnProtocols }, server: { alpnProtocols } })),
  ...named("connect", ({ alpnProtocols }) => upgradedServer({ client: { alpnProtocols }, server: { alpnProtocols } })),
  ...named("answers late", ({ alpnProtocols }) => {
    const options = { alpnProtocols, provider: threadPoolProvider };
    return upgradedServer({ client: options, server: options });
  }),
];

function named(name: string, factory: Parameters<typeof transportConformance>[0]): readonly TransportCase[] {
  return transportConformance(factory).map((one) => ({ ...one, name: `${name}: ${one.name}` }));
}

if (import.meta.main) await runAll(cases);
