import { blockCipherOf, type CryptoProvider, hashOf } from "@tlskit/crypto";
import type { EarlierKeys } from "@tlskit/handshake";
import type { Tls10CbcKeys } from "@tlskit/record/legacy";
import { callerError } from "@tlskit/wire";

/** What of a handshake's keys records by CBC need, with the vector that TLS 1.0 alone has. */
export function cbcKeys(
  provider: CryptoProvider,
  { cipherSuite: { name, protection }, keys, encryptThenMac }: EarlierKeys,
): Tls10CbcKeys {
  if (protection.type !== "CBC") throw callerError("unsupported_choice", `${name} has no block cipher`);
  return {
    cipher: blockCipherOf(provider, protection.cipher),
    hash: hashOf(provider, protection.mac),
    key: keys.key,
    macKey: keys.macKey,
    iv: keys.iv,
    blockLimit: protection.blockLimit,
    encryptThenMac,
  };
}
