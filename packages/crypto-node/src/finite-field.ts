import * as crypto from "node:crypto";
import {
  type FfdheName,
  type FiniteField,
  type FiniteFieldKeyPair,
  ffdheKeyExchange,
  finiteField as fieldWith,
  type KeyExchange,
  run,
  type Steps,
  wait,
} from "@tlskit/crypto";
import { dhPublicKey, dhPublicValue } from "./der.ts";
import type { Operations } from "./operations.ts";
import { runtimeHasFiniteField } from "./runtime.ts";

/** Diffie-Hellman over finite fields, and the groups of RFC 7919. Absent where the runtime has none: in Bun. */
export interface FiniteFields {
  readonly finiteField: FiniteField;
  readonly ffdhe2048: KeyExchange;
  readonly ffdhe3072: KeyExchange;
  readonly ffdhe4096: KeyExchange;
  readonly ffdhe6144: KeyExchange;
  readonly ffdhe8192: KeyExchange;
}

export function finiteFields(operations: Operations): FiniteFields | undefined {
  if (!runtimeHasFiniteField) return undefined;
  const finiteField = fieldWith(({ prime, generator }) => {
    const kind = { type: "dh", prime: Buffer.from(prime), generator } as const;
    return () => run(keyPair(operations, kind));
  });
  const ffdhe = (name: FfdheName): KeyExchange => ffdheKeyExchange(name, finiteField);
  return {
    finiteField,
    ffdhe2048: ffdhe("ffdhe2048"),
    ffdhe3072: ffdhe("ffdhe3072"),
    ffdhe4096: ffdhe("ffdhe4096"),
    ffdhe6144: ffdhe("ffdhe6144"),
    ffdhe8192: ffdhe("ffdhe8192"),
  };
}

/**
 * By keys, and not by `createDiffieHellman`, which looks for half a minute whether a prime of 8,192 bits that it doesn't know
 * is one.
 */
function* keyPair(
  operations: Operations,
  kind: { readonly type: "dh"; readonly prime: Buffer; readonly generator: number },
): Steps<FiniteFieldKeyPair> {
  let { privateKey, publicKey } = yield* wait(operations.generateKeyPair(kind));
  let publicValue = publicValueOf(publicKey);
  while (isCutOff(publicValue, kind.prime.length)) {
    ({ privateKey, publicKey } = yield* wait(operations.generateKeyPair(kind)));
    publicValue = publicValueOf(publicKey);
  }
  return {
    publicValue,
    secretWith: (peerValue) => {
      const key = dhPublicKey(kind.prime, kind.generator, peerValue);
      const peer = crypto.createPublicKey({ key, format: "der", type: "spki" });
      return operations.diffieHellman({ privateKey, publicKey: peer });
    },
    // node:crypto frees its keys itself.
    dispose: () => {},
  };
}

function publicValueOf(publicKey: crypto.KeyObject): Uint8Array {
  return dhPublicValue(publicKey.export({ format: "der", type: "spki" }));
}

/**
 * Deno writes the value as if it were a signed number, and of one that begins with nine bits of ones it leaves the first
 * octet out, so that one key in 512 has another public value than it says.
 */
function isCutOff([first = 0, ...others]: Uint8Array, length: number): boolean {
  return first >= 0x80 && 1 + others.length < length;
}
