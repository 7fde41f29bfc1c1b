import { seededRandom } from "@tlskit/testing";
import { ServerContext, tls12, tls13 } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { connect, now, pair, providers, sharedPki } from "./helpers/world.ts";

describe.each([
  ["TLS 1.3", tls13, 5],
  ["TLS 1.2", tls12, 1],
])("a connection of %s", (_name, version, lines) => {
  it("tells its own handler what the context's key log gets", () => {
    const contextFor = (): ServerContext =>
      new ServerContext({
        provider: providers.node,
        random: seededRandom(9),
        clock: () => now,
        versions: [version],
        certificates: [sharedPki().certificateOf("Ed25519")],
      });
    const made = pair({ client: { versions: [version] }, server: { versions: [version], contextFor } });
    const [atClient, atServer]: [string[], string[]] = [[], []];
    // Looked for when the handshake begins.
    Object.assign(made.atClient, { keyLog: (line: string) => atClient.push(line) });
    Object.assign(made.atServer, { keyLog: (line: string) => atServer.push(line) });
    connect(made);
    expect(atClient).toHaveLength(lines);
    expect(atClient).toEqual(made.clientKeyLog);
    // The context that was chosen has none.
    expect(made.serverKeyLog).toEqual([]);
    expect(atServer).toEqual(atClient);
  });
});
