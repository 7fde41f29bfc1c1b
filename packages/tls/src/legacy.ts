/**
 * TLS 1.1 and 1.0, to be listed among a context's `versions`: `[tls13, tls12, tls11, tls10]`. Both are forbidden (RFC 8996): they
 * stand on MD5 and SHA-1, with which handshakes can be forged, and have block ciphers in CBC mode alone, of which one is always
 * wrong somewhere (RFC 7457). They are for old devices that can do nothing better, and for finding out what a peer has; see
 * SECURITY.md. They are apart, so that nobody has them who doesn't ask for them.
 * @module
 */
import type { Tls12Options } from "@tlskit/handshake";
import { tls10With as handshakeOfTls10, tls11With as handshakeOfTls11 } from "@tlskit/handshake/legacy";
import { tls10CbcOpening, tls10CbcSealing, tls11CbcOpening, tls11CbcSealing } from "@tlskit/record/legacy";
import { callerError } from "@tlskit/wire";
import { cbcKeys } from "./cbc-keys.ts";
import { withRecords } from "./earlier-connection.ts";
import type { EarlierRecords } from "./earlier-host.ts";
import type { TlsVersion } from "./version.ts";

export { defaultLegacyCipherSuites } from "@tlskit/ciphersuites/legacy";

/** What TLS 1.1 and 1.0 can be told: `cipherSuites` whose names end in `_CBC_SHA`, and the `keyExchanges` for them. */
export type LegacyOptions = Tls12Options;

/**
 * TLS 1.1 (RFC 4346). Unless told otherwise it has `defaultLegacyCipherSuites`, which are with ECDHE.
 * @throws {TlsError} `invalid_argument`, `unsupported_choice` (the caller's fault)
 */
export function tls11With(options: LegacyOptions): TlsVersion {
  return withRecords(handshakeOfTls11(options), recordsFor(options, recordsOfTls11));
}

/**
 * TLS 1.0 (RFC 2246). Unless told otherwise it has `defaultLegacyCipherSuites`, which are with ECDHE.
 * @throws {TlsError} `invalid_argument`, `unsupported_choice` (the caller's fault)
 */
export function tls10With(options: LegacyOptions): TlsVersion {
  return withRecords(handshakeOfTls10(options), recordsFor(options, recordsOfTls10));
}

/** The handshake has looked at the options. */
function recordsFor({ cipherSuites = [] }: LegacyOptions, records: EarlierRecords): EarlierRecords {
  const unencrypted = cipherSuites.find(({ protection }) => protection.type === "NULL");
  if (unencrypted === undefined) return records;
  throw callerError("unsupported_choice", `cipherSuites has ${unencrypted.name}: it encrypts nothing`);
}

const recordsOfTls11: EarlierRecords = {
  sealing: (provider, keys, random) => tls11CbcSealing(cbcKeys(provider, keys), random),
  opening: (provider, keys) => tls11CbcOpening(cbcKeys(provider, keys)),
};

const recordsOfTls10: EarlierRecords = {
  sealing: (provider, keys) => tls10CbcSealing(cbcKeys(provider, keys)),
  opening: (provider, keys) => tls10CbcOpening(cbcKeys(provider, keys)),
};

/** TLS 1.1 as it is unless told otherwise. */
export const tls11: TlsVersion = /* @__PURE__ */ tls11With({});

/** TLS 1.0 as it is unless told otherwise. */
export const tls10: TlsVersion = /* @__PURE__ */ tls10With({});
