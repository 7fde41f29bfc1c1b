import type { Tls12CipherSuite } from "@tlskit/ciphersuites";
import { type CertificateWithKey, type TlsVersion, tls12With, tls13 } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { tls10With, tls11With } from "@tlskit/tls/legacy";
import { ecdhePskWith, pskWith } from "@tlskit/tls/psk";
import { rsa } from "@tlskit/tls/rsa";
import { cipherList } from "./cipher-list.ts";
import { compliancePolicies } from "./compliance.ts";
import type { Config } from "./flags.ts";
import { provider } from "./provider.ts";

/** Those that the runner has, and what turns each of them off. */
const known: readonly (readonly [code: number, isOff: (config: Config) => boolean])[] = [
  [0x0304, ({ noTls13 }) => noTls13],
  [0x0303, ({ noTls12 }) => noTls12],
  [0x0302, ({ noTls11 }) => noTls11],
  [0x0301, ({ noTls1 }) => noTls1],
];

/** Code points of the versions that a shim is to have, the newest first. */
function wanted(config: Config): readonly number[] {
  const { minVersion = 0, maxVersion = Number.POSITIVE_INFINITY } = config;
  return known.flatMap(([code, isOff]) => (isOff(config) || code < minVersion || code > maxVersion ? [] : [code]));
}

/**
 * The versions that a shim has.
 * @param certificates a server's: suites that none of them goes with are left out, as BoringSSL does it when it chooses.
 */
export function versionsOf(config: Config, certificates?: readonly CertificateWithKey[]): readonly TlsVersion[] {
  return wanted(config).flatMap((code) => (code === 0x0304 ? tls13 : earlier(code, config, certificates)));
}

function earlier(
  code: number,
  { cipher, compliance, psk, pskIdentity }: Config,
  certificates: readonly CertificateWithKey[] | undefined,
): readonly TlsVersion[] {
  const policy = compliance && compliancePolicies[compliance].tls12CipherSuites;
  // The policies are for TLS 1.2 at least.
  if (policy !== undefined && code < 0x0303) return [];
  const decrypts = certificates?.some(isForRsa) ?? true;
  const suites = (policy ?? cipherList(cipher)).filter(({ keyExchange }) =>
    keyExchange.endsWith("PSK") ? psk !== undefined : keyExchange !== "RSA" || decrypts,
  );
  const cipherSuites = code === 0x0303 ? suites : suites.filter(isOlderThanTls12);
  if (cipherSuites.length === 0) return [];
  // A server's hint is the name itself.
  const hint = pskIdentity === "" ? {} : { identityHint: Buffer.from(pskIdentity, "latin1") };
  const options = { cipherSuites, keyExchanges: [rsa, ecdhePskWith(hint), pskWith(hint)] };
  if (code === 0x0303) return [tls12With({ ...options, cbc })];
  return [code === 0x0302 ? tls11With(options) : tls10With(options)];
}

/** What there was before AEADs and before HMAC with SHA-256. */
function isOlderThanTls12({ name }: Tls12CipherSuite): boolean {
  return name.endsWith("_CBC_SHA");
}

/** Whether secrets can be encrypted to a certificate's key, and there is what decrypts them. */
function isForRsa({ chain: [leaf] }: CertificateWithKey): boolean {
  return (
    leaf?.subjectPublicKeyInfo.algorithm === "rsaEncryption" &&
    (leaf.keyUsage?.has("keyEncipherment") ?? true) &&
    provider.rsaEncryption?.decrypter !== undefined
  );
}
