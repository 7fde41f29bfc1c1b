import { ffdhe2048 } from "@tlskit/ciphersuites";
import { type CryptoProvider, ffdheGroup, type KeyExchange } from "@tlskit/crypto";
import { toBytes, toInteger } from "@tlskit/crypto/integers";
import { nobleTls12Provider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { Alert } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import { expectData, expectEstablished } from "./helpers/scenarios.ts";
import { connect, pair } from "./helpers/world.ts";

const p = toInteger(ffdheGroup("ffdhe2048").prime);

/** A provider that shows this share, whatever its own is. */
function showing(share: Uint8Array): CryptoProvider {
  const keyExchanges = nodeProvider.keyExchanges.map((exchange): KeyExchange => {
    if (exchange.name !== "ffdhe2048") return exchange;
    return {
      name: exchange.name,
      offer: () => ({ share, finish: () => new Uint8Array(256), dispose: () => {} }),
      respond: () => ({ share, secret: new Uint8Array(256) }),
    };
  });
  return { ...nodeProvider, keyExchanges };
}

describe("a share in a finite field that isn't from 2 to p - 2, or as long as p", () => {
  const wrong: readonly [string, Uint8Array][] = [
    ["0", new Uint8Array(256)],
    ["1", toBytes(1n, 256)],
    ["p - 1", toBytes(p - 1n, 256)],
    ["p", toBytes(p, 256)],
    ["p + 1", toBytes(p + 1n, 256)],
    ["2 in one byte", Uint8Array.of(2)],
    ["a zero in front", toBytes(2n, 257)],
  ];

  // RFC 9846 §4.3.8.1#public-key-checked
  test.each(wrong)("is illegal_parameter to a server: %s", (_, share) => {
    const { atClient, atServer } = connect(pair({ namedGroups: [ffdhe2048], client: { provider: showing(share) } }));
    expect(atServer.error).toMatchObject({ code: "invalid_key_share", alert: Alert.illegalParameter });
    expect(atClient.error).toMatchObject({ kind: "alert", alert: Alert.illegalParameter });
  });

  // RFC 9846 §4.3.8.1#public-key-checked
  test.each(wrong)("is illegal_parameter to a client: %s", (_, share) => {
    const { atClient, atServer } = connect(pair({ namedGroups: [ffdhe2048], server: { provider: showing(share) } }));
    expect(atClient.error).toMatchObject({ code: "invalid_key_share", alert: Alert.illegalParameter });
    expect(atServer.error).toMatchObject({ kind: "alert", alert: Alert.illegalParameter });
  });
});

// RFC 9846 §7.4.1: one secret in 256 has a zero in front, which belongs to it.
test("both ends have the same secret whatever it begins with, and each its own provider", () => {
  const made = connect(pair({ namedGroups: [ffdhe2048], server: { provider: nobleTls12Provider } }));
  expectEstablished(made);
  expectData(made, 1000);
});
