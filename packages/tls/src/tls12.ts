import { aeadOf, type CryptoProvider } from "@tlskit/crypto";
import {
  type EarlierKeys,
  type Tls12Options as HandshakeOptions,
  tls12With as handshakeOfTls12,
} from "@tlskit/handshake";
import { type Tls12AeadKeys, tls12AeadOpening, tls12AeadSealing } from "@tlskit/record";
import { callerError } from "@tlskit/wire";
import { withRecords } from "./earlier-connection.ts";
import type { EarlierRecords } from "./earlier-host.ts";
import type { TlsVersion } from "./version.ts";

/** What TLS 1.2 can be told. */
export interface Tls12Options extends HandshakeOptions {
  /** `cbc` of `@tlskit/tls/cbc`, for `cipherSuites` with block ciphers. There are AEADs alone unless it is given. */
  readonly cbc?: EarlierRecords | undefined;
  /** `dangerousNull` of `@tlskit/tls/dangerous-null`, for `cipherSuites` that encrypt nothing. There are none unless it is given. */
  readonly dangerousNull?: EarlierRecords | undefined;
}

/**
 * TLS 1.2 (RFC 5246), to be listed among a context's `versions`: full handshakes with ECDHE, or what else is given: `dhe` of
 * `@tlskit/tls/dhe`, `rsa` of `@tlskit/tls/rsa`.
 * @throws {TlsError} `invalid_argument`, `unsupported_choice` (the caller's fault)
 */
export function tls12With(options: Tls12Options): TlsVersion {
  const handshake = handshakeOfTls12(options);
  const { cipherSuites = [], cbc, dangerousNull } = options;
  const recordsOf = ({ name, protection }: EarlierKeys["cipherSuite"]): EarlierRecords => {
    const records = { AEAD: aead, CBC: cbc, NULL: dangerousNull }[protection.type];
    if (records !== undefined) return records;
    const what =
      protection.type === "CBC"
        ? "it needs cbc of @tlskit/tls/cbc"
        : "it encrypts nothing: it needs dangerousNull of @tlskit/tls/dangerous-null";
    throw callerError("unsupported_choice", `cipherSuites has ${name}: ${what}`);
  };
  for (const suite of cipherSuites) recordsOf(suite);
  const records: EarlierRecords = {
    sealing: (provider, keys, random) => recordsOf(keys.cipherSuite).sealing(provider, keys, random),
    opening: (provider, keys) => recordsOf(keys.cipherSuite).opening(provider, keys),
  };
  return withRecords(handshake, records);
}

const aead: EarlierRecords = {
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
