import type { Tls12CipherSuite } from "@tlskit/ciphersuites";
import { aeadOf, blockCipherOf, type CryptoProvider, hashOf } from "@tlskit/crypto";
import type { KeyBlockLengths } from "@tlskit/keyschedule";
import type { EarlierProtocol } from "./protocol.ts";

/** Bytes of a nonce that stand in the record. */
const explicitNonceLength = 8;

/** RFC 5246 §6.3: what a suite takes out of the key block for each direction. */
export function keyLengths(
  { chainsIvs }: EarlierProtocol,
  provider: CryptoProvider,
  { protection }: Tls12CipherSuite,
): KeyBlockLengths {
  if (protection.type === "AEAD") {
    const { keyLength, nonceLength } = aeadOf(provider, protection.aead);
    return { mac: 0, key: keyLength, iv: nonceLength - (protection.nonce === "explicit" ? explicitNonceLength : 0) };
  }
  const mac = hashOf(provider, protection.mac).length;
  if (protection.type === "NULL") return { mac, key: 0, iv: 0 };
  const { keyLength, blockLength } = blockCipherOf(provider, protection.cipher);
  return { mac, key: keyLength, iv: chainsIvs ? blockLength : 0 };
}
