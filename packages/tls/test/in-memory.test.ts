import { availableCipherSuites, availableNamedGroups, cipherSuites, namedGroups } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { expectData, expectEstablished, expectOrderlyClose, scenarios } from "./helpers/scenarios.ts";
import { connect, type Pair, pair, providers, sharedPki } from "./helpers/world.ts";

const keyTypes = ["P-256", "P-384", "P-521", "Ed25519", "Ed448", "rsaEncryption", "id-RSASSA-PSS"] as const;

/** Everything that is known and that a provider has. */
function choicesBy(provider: CryptoProvider) {
  const suites = availableCipherSuites(provider, cipherSuites);
  const groups = availableNamedGroups(provider, namedGroups);
  const all = groups.flatMap((group) =>
    keyTypes.flatMap((keyType) => suites.map((suite) => ({ suite, group, keyType }))),
  );
  /** Of all, so many that each two of suite, group and certificate meet. */
  const paired = all.filter(
    ({ suite, group, keyType }) =>
      suites.indexOf(suite) === (groups.indexOf(group) + keyTypes.indexOf(keyType)) % suites.length,
  );
  return { all, paired };
}

const byNode = choicesBy(providers.node);
const byNoble = choicesBy(providers.noble);
type Choice = (typeof byNode.all)[number];

function choosing({ suite, group, keyType }: Choice, provider: keyof typeof providers): Pair {
  return connect(
    pair({
      provider: providers[provider],
      cipherSuites: [suite],
      namedGroups: [group],
      server: { certificates: [sharedPki().certificateOf(keyType)] },
    }),
  );
}

const title = ({ suite, group, keyType }: Choice): string => `${suite.name}, ${group.name}, ${keyType}`;

// RFC 9846 §9.1#cipher-suite, §9.1#group, §9.1#signatures, §9.3#supports-offers, RFC 9325 §4.2.1#groups, §4.2#p256
describe("every suite with every group and every certificate, by node:crypto", () => {
  for (const choice of byNode.all) {
    it(title(choice), () => {
      const made = choosing(choice, "node");
      expectEstablished(made);
      const { info } = made.atClient;
      expect(info?.cipherSuite).toBe(choice.suite);
      expect(info?.namedGroup).toBe(choice.group);
      expect(info?.signatureScheme?.keyType).toBe(choice.keyType);
      expectData(made, 1000);
      expectOrderlyClose(made);
    });
  }
});

describe("each two of suite, group and certificate, by noble: twice the same bytes", () => {
  it("leaves out no two", () => {
    const twos = (list: readonly Choice[]): Set<string> =>
      new Set(
        list.flatMap(({ suite, group, keyType }) => [
          `${suite.name} ${group.name}`,
          `${suite.name} ${keyType}`,
          `${group.name} ${keyType}`,
        ]),
      );
    expect(twos(byNoble.paired)).toEqual(twos(byNoble.all));
  });

  for (const choice of byNoble.paired) {
    it(title(choice), () => {
      const [first, second] = [choosing(choice, "noble"), choosing(choice, "noble")];
      for (const made of [first, second]) {
        expectEstablished(made);
        expectData(made, 100);
        expectOrderlyClose(made);
      }
      const bytes = ({ link }: Pair): string[] => [...link.left.written, ...link.right.written].map(toHex);
      expect(bytes(second)).toEqual(bytes(first));
    });
  }
});

describe("a world without sockets", () => {
  for (const scenario of scenarios) it(scenario.name, () => scenario.run({}));
});
