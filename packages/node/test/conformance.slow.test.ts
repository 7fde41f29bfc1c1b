import { transportConformance } from "@tlskit/testing";
import { describe, test } from "vitest";
import { conformanceSocket } from "./helpers/conformance-socket.ts";
import { connected } from "./helpers/world.ts";

describe("what every transport is held to", () => {
  const cases = transportConformance(async ({ alpnProtocols }) => {
    const { client, server, rawClient } = await connected(
      { alpnProtocols, allowHalfOpen: true },
      { alpnProtocols, allowHalfOpen: true },
    );
    return { client: conformanceSocket(client), server: conformanceSocket(server), cut: () => rawClient.destroy() };
  });
  test.each(cases)("$name", async ({ run }) => {
    await run();
  });
});
