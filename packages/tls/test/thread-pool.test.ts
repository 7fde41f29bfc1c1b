import { setImmediate } from "node:timers/promises";
import { availableCipherSuites, availableNamedGroups, cipherSuites, namedGroups } from "@tlskit/ciphersuites";
import { threadPoolProvider as provider } from "@tlskit/crypto-node";
import { describe, expect, it } from "vitest";
import { expectData, expectEstablished, expectOrderlyClose } from "./helpers/scenarios.ts";
import { type Pair, pair, sharedPki } from "./helpers/world.ts";

const keyTypes = ["P-256", "P-384", "P-521", "Ed25519", "Ed448", "rsaEncryption", "id-RSASSA-PSS"] as const;

/** Runs the world, and lets answers come in between, until both sides are done. */
async function connectLater(made: Pair): Promise<void> {
  made.server.start();
  made.client.start();
  const isDone = ({ info, outcome }: Pair["atClient"] | Pair["atServer"]): boolean =>
    info !== undefined || outcome !== undefined;
  while (!isDone(made.atClient) || !isDone(made.atServer)) {
    made.network.run();
    await setImmediate();
  }
}

describe("whole handshakes whose key agreement and signatures are computed on the thread pool", () => {
  const suites = availableCipherSuites(provider, cipherSuites);
  for (const [index, group] of availableNamedGroups(provider, namedGroups).entries()) {
    for (const [other, keyType] of keyTypes.entries()) {
      const suite = suites[(index + other) % suites.length];
      if (suite === undefined) continue;
      it(`${suite.name}, ${group.name}, ${keyType}`, async () => {
        const certificates = [sharedPki().certificateOf(keyType)];
        const made = pair({ provider, cipherSuites: [suite], namedGroups: [group], server: { certificates } });
        await connectLater(made);
        expectEstablished(made);
        expect(made.atClient.info?.namedGroup).toBe(group);
        expectData(made, 1000);
        expectOrderlyClose(made);
      });
    }
  }

  it("one that is asked for another key share, and whose signatures are verified before they go out", async () => {
    const [first, second] = availableNamedGroups(provider, namedGroups);
    if (first === undefined || second === undefined) throw new Error("the provider has two groups at least");
    const certificates = [{ ...sharedPki().certificateOf("rsaEncryption"), verifySignatures: true }];
    const made = pair({
      provider,
      client: { namedGroups: [first, second], keyShareGroups: [first] },
      server: { namedGroups: [second], certificates },
    });
    await connectLater(made);
    expectEstablished(made);
    expect(made.atClient.info?.helloRetryRequest).toBe(true);
  });
});
