import { describe, expect, it } from "vitest";
import { scanServer } from "../src/scan-server.ts";
import { chainServers } from "../src/servers/chains.ts";
import { pretendedServers } from "../src/servers/pretended.ts";
import { expectedVerdict, verdictOf } from "../src/verdict.ts";

describe.each([
  ["what it negotiates", pretendedServers],
  ["what it shows", chainServers],
] as const)("a server that pretends, by %s", (_, servers) => {
  it.each(servers)("has what it is made to have, and nothing else: $name", async (server) => {
    expect(verdictOf(await scanServer(server))).toEqual(expectedVerdict(server));
  });
});
