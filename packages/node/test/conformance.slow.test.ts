import { nodeProvider, threadPoolProvider } from "@tlskit/crypto-node";
import { transportConformance } from "@tlskit/testing";
import { describe, test } from "vitest";
import { conformanceSocket } from "./helpers/conformance-socket.ts";
import { connected } from "./helpers/world.ts";

describe.each([nodeProvider, threadPoolProvider])("what every transport is held to, by $name", (provider) => {
  const cases = transportConformance(async ({ alpnProtocols }) => {
    const options = { provider, alpnProtocols, allowHalfOpen: true };
    const { client, server, rawClient } = await connected(options, options);
    return { client: conformanceSocket(client), server: conformanceSocket(server), cut: () => rawClient.destroy() };
  });
  test.each(cases)("$name", async ({ run }) => {
    await run();
  });
});
