import { type CertificateWithKey, type TlsVersion, tls12With, tls13 } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { rsa } from "@tlskit/tls/rsa";
import { cipherList } from "./cipher-list.ts";
import { compliancePolicies } from "./compliance.ts";
import { type Config, Unimplemented } from "./flags.ts";
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

/** Whether it is told of versions that aren't there. */
export function lacksVersions(config: Config): boolean {
  return wanted(config).some((code) => code < 0x0303);
}

/**
 * The versions that a shim has.
 * @param certificates a server's: suites that none of them goes with are left out, as BoringSSL does it when it chooses.
 */
export function versionsOf(config: Config, certificates?: readonly CertificateWithKey[]): readonly TlsVersion[] {
  const codes = wanted(config);
  const versions: readonly TlsVersion[] = codes.flatMap((code) =>
    code === 0x0304 ? [tls13] : code === 0x0303 ? [tls12Of(config, certificates)] : [],
  );
  if (versions.length === 0 && codes.length > 0) throw new Unimplemented("TLS 1.1 and 1.0");
  return versions;
}

function tls12Of({ cipher, compliance }: Config, certificates: readonly CertificateWithKey[] | undefined): TlsVersion {
  const decrypts = certificates?.some(isForRsa) ?? true;
  const policy = compliance && compliancePolicies[compliance].tls12CipherSuites;
  const cipherSuites = (policy ?? cipherList(cipher)).filter(({ keyExchange }) => keyExchange !== "RSA" || decrypts);
  return tls12With({ cipherSuites, keyExchanges: [rsa], cbc });
}

/** Whether secrets can be encrypted to a certificate's key, and there is what decrypts them. */
function isForRsa({ chain: [leaf] }: CertificateWithKey): boolean {
  return (
    leaf?.subjectPublicKeyInfo.algorithm === "rsaEncryption" &&
    (leaf.keyUsage?.has("keyEncipherment") ?? true) &&
    provider.rsaEncryption?.decrypter !== undefined
  );
}
