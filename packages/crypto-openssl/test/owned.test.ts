import { describe, expect, test } from "vitest";
import type { Libcrypto } from "../src/libcrypto.ts";
import { Owner } from "../src/owned.ts";

/** A libcrypto that notes what is freed, and what is to be at the end. */
function noting() {
  const freed: bigint[] = [];
  const atEnd = new Set<bigint>();
  const libcrypto = {
    call: { EVP_PKEY_free: (address: bigint) => freed.push(address) },
    atEnd: () => ({
      call: (address: bigint) => void atEnd.add(address),
      callNoMore: (address: bigint) => void atEnd.delete(address),
    }),
  } as unknown as Libcrypto;
  return { freed, atEnd, libcrypto };
}

describe("what is libcrypto's is freed once", () => {
  test("by whoever is done with it, and can't be used afterwards", () => {
    const { freed, atEnd, libcrypto } = noting();
    const owned = new Owner(libcrypto, "EVP_PKEY_free").own(7n);
    expect(owned.address).toBe(7n);
    expect([...atEnd]).toEqual([7n]);
    owned.dispose();
    owned.dispose();
    expect(freed).toEqual([7n]);
    expect([...atEnd]).toEqual([]);
    expect(() => owned.address).toThrow(expect.objectContaining({ name: "CryptoError", code: "invalid_argument" }));
  });

  test("also on a runtime that tells nothing of a thread's end", () => {
    const { freed, libcrypto } = noting();
    new Owner({ ...libcrypto, atEnd: undefined }, "EVP_PKEY_free").own(7n).dispose();
    expect(freed).toEqual([7n]);
  });
});
