import { createHash } from "node:crypto";
import type { KeyExchange, Random } from "@tlskit/crypto";
import { ffdhe2048, ffdhe3072 } from "@tlskit/crypto-noble";
import { expect, test } from "vitest";

/** Private keys and secrets of OpenSSL's own tests (evppkey_ffdhe.txt there), the secrets by their SHA-256. */
const vectors: readonly (readonly [string, KeyExchange, string, string, string])[] = [
  [
    "ffdhe2048, with a secret that begins with two zero bytes",
    ffdhe2048,
    "01946b9886505f6b1af0e3bfd3c314622fb52f4e22a6db8bcaea9b86fa",
    "011835922d87efc468880a2b681cc45bad56351359809a45ec9328cbcf",
    "b995588b79efafa024460cbb8bde339be46b8dd06a126059eef873b269c21657",
  ],
  [
    "ffdhe3072",
    ffdhe3072,
    "07c4d12f1eaa5d8409d1100cfb9ced54b872f445cd7636341183834bb4c58b94592c4e",
    "046f43cac6d1aacc94451ca00973fa67a0ac50669047dfc90fe4716d9f0fd77a68e4f3",
    "9afd172fa5ae0fb11e32468191d86829046750640266f1d8208c26d17aa8d1aa",
  ],
];

test.each(vectors)("the secret is the published one: %s", async (_, exchange, first, second, secret) => {
  const key =
    (hex: string): Random =>
    () =>
      new Uint8Array(Buffer.from(hex, "hex"));
  const offer = await exchange.offer(key(first));
  const answer = await exchange.respond(offer.share, key(second));
  for (const computed of [answer.secret, await offer.finish(answer.share)]) {
    expect(createHash("sha256").update(computed).digest("hex")).toBe(secret);
  }
});
