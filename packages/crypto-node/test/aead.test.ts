import { aes128Ccm } from "@tlskit/crypto-node";
import { expect, test } from "vitest";

const nonce = new Uint8Array(12);

// RFC 5116 §5.3: with nonces of 12 bytes, 3 are left for the length.
test("AES-128-CCM takes 2^24 - 1 bytes, and refuses one more with an error of its own", () => {
  const aead = aes128Ccm?.withKey(new Uint8Array(16));
  const into = new Uint8Array(2 ** 24 + 16);
  const pieces = [new Uint8Array(2 ** 24 - 2), new Uint8Array(1)];
  aead?.seal(nonce, nonce, pieces, into, 0);
  const back = new Uint8Array(2 ** 24 - 1);
  aead?.open(nonce, nonce, into.subarray(0, 2 ** 24 - 1 + 16), back, 0);
  expect(back.every((byte) => byte === 0)).toBe(true);
  const refusal = (code: string) => expect.objectContaining({ name: "CryptoError", code });
  expect(() => aead?.seal(nonce, nonce, [...pieces, new Uint8Array(1)], into, 0)).toThrow(refusal("invalid_argument"));
  expect(() => aead?.open(nonce, nonce, new Uint8Array(2 ** 24 + 16), into, 0)).toThrow(
    refusal("authentication_failed"),
  );
});
