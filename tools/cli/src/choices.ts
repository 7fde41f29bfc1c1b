import {
  availableCipherSuites,
  availableNamedGroups,
  byName,
  type CipherSuite,
  cipherSuites,
  type NamedGroup,
  namedGroups,
  type Registered,
} from "@tlskit/ciphersuites";
import { CryptoError, type CryptoProvider } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { opensslProvider } from "@tlskit/crypto-openssl";
import { UsageError } from "./usage.ts";

/** What both commands can be told of the negotiation. */
export interface Choices {
  readonly provider: CryptoProvider;
  readonly alpnProtocols: readonly string[] | undefined;
  readonly cipherSuites: readonly CipherSuite[] | undefined;
  readonly namedGroups: readonly NamedGroup[] | undefined;
}

/** The options, as the command line has them. */
export interface ChoiceOptions {
  readonly provider?: string | undefined;
  readonly alpn?: readonly string[] | undefined;
  readonly cipher?: readonly string[] | undefined;
  readonly group?: readonly string[] | undefined;
}

/** Providers by the names that the command line has for them. */
const providers: Readonly<Record<string, () => CryptoProvider>> = {
  node: () => nodeProvider,
  noble: () => nobleProvider,
  openssl: () => opensslProvider(),
};

interface Available {
  readonly cipherSuites: readonly CipherSuite[];
  readonly namedGroups: readonly NamedGroup[];
}

function availableBy(provider: CryptoProvider): Available {
  return {
    cipherSuites: availableCipherSuites(provider, cipherSuites),
    namedGroups: availableNamedGroups(provider, namedGroups),
  };
}

/** What can be chosen unless another provider is: all that is known and that the runtime has, offered by default or not. */
export const available: Available = availableBy(nodeProvider);

/** @throws {UsageError} for a name of nothing that is available */
export function choices(options: ChoiceOptions): Choices {
  const provider = providerNamed(options.provider ?? "node");
  const { cipherSuites, namedGroups } = availableBy(provider);
  return {
    provider,
    alpnProtocols: listed(options.alpn),
    cipherSuites: named("cipher suite", cipherSuites, options.cipher),
    namedGroups: named("group", namedGroups, options.group),
  };
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

function named<T extends Registered>(
  what: string,
  entries: readonly T[],
  values: readonly string[] | undefined,
): readonly T[] | undefined {
  // OpenSSL separates suites and groups by colons.
  const names = listed(values)?.flatMap((value) => value.split(":"));
  return names?.map((name) => {
    const found = byName(entries, name);
    if (found === undefined) {
      throw new UsageError(
        `no ${what} ${JSON.stringify(name)}; there are ${entries.map((entry) => entry.name).join(", ")}`,
      );
    }
    return found;
  });
}
