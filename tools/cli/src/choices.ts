import { byName, type CipherSuite, cipherSuites, type NamedGroup, namedGroups } from "@tlskit/ciphersuites";
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

/** @throws {UsageError} for a name that isn't known */
export function choices(options: ChoiceOptions): Choices {
  return {
    alpnProtocols: listed(options.alpn),
    cipherSuites: named("cipher suite", cipherSuites, options.cipher),
    namedGroups: named("group", namedGroups, options.group),
  };
}

function listed(values: readonly string[] | undefined): readonly string[] | undefined {
  return values?.flatMap((value) => value.split(",")).filter((value) => value !== "");
}

function named<T extends { readonly name: string; readonly code: number; readonly aliases?: readonly string[] }>(
  what: string,
  known: readonly T[],
  values: readonly string[] | undefined,
): readonly T[] | undefined {
  // OpenSSL separates suites and groups by colons.
  const names = listed(values)?.flatMap((value) => value.split(":"));
  return names?.map((name) => {
    const found = byName(known, name);
    if (found === undefined) {
      throw new UsageError(
        `no ${what} ${JSON.stringify(name)}; there are ${known.map((entry) => entry.name).join(", ")}`,
      );
    }
    return found;
  });
}
