import type { CipherSuite } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { type DirectionKeys, recordKeys } from "./record-keys.ts";

/** What another record layer goes on with in one direction. Whoever has it reads and writes there. */
export interface DirectionSecrets {
  /** The application traffic secret in use, which the next one comes from at a KeyUpdate (RFC 9846 §7.2). */
  readonly secret: Uint8Array;
  /** What the AEAD has, derived from the secret (RFC 9846 §7.3). */
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** The next record's (RFC 9846 §5.3): so many have gone under this key. */
  readonly sequenceNumber: number;
}

/** What another record layer goes on with, such as the kernel's. */
export interface TrafficSecrets {
  readonly cipherSuite: CipherSuite;
  /** Of what is written to the peer. */
  readonly sent: DirectionSecrets;
  /** Of what the peer writes. */
  readonly received: DirectionSecrets;
}

/** How far a direction has come. */
export interface DirectionState {
  readonly keys: DirectionKeys;
  readonly sequenceNumber: number;
}

export function directionSecrets(provider: CryptoProvider, { keys, sequenceNumber }: DirectionState): DirectionSecrets {
  const { key, iv } = recordKeys(provider, keys);
  return { secret: keys.secret.dangerouslyExpose(), key, iv, sequenceNumber };
}
