import { aeadOf } from "@tlskit/crypto";
import { createWebProvider } from "@tlskit/crypto-web";
import { describe, expect, test } from "vitest";
import { ownSubtle } from "./helpers/own-subtle.ts";

const nonces = [0, 1, 2, 3].map((number) => new Uint8Array(12).fill(number));
const nothing = new Uint8Array(0);
const ivOf = (given: readonly unknown[]): number | undefined => (given[0] as { readonly iv: Uint8Array }).iv[0]; // AES-GCM's

/** An AEAD whose answers come when they are told to, and in what order it was asked. */
async function slow() {
  const asked: (number | undefined)[] = [];
  const answers: (() => void)[] = [];
  const imports: (() => void)[] = [];
  let made = false;
  const subtle = ownSubtle(({ method, given }, own) => {
    if (made && method === "importKey") return new Promise<void>((resolve) => imports.push(resolve)).then(own);
    if (method !== "encrypt" && method !== "decrypt") return own();
    asked.push(ivOf(given));
    const answer = own();
    return new Promise<void>((resolve) => answers.push(resolve)).then(() => answer);
  });
  const provider = await createWebProvider(subtle);
  made = true;
  const aead = aeadOf(provider, "AES-128-GCM").withKey(new Uint8Array(16));
  return { aead, asked, answers, imports };
}

describe("a batch", () => {
  test("is handed over before the first is answered, in the call itself once the key is there", async () => {
    const { aead, asked, answers, imports } = await slow();
    const into = new Uint8Array(4 * 20);
    const seal = (number: number) =>
      aead.seal(nonces[number] ?? nothing, nothing, [new Uint8Array(4).fill(number)], into, 20 * number);
    const first = seal(0);
    expect(asked).toEqual([]);
    imports[0]?.();
    await expect.poll(() => asked).toEqual([0]);
    const others = [1, 2, 3].map(seal);
    expect(asked).toEqual([0, 1, 2, 3]);
    // Answered the other way round, each comes to where it belongs.
    for (const answer of answers.toReversed()) answer();
    await Promise.all([first, ...others]);
    const plain = new Uint8Array(4);
    for (const [number, nonce] of nonces.entries()) {
      const opened = aead.open(nonce, nothing, into.subarray(20 * number, 20 * number + 20), plain, 0);
      expect(asked.at(-1)).toBe(number);
      answers.at(-1)?.();
      await opened;
      expect(plain).toEqual(new Uint8Array(4).fill(number));
    }
  });

  test("that is asked for before the key is there is handed over in order when it is, and so is what comes then", async () => {
    const { aead, asked, answers, imports } = await slow();
    const into = new Uint8Array(4 * 16);
    const seal = (number: number) => aead.seal(nonces[number] ?? nothing, nothing, [], into, 16 * number);
    const sealed = [0, 1, 2].map(seal);
    imports[0]?.();
    await expect.poll(() => asked.length).toBe(3);
    sealed.push(seal(3));
    expect(asked).toEqual([0, 1, 2, 3]);
    for (const answer of answers) answer();
    await Promise.all(sealed);
  });
});
