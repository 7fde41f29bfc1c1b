import type { HashFunction } from "@tlskit/crypto";
import { EarlyStage, type HandshakeStage, type PskStage } from "@tlskit/keyschedule";
import { TlsError } from "@tlskit/wire";

/**
 * RFC 9846 §7.1: what the handshake is protected by: a pre-shared key, a key exchange or both.
 * @throws {TlsError} `no_secret` (our own fault) without either: nothing would be secret then
 */
export function handshakeStage(
  hash: HashFunction,
  psk: PskStage | undefined,
  sharedSecret: Uint8Array | undefined,
  transcriptHash: Uint8Array,
): HandshakeStage {
  if (sharedSecret !== undefined) {
    return (psk ?? EarlyStage.withoutPsk(hash)).withSharedSecret(sharedSecret, transcriptHash);
  }
  if (psk !== undefined) return psk.withoutSharedSecret(transcriptHash);
  throw new TlsError("internal", "no_secret", "there is neither a key exchange nor a pre-shared key");
}
