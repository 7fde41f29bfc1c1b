import { randomFillSync } from "node:crypto";
import type { Random, SignatureKeyType } from "@tlskit/crypto";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { type DeclaredPrivateKey, generatePrivateKeySync } from "@tlskit/x509";
import { UsageError } from "../usage.ts";

export const random: Random = (length) => randomFillSync(new Uint8Array(length));

/** What `--key` takes: ECDSA on P-256, RSA with 2048 bits as anybody takes it, Ed25519, which browsers don't take yet. */
const kinds: Readonly<Record<string, SignatureKeyType>> = { ec: "P-256", rsa: "RSA", ed25519: "Ed25519" };

/** @throws {UsageError} for a kind that isn't known */
export function newKey(kind: string = "ec"): DeclaredPrivateKey {
  const type = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (type === undefined)
    throw new UsageError(`--key takes ${Object.keys(kinds).join(", ")}; got ${JSON.stringify(kind)}`);
  return generatePrivateKeySync({ provider, random, type });
}
