import {
  availableTls12CipherSuites,
  byName,
  type NamedGroup,
  namedGroups,
  type SignatureScheme,
  secp256r1,
  secp384r1,
  secp521r1,
  type Tls12CipherSuite,
  type Tls12KeyExchange,
  tls12CipherSuites,
} from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { nobleTls12Provider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { opensslProvider } from "@tlskit/crypto-openssl";
import type { LeafKey } from "./certificates.ts";
import { schemeNamed } from "./matrix.ts";

/** What one connection of TLS 1.2 is to negotiate, with which certificate, and by which provider at our side. */
export interface Tls12Combination {
  readonly cipherSuite: Tls12CipherSuite;
  readonly leafKey: LeafKey;
  /** Neither where the key exchange is RSA's. */
  readonly namedGroup: NamedGroup | undefined;
  readonly signatureScheme: SignatureScheme | undefined;
  /** Never with an AEAD. */
  readonly encryptThenMac: boolean;
  readonly extendedMainSecret: boolean;
  readonly provider: CryptoProvider;
}

const signedOrEncrypted: readonly Tls12KeyExchange[] = ["ECDHE", "DHE", "RSA"];

/** Every suite whose server is known by its certificate alone. */
export const certifiedSuites: readonly Tls12CipherSuite[] = tls12CipherSuites.filter(({ keyExchange }) =>
  signedOrEncrypted.includes(keyExchange),
);

const ecdsaSchemes = ["ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "ecdsa_secp521r1_sha512"];

/** What a key may sign with: unlike in TLS 1.3 any hash on any curve, and PKCS#1 v1.5 (RFC 9846 §4.3.3#tls12-meaning). */
const schemesByKey: Readonly<Record<LeafKey, readonly string[]>> = {
  "P-256": ecdsaSchemes,
  "P-384": ecdsaSchemes,
  "P-521": ecdsaSchemes,
  Ed25519: ["ed25519"],
  Ed448: ["ed448"],
  RSA: [256, 384, 512].flatMap((bits) => [`rsa_pkcs1_sha${bits}`, `rsa_pss_rsae_sha${bits}`]),
  "RSA-PSS": [256, 384, 512].map((bits) => `rsa_pss_pss_sha${bits}`),
};

const curveByKey: Readonly<Partial<Record<LeafKey, NamedGroup>>> = {
  "P-256": secp256r1,
  "P-384": secp384r1,
  "P-521": secp521r1,
};

/** The group of a certificate's key, if it has one. */
export function curveOf(leafKey: LeafKey): NamedGroup | undefined {
  return curveByKey[leafKey];
}

/** All that a key may sign with. */
export function schemesOf(leafKey: LeafKey): readonly SignatureScheme[] {
  return schemesByKey[leafKey].map(schemeNamed);
}

const ecdsaKeys: readonly LeafKey[] = ["P-256", "P-384", "P-521", "Ed25519", "Ed448"];

/** The keys of certificates that go with a suite. */
function leafKeysOf({ keyExchange, certificateKey, protection }: Tls12CipherSuite): readonly LeafKey[] {
  if (certificateKey === "ECDSA") return ecdsaKeys;
  if (keyExchange !== "RSA") return ["RSA", "RSA-PSS"];
  // It encrypts to the one kind of key. With block ciphers it comes twice: with encrypt-then-MAC, and without.
  return protection.type === "CBC" ? ["RSA", "RSA"] : ["RSA"];
}

const groupsByExchange: Readonly<Record<string, readonly NamedGroup[]>> = {
  ECDHE: groupsNamed("x25519", "secp256r1", "secp384r1", "secp521r1", "x448"),
  // The largest take half a second.
  DHE: groupsNamed("ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe2048", "ffdhe6144", "ffdhe3072", "ffdhe8192"),
};

function groupsNamed(...names: readonly string[]): readonly NamedGroup[] {
  return names.flatMap((name) => byName(namedGroups, name) ?? []);
}

/**
 * Every suite with every kind of certificate that goes with it. The rest takes turns: groups, signature schemes, providers
 * of ours that have what it takes, encrypt-then-MAC and the extended main secret with and without.
 * @param role ours.
 */
export function tls12Combinations(
  role: "client" | "server",
  peerHas: (suite: Tls12CipherSuite) => boolean,
): readonly Tls12Combination[] {
  const turns = new Turns();
  return certifiedSuites.filter(peerHas).flatMap((cipherSuite) =>
    leafKeysOf(cipherSuite).map((leafKey, leafAt): Tls12Combination => {
      const { keyExchange, protection } = cipherSuite;
      const namedGroup = turns.next(`group ${keyExchange} ${leafKey}`, groupsByExchange[keyExchange] ?? []);
      const scheme = turns.next(`scheme ${leafKey}`, keyExchange === "RSA" ? [] : schemesOf(leafKey));
      const cipher = protection.type === "AEAD" ? protection.aead : protection.type === "CBC" ? protection.cipher : "";
      const providers = providersFor(role, cipherSuite, namedGroup);
      return {
        cipherSuite,
        leafKey,
        namedGroup,
        signatureScheme: scheme,
        encryptThenMac: protection.type === "CBC" && leafAt % 2 === 0,
        extendedMainSecret: turns.next(`extended main secret ${keyExchange}`, [true, true, false]) === true,
        provider: turns.next(`provider ${cipher}`, providers) ?? nodeProvider,
      };
    }),
  );
}

/** Values that take turns, by what they are for. */
class Turns {
  readonly #taken = new Map<string, number>();

  next<T>(what: string, values: readonly T[]): T | undefined {
    const taken = this.#taken.get(what) ?? 0;
    this.#taken.set(what, taken + 1);
    return values[taken % values.length];
  }
}

const native: readonly CryptoProvider[] = [nodeProvider, opensslProvider()];

function providersFor(
  role: "client" | "server",
  suite: Tls12CipherSuite,
  group: NamedGroup | undefined,
): readonly CryptoProvider[] {
  // BigInts take a second for the large fields, and decrypt nothing (SECURITY.md).
  const isForNoble =
    availableTls12CipherSuites(nobleTls12Provider, [suite]).length > 0 &&
    (role === "client" || suite.keyExchange !== "RSA") &&
    (suite.keyExchange !== "DHE" || group?.name === "ffdhe2048");
  return isForNoble ? [...native, nobleTls12Provider] : native;
}

/** For a test's name. */
export function describeTls12Combination(combination: Tls12Combination): string {
  const { cipherSuite, leafKey, namedGroup, signatureScheme, encryptThenMac, extendedMainSecret, provider } =
    combination;
  return [
    cipherSuite.name,
    ...(namedGroup === undefined ? [] : [namedGroup.name]),
    signatureScheme === undefined ? leafKey : `${leafKey} with ${signatureScheme.name}`,
    ...(cipherSuite.protection.type === "CBC" ? [encryptThenMac ? "encrypt-then-MAC" : "MAC-then-encrypt"] : []),
    ...(extendedMainSecret ? [] : ["no extended main secret"]),
    provider.name,
  ].join(", ");
}
