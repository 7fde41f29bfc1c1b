import { randomFillSync } from "node:crypto";
import { setImmediate } from "node:timers";
import { KeySharesAhead, type KeySharesAheadOptions } from "@tlskit/crypto";
import { nodeProvider } from "./providers.ts";

/** What shares are made ahead. */
export interface IdleKeySharesOptions
  extends Partial<Pick<KeySharesAheadOptions, "provider" | "keyExchanges" | "count">> {}

/**
 * Key shares made ahead, one at a time between the event loop's other work: what `provider` of a context takes is the
 * `provider` of what this gives, and `dispose()` ends it. It keeps no process alive.
 *
 * Unless told otherwise they are those that a client of this provider's sends, of X25519MLKEM768, where there is one, and
 * X25519; the latter's serve a server as well.
 * @throws {CryptoError} `invalid_argument`, `unsupported`
 */
export function keySharesAhead({
  provider = nodeProvider,
  keyExchanges,
  count,
}: IdleKeySharesOptions = {}): KeySharesAhead {
  return new KeySharesAhead({
    provider,
    random: (length) => randomFillSync(new Uint8Array(length)),
    keyExchanges:
      keyExchanges ?? usual.filter((name) => provider.keyExchanges.some((exchange) => exchange.name === name)),
    count,
    whenIdle: (work) => {
      setImmediate(work).unref();
    },
  });
}

const usual = ["X25519MLKEM768", "X25519"] as const;
