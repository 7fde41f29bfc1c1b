import { type CipherSuite, suitePrimitives } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { TrafficSecret } from "@tlskit/keyschedule";
import type { RecordKeys } from "@tlskit/record";
import { anObject, checkArguments, instanceOf } from "@tlskit/wire/arguments";

/** What protects the records of a direction: what a handshake installs. */
export interface DirectionKeys {
  readonly cipherSuite: CipherSuite;
  readonly secret: TrafficSecret;
}

const given = {
  provider: anObject,
  cipherSuite: anObject,
  secret: instanceOf(TrafficSecret, "@tlskit/keyschedule"),
};

/**
 * RFC 9846 §7.3: a direction's record keys, for a `RecordReader` or `RecordWriter`.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 * @throws {CryptoError} `unsupported` if the provider hasn't got the suite's primitives
 */
export function recordKeys(provider: CryptoProvider, { cipherSuite, secret }: DirectionKeys): RecordKeys {
  checkArguments({ provider, cipherSuite, secret }, given);
  const { aead } = suitePrimitives(provider, cipherSuite);
  return { aead, ...secret.keys(aead.keyLength, aead.nonceLength), recordLimit: cipherSuite.recordLimit };
}
