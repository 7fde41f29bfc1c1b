import { secp256r1, x25519 } from "@tlskit/ciphersuites";
import { KeySharesAhead } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { ClientHello, clientShares, extensionIn, ServerHello, serverShare } from "@tlskit/messages";
import { seededRandom } from "@tlskit/testing";
import { toHex } from "@tlskit/wire";
import { expect, it } from "vitest";
import { expectData, expectEstablished, expectOrderlyClose } from "./helpers/scenarios.ts";
import { sent } from "./helpers/sent.ts";
import { connect, type Pair, pair } from "./helpers/world.ts";

const idle: (() => void)[] = [];
const ahead = new KeySharesAhead({
  provider: nodeProvider,
  random: seededRandom(1),
  keyExchanges: nodeProvider.keyExchanges.map(({ name }) => name),
  count: 2,
  whenIdle: (work) => idle.push(work),
});

function rest(): void {
  for (let work = idle.shift(); work !== undefined; work = idle.shift()) work();
}

function sharesOf({ atClient, atServer }: Pair): readonly string[] {
  const offered = sent(atClient, ClientHello).flatMap((hello) => extensionIn(hello, clientShares) ?? []);
  const answered = sent(atServer, ServerHello).flatMap((hello) => extensionIn(hello, serverShare) ?? []);
  return [...offered, ...answered].map(({ keyExchange }) => toHex(keyExchange));
}

const groups = [
  ["a hybrid, and one besides", undefined, 3],
  ["one that both sides do alike", [x25519], 2],
] as const;

// RFC 9846 §4.3.8: a share is for one connection
it.each(groups)(
  "handshakes use key shares made ahead once each, on both sides: %s",
  (_what, namedGroups, perHandshake) => {
    rest();
    const shares = [1, 2, 3, 4].flatMap(() => {
      const made = connect(pair({ provider: ahead.provider, ...(namedGroups === undefined ? {} : { namedGroups }) }));
      expectEstablished(made);
      expectData(made, 100);
      expectOrderlyClose(made);
      return sharesOf(made);
    });
    expect(new Set(shares).size).toBe(4 * perHandshake);
  },
);

it("so does one in which the server asks for another share", () => {
  rest();
  const made = connect(
    pair({
      provider: ahead.provider,
      client: { namedGroups: [x25519, secp256r1], keyShareGroups: [x25519] },
      server: { namedGroups: [secp256r1] },
    }),
  );
  expectEstablished(made);
  expect(made.atClient.info?.helloRetryRequest).toBe(true);
  expect(new Set(sharesOf(made)).size).toBe(3);
});
