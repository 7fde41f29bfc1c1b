import { CryptoError, type CryptoProvider } from "@tlskit/crypto";
import type { Absence, Effort, Measure } from "./row.ts";

/** A provider under the name that it has in figures. */
export interface NamedProvider {
  readonly name: string;
  /** Makes it. A `CryptoError` says why that can't be done on this machine. */
  make(): Promise<CryptoProvider>;
}

/** Those that are measured: one more is one more line. */
export const providers: readonly NamedProvider[] = [
  { name: "node", make: async () => (await import("@tlskit/crypto-node")).nodeProvider },
  { name: "openssl", make: async () => (await import("@tlskit/crypto-openssl")).opensslProvider() },
  { name: "noble", make: async () => (await import("@tlskit/crypto-noble")).nobleProvider },
];

/** A contender's `prepare` that needs a provider: without one it is absent, with the provider's own words. */
export function preparedWith(
  provider: NamedProvider,
  prepare: (provider: CryptoProvider, effort: Effort) => Measure | Absence | Promise<Measure | Absence>,
): (effort: Effort) => Promise<Measure | Absence> {
  return async (effort) => {
    let made: CryptoProvider;
    try {
      made = await provider.make();
    } catch (error) {
      if (error instanceof CryptoError) return { absent: error.message };
      throw error;
    }
    return prepare(made, effort);
  };
}
