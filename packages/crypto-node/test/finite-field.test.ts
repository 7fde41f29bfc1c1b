import { ffdheGroup, run, wait } from "@tlskit/crypto";
import { expect, test } from "vitest";
import { dhPublicKey, dhPublicValue } from "../src/der.ts";
import { finiteFields } from "../src/finite-field.ts";
import { atOnce, type KeyPair, type Operations } from "../src/operations.ts";

const integer = (bytes: Uint8Array | undefined): bigint => BigInt(`0x${Buffer.from(bytes ?? []).toString("hex")}`);

test("a key whose public value was cut off, as Deno does with one in 512, is made anew", async () => {
  const group = ffdheGroup("ffdhe2048");
  const spki = dhPublicKey(group.prime, 2, new Uint8Array(255).fill(0x3f));
  spki[spki.length - 255] = 0xbf;
  const made: KeyPair[] = [];
  const operations: Operations = {
    ...atOnce,
    async generateKeyPair(kind) {
      const pair = await run(wait(atOnce.generateKeyPair(kind)));
      if (made.length === 0) Object.assign(pair.publicKey, { export: () => spki });
      made.push(pair);
      return pair;
    },
  };
  const offer = await finiteFields(operations)
    ?.finiteField.in(group)
    .offer(() => new Uint8Array());
  expect(made).toHaveLength(2);
  const whole = made[1]?.publicKey.export({ format: "der", type: "spki" });
  expect(integer(offer?.share)).toBe(integer(whole && dhPublicValue(whole)));
});
