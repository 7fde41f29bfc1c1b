import { setImmediate } from "node:timers/promises";
import type { CryptoProvider } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { createWebProvider } from "@tlskit/crypto-web";
import type { InMemoryNetwork } from "@tlskit/testing";

/** A call of WebCrypto's. */
export interface SubtleCall {
  readonly method: string;
  readonly given: readonly unknown[];
}

/** Calls that WebCrypto has not answered. */
let underWay = 0;

/**
 * A provider by this runtime's WebCrypto, with what that lacks by noble if it is asked for.
 * @param instead what happens instead of a call of WebCrypto's.
 */
export async function webProvider(
  besides: "noble" | "nothing",
  instead: (call: SubtleCall, own: () => Promise<unknown>) => Promise<unknown> = (_call, own) => own(),
): Promise<CryptoProvider> {
  const subtle = new Proxy(crypto.subtle, {
    get: (target, method: keyof SubtleCrypto) => {
      const own: unknown = Reflect.get(target, method, target);
      if (typeof own !== "function") return own;
      return async (...given: readonly unknown[]) => {
        underWay += 1;
        try {
          return await instead({ method, given }, () => Reflect.apply(own, target, given));
        } finally {
          underWay -= 1;
        }
      };
    },
  });
  return await createWebProvider(subtle, besides === "noble" ? nobleProvider : {});
}

/** Runs a world, and lets WebCrypto's answers come in between, until nothing is under way. */
export async function quiet(network: InMemoryNetwork): Promise<void> {
  do {
    network.run();
    await setImmediate();
  } while (underWay > 0 || !network.isQuiet);
}
