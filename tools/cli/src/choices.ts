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
import { nodeProvider } from "@tlskit/crypto-node";
import { UsageError } from "./usage.ts";

/** What both commands can be told of the negotiation. */
export interface Choices {
  readonly alpnProtocols: readonly string[] | undefined;
  readonly cipherSuites: readonly CipherSuite[] | undefined;
  readonly namedGroups: readonly NamedGroup[] | undefined;
}

/** The options, as the command line has them. */
export interface ChoiceOptions {
  readonly alpn?: readonly string[] | undefined;
  readonly cipher?: readonly string[] | undefined;
  readonly group?: readonly string[] | undefined;
}

/** What can be chosen: all that is known and that the runtime has, offered by default or not. */
export const available: {
  readonly cipherSuites: readonly CipherSuite[];
  readonly namedGroups: readonly NamedGroup[];
} = {
  cipherSuites: availableCipherSuites(nodeProvider, cipherSuites),
  namedGroups: availableNamedGroups(nodeProvider, namedGroups),
};

/** @throws {UsageError} for a name of nothing that is available */
export function choices(options: ChoiceOptions): Choices {
  return {
    alpnProtocols: listed(options.alpn),
    cipherSuites: named("cipher suite", available.cipherSuites, options.cipher),
    namedGroups: named("group", available.namedGroups, options.group),
  };
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
