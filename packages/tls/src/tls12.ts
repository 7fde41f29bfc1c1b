import { aeadOf, type CryptoProvider } from "@tlskit/crypto";
import { type EarlierKeys, tls12With as handshakeOfTls12, type Tls12Options } from "@tlskit/handshake";
import { type Tls12AeadKeys, tls12AeadOpening, tls12AeadSealing } from "@tlskit/record";
import { callerError } from "@tlskit/wire";
import { AfterTls12 } from "./after-tls12.ts";
import { EarlierHost, type EarlierRecords } from "./earlier-host.ts";
import type { TlsVersion } from "./version.ts";

/**
 * TLS 1.2 (RFC 5246), to be listed among a context's `versions`: full handshakes with ECDHE and an AEAD.
 * @throws {TlsError} `invalid_argument`, `unsupported_choice` (the caller's fault)
 */
export function tls12With(options: Tls12Options): TlsVersion {
  return {
    ...handshakeOfTls12(options),
    connection: {
      host: (parts) => new EarlierHost(records, parts),
      after: (io, role, secrets, sendAlert) => new AfterTls12(io, role, secrets, sendAlert),
    },
  };
}

const records: EarlierRecords = {
  sealing: (provider, keys) => tls12AeadSealing(aeadKeys(provider, keys)),
  opening: (provider, keys) => tls12AeadOpening(aeadKeys(provider, keys)),
};

/** TLS 1.2 as it is unless told otherwise. */
export const tls12: TlsVersion = /* @__PURE__ */ tls12With({});

function aeadKeys(provider: CryptoProvider, { cipherSuite: { name, protection }, keys }: EarlierKeys): Tls12AeadKeys {
  if (protection.type !== "AEAD") throw callerError("unsupported_choice", `${name} has no AEAD`);
  const { nonce, recordLimit } = protection;
  return { aead: aeadOf(provider, protection.aead), key: keys.key, iv: keys.iv, nonce, recordLimit };
}
