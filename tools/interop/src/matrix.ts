import {
  availableCipherSuites,
  availableNamedGroups,
  byName,
  type CipherSuite,
  cipherSuites,
  type NamedGroup,
  namedGroups,
  type SignatureScheme,
  signatureSchemes,
} from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { nobleTls12Provider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { opensslProvider } from "@tlskit/crypto-openssl";
import { type ChainShape, chainShapes, type LeafKey } from "./certificates.ts";
import { pairwise } from "./pairwise.ts";

/** What one connection is to negotiate, with which certificate, and by which provider at our side. */
export interface Combination {
  readonly cipherSuite: CipherSuite;
  readonly namedGroup: NamedGroup;
  readonly certificate: CertificateType;
  readonly shape: ChainShape;
  readonly provider: CryptoProvider;
}

/** A leaf's key, and the scheme that it is to sign the handshake with. */
export interface CertificateType {
  readonly leafKey: LeafKey;
  readonly signatureScheme: SignatureScheme;
}

const schemesByKey: readonly (readonly [LeafKey, ...string[]])[] = [
  ["P-256", "ecdsa_secp256r1_sha256"],
  ["P-384", "ecdsa_secp384r1_sha384"],
  ["P-521", "ecdsa_secp521r1_sha512"],
  ["Ed25519", "ed25519"],
  ["Ed448", "ed448"],
  ["RSA", "rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha512"],
  ["RSA-PSS", "rsa_pss_pss_sha256", "rsa_pss_pss_sha384", "rsa_pss_pss_sha512"],
];

const certificateTypes: readonly CertificateType[] = schemesByKey.flatMap(([leafKey, ...names]) =>
  names.map((name) => ({ leafKey, signatureScheme: schemeNamed(name) })),
);

/**
 * Every pair of suite, group, certificate, chain and provider, as far as the provider has them, for a peer that lacks some
 * groups perhaps.
 */
export function combinations(peerHas: (group: NamedGroup) => boolean): readonly Combination[] {
  const rows = pairwise(
    {
      certificate: certificateTypes,
      namedGroup: namedGroups.filter(peerHas),
      shape: chainShapes,
      cipherSuite: cipherSuites,
      provider: [nodeProvider, nobleTls12Provider, opensslProvider()],
    },
    ({ provider, cipherSuite, namedGroup, certificate }) =>
      (certificate === undefined || namedGroup === undefined || isWorthwhile(namedGroup, certificate)) &&
      (provider === undefined ||
        ((cipherSuite === undefined || availableCipherSuites(provider, [cipherSuite]).length > 0) &&
          (namedGroup === undefined || availableNamedGroups(provider, [namedGroup]).length > 0))),
  );
  // Those with one certificate stand together, so that a peer's process for it can serve them in a row.
  return rows.toSorted((a, b) => certificateKey(a).localeCompare(certificateKey(b)));
}

/** The finite fields above the shortest differ in nothing but numbers, and meet one certificate alone. */
function isWorthwhile({ name }: NamedGroup, { leafKey }: CertificateType): boolean {
  return !name.startsWith("ffdhe") || name === "ffdhe2048" || leafKey === "P-256";
}

/** What tells one certificate from another. */
export function certificateKey({ certificate, shape }: Combination): string {
  return `${certificate.leafKey} ${shape}`;
}

/** For a test's name. */
export function describeCombination({ cipherSuite, namedGroup, certificate, shape, provider }: Combination): string {
  const { leafKey, signatureScheme } = certificate;
  return `${cipherSuite.name}, ${namedGroup.name}, ${leafKey} with ${signatureScheme.name}, ${shape}, ${provider.name}`;
}

/** The scheme for a handshake, if there is one, and those that certificates of ours may be signed with. */
export function offeredSchemes(signatureScheme: SignatureScheme | undefined): readonly SignatureScheme[] {
  const inCertificates = ["ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "rsa_pkcs1_sha256", "ed25519"];
  const wanted = signatureScheme === undefined ? [] : [signatureScheme];
  return [...new Set([...wanted, ...inCertificates.map(schemeNamed)])];
}

/** @throws {RangeError} for a name that isn't registered */
export function schemeNamed(name: string): SignatureScheme {
  const scheme = byName(signatureSchemes, name);
  if (scheme === undefined) throw new RangeError(`no signature scheme is named ${name}`);
  return scheme;
}
