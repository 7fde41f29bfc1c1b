import { setImmediate } from "node:timers/promises";
import { keyExchangeOf } from "@tlskit/crypto";
import { keySharesAhead, threadPoolProvider } from "@tlskit/crypto-node";
import { expect, test } from "vitest";

const random = (length: number): Uint8Array => new Uint8Array(length);

test.each([
  ["at once", undefined],
  ["on the thread pool", threadPoolProvider],
])("key shares are made ahead between the event loop's turns, %s", async (_where, provider) => {
  const ahead = keySharesAhead({ count: 2, ...(provider === undefined ? {} : { provider }) });
  expect(ahead.ready).toBe(0);
  // of X25519MLKEM768 and of X25519
  while (ahead.ready < 4) await setImmediate();
  for (const name of ["X25519MLKEM768", "X25519"] as const) {
    const exchange = keyExchangeOf(ahead.provider, name);
    const offer = await exchange.offer(random);
    const answer = await exchange.respond(offer.share, random);
    expect(await offer.finish(answer.share)).toEqual(answer.secret);
  }
  while (ahead.ready < 4) await setImmediate();
  ahead.dispose();
  expect(ahead.ready).toBe(0);
});

test("those of one key exchange alone may be asked for, of whatever provider", () => {
  expect(() => keySharesAhead({ keyExchanges: ["P-256"] }).dispose()).not.toThrow();
  expect(() => keySharesAhead({ count: 0 })).toThrow(expect.objectContaining({ code: "invalid_argument" }));
});
