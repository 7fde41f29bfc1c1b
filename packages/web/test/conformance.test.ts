import { transportConformance } from "@tlskit/testing";
import { describe, test } from "vitest";
import { conformanceSocket } from "./helpers/conformance-socket.ts";
import { opened, providers } from "./helpers/world.ts";

describe.each(providers)("what every transport is held to, by $name", (provider) => {
  const cases = transportConformance(async ({ alpnProtocols }) => {
    const { client, server, wire } = await opened({ provider, client: { alpnProtocols }, server: { alpnProtocols } });
    return { client: conformanceSocket(client), server: conformanceSocket(server), cut: wire.cut };
  });
  test.each(cases)("$name", async ({ run }) => {
    await run();
  });
});
