import {
  availableCipherSuites,
  availableNamedGroups,
  availableTls12CipherSuites,
  byName,
  type CipherSuite,
  cipherSuites,
  type NamedGroup,
  namedGroups,
  type Registered,
  type Tls12CipherSuite,
  tls12CipherSuites,
} from "@tlskit/ciphersuites";
import { isLegacyCipherSuite } from "@tlskit/ciphersuites/legacy";
import { CryptoError, type CryptoProvider } from "@tlskit/crypto";
import { nobleTls12Provider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { opensslProvider } from "@tlskit/crypto-openssl";
import { type PskProtocol, type TlsVersion, tls12With, tls13 } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { dhe } from "@tlskit/tls/dhe";
import { defaultLegacyCipherSuites, tls10With, tls11With } from "@tlskit/tls/legacy";
import { dhePsk, ecdhePsk, psk, rsaPsk } from "@tlskit/tls/psk";
import { rsa } from "@tlskit/tls/rsa";
import { nearNames } from "./near-names.ts";
import { UsageError } from "./usage.ts";

/** What both commands can be told of the negotiation. */
export interface Choices {
  readonly provider: CryptoProvider;
  readonly alpnProtocols: readonly string[] | undefined;
  /** Nothing where @tlskit/node is to choose: 1.3 and 1.2, as far as there are certificates. */
  readonly versions: readonly TlsVersion[] | undefined;
  readonly cipherSuites: readonly CipherSuite[] | undefined;
  readonly namedGroups: readonly NamedGroup[] | undefined;
}

/** The options, as the command line has them. */
export interface ChoiceOptions {
  readonly provider?: string | undefined;
  readonly alpn?: readonly string[] | undefined;
  readonly tls?: readonly string[] | undefined;
  readonly cipher?: readonly string[] | undefined;
  readonly group?: readonly string[] | undefined;
  readonly psk?: readonly string[] | undefined;
}

/** Providers by the names that the command line has for them. */
const providers: Readonly<Record<string, () => CryptoProvider>> = {
  node: () => nodeProvider,
  noble: () => nobleTls12Provider,
  openssl: () => opensslProvider(),
};

/** How suites of TLS 1.2 may come to a secret, beside ECDHE. */
const keyExchanges = [dhe, rsa, ecdhePsk, dhePsk, psk, rsaPsk];

interface Available {
  readonly cipherSuites: readonly CipherSuite[];
  /** Of TLS 1.2; unless they are named those by default alone. */
  readonly tls12CipherSuites: readonly Tls12CipherSuite[];
  readonly namedGroups: readonly NamedGroup[];
}

function availableBy(provider: CryptoProvider): Available {
  return {
    cipherSuites: availableCipherSuites(provider, cipherSuites),
    tls12CipherSuites: availableTls12CipherSuites(provider, tls12CipherSuites).filter(
      ({ keyExchange }) => keyExchange === "ECDHE" || keyExchanges.some(({ name }) => name === keyExchange),
    ),
    namedGroups: availableNamedGroups(provider, namedGroups),
  };
}

const registry: Available = { cipherSuites, tls12CipherSuites, namedGroups };

/** What can be chosen unless another provider is: all that is known and that the runtime has, offered by default or not. */
export const available: Available = availableBy(nodeProvider);

/**
 * @param role a client offers all that a server of old may have alone, RSA's key exchange too.
 * @throws {UsageError} for a name of nothing that is available
 */
export function choices(options: ChoiceOptions, role: "client" | "server"): Choices {
  const provider = providerNamed(options.provider ?? "node");
  const { cipherSuites, tls12CipherSuites, namedGroups } = availableBy(provider);
  const versions = versionNames(options);
  const suites = named(
    "cipher suite",
    [...cipherSuites, ...tls12CipherSuites],
    [...registry.cipherSuites, ...registry.tls12CipherSuites],
    options.cipher,
  );
  const newer = suites?.filter((suite) => "aead" in suite);
  const older = suites?.filter((suite) => "protection" in suite) ?? [];
  checkVersions(versions);
  checkFit(older, versions);
  const takesPsks = options.psk !== undefined && pskProtocol(options) === "TLS 1.2";
  const ofPsks = older.find(isOfPsks);
  if (!takesPsks && ofPsks !== undefined) {
    throw new UsageError(`${ofPsks.name} takes --psk, with --tls 1.2 and not 1.3: a key is for one of them`);
  }
  if (takesPsks && older.length > 0 && ofPsks === undefined) {
    throw new UsageError("--psk with --tls 1.2 takes a --cipher with PSK in its name, or none");
  }
  const unlessNamed = takesPsks ? tls12CipherSuites.filter(isGoodForPsks) : undefined;
  const legacyUnlessNamed = takesPsks
    ? tls12CipherSuites.filter((suite) => isLegacyCipherSuite(suite) && hasEphemeralPsk(suite))
    : legacySuites(role);
  const legacy = {
    cipherSuites: older.length === 0 ? legacyUnlessNamed : older.filter(isLegacyCipherSuite),
    keyExchanges,
  };
  const byName: Readonly<Record<string, () => TlsVersion>> = {
    "1.3": () => tls13,
    "1.2": () => tls12With({ cipherSuites: older.length === 0 ? unlessNamed : older, keyExchanges, cbc }),
    "1.1": () => tls11With(legacy),
    "1.0": () => tls10With(legacy),
  };
  return {
    provider,
    alpnProtocols: listed(options.alpn),
    versions:
      options.tls === undefined && older.length === 0
        ? undefined
        : [...new Set(versions)].map((name) => versionNamed(byName, name)),
    // Whoever names those of the one version says nothing of the other.
    cipherSuites: newer?.length === 0 ? undefined : newer,
    namedGroups: named("group", namedGroups, registry.namedGroups, options.group),
  };
}

/** What pre-shared keys are for: TLS 1.3 if that is spoken, since none is for two (RFC 9257 §4.2). */
export function pskProtocol(options: ChoiceOptions): PskProtocol {
  return versionNames(options).includes("1.3") ? "TLS 1.3" : "TLS 1.2";
}

/** A client offers what there was; 3DES takes its name. A server has no RSA unless it is named, which not every certificate goes with. */
function legacySuites(role: "client" | "server"): readonly Tls12CipherSuite[] {
  if (role === "server") return defaultLegacyCipherSuites;
  const others = tls12CipherSuites.filter(
    (suite) =>
      isLegacyCipherSuite(suite) &&
      (suite.keyExchange === "DHE" || suite.keyExchange === "RSA") &&
      suite.protection.type === "CBC" &&
      suite.protection.cipher !== "3DES-EDE-CBC",
  );
  return [...defaultLegacyCipherSuites, ...others];
}

const versionsInOrder = ["1.3", "1.2", "1.1", "1.0"];

/** Without a gap: a peer takes what is between for granted. */
function checkVersions(versions: readonly string[]): void {
  const places = versions.map((name) => versionsInOrder.indexOf(name)).filter((place) => place >= 0);
  const missing = versionsInOrder
    .slice(Math.min(...places), Math.max(...places))
    .find((name) => !versions.includes(name));
  if (missing !== undefined) throw new UsageError(`--tls leaves ${missing} out, and has what is older`);
}

/** Each suite that is named is one of a version that is spoken. */
function checkFit(suites: readonly Tls12CipherSuite[], versions: readonly string[]): void {
  if (versions.includes("1.2")) return;
  const isLegacy = versions.some((name) => name === "1.1" || name === "1.0");
  const stray = suites.find((suite) => !(isLegacy && isLegacyCipherSuite(suite)));
  if (stray !== undefined) throw new UsageError(`${stray.name} is a cipher suite of TLS 1.2: it takes --tls 1.2`);
}

function isOfPsks({ keyExchange }: Tls12CipherSuite): boolean {
  return keyExchange.endsWith("PSK");
}

/** With ephemeral keys and an AEAD. */
function isGoodForPsks({ keyExchange, protection }: Tls12CipherSuite): boolean {
  return hasEphemeralPsk({ keyExchange }) && protection.type === "AEAD";
}

function hasEphemeralPsk({ keyExchange }: Pick<Tls12CipherSuite, "keyExchange">): boolean {
  return keyExchange === "ECDHE_PSK" || keyExchange === "DHE_PSK";
}

/** The suites of TLS 1.2 that the command line names. */
export function namedTls12CipherSuites({ cipher }: ChoiceOptions): readonly Tls12CipherSuite[] {
  return separated(cipher)?.flatMap((name) => byName(available.tls12CipherSuites, name) ?? []) ?? [];
}

function versionNames({ tls }: ChoiceOptions): readonly string[] {
  return listed(tls) ?? ["1.3", "1.2"];
}

/** @throws {UsageError} */
function versionNamed(versions: Readonly<Record<string, () => TlsVersion>>, name: string): TlsVersion {
  const make = Object.hasOwn(versions, name) ? versions[name] : undefined;
  if (make !== undefined) return make();
  throw new UsageError(`no version ${JSON.stringify(name)}; there are ${Object.keys(versions).join(", ")}`);
}

function providerNamed(name: string): CryptoProvider {
  const make = Object.hasOwn(providers, name) ? providers[name] : undefined;
  if (make === undefined) {
    throw new UsageError(`no provider ${JSON.stringify(name)}; there are ${Object.keys(providers).join(", ")}`);
  }
  try {
    return make();
  } catch (error) {
    if (error instanceof CryptoError) throw new UsageError(`--provider ${name}: ${error.message}`);
    throw error;
  }
}

function listed(values: readonly string[] | undefined): readonly string[] | undefined {
  return values?.flatMap((value) => value.split(",")).filter((value) => value !== "");
}

/** OpenSSL separates suites and groups by colons. */
function separated(values: readonly string[] | undefined): readonly string[] | undefined {
  return listed(values)?.flatMap((value) => value.split(":"));
}

/**
 * @param entries those that the provider has.
 * @param known all that it could have.
 * @throws {UsageError}
 */
function named<T extends Registered>(
  what: string,
  entries: readonly T[],
  known: readonly T[],
  values: readonly string[] | undefined,
): readonly T[] | undefined {
  return separated(values)?.map((name) => {
    const found = byName(entries, name);
    if (found !== undefined) return found;
    const missing = byName(known, name);
    if (missing !== undefined) throw new UsageError(`the provider hasn't got ${missing.name}`);
    const names = entries.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])]);
    throw new UsageError(
      `no ${what} ${JSON.stringify(name)}; there are, among others, ${nearNames(names, name).join(", ")}`,
    );
  });
}
