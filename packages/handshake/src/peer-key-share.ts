import type { NamedGroup } from "@tlskit/ciphersuites";
import { type Awaitable, CryptoError, type Steps, wait } from "@tlskit/crypto";
import { illegalParameter } from "./extension-rules.ts";

/**
 * What comes of a peer's key share.
 * RFC 9846 §4.3.8.2#point-checked, §7.4.2#all-zero: a share that is off the curve, or gives an all-zero secret, is `illegal_parameter`.
 */
export function* fromPeerShare<T>(group: Pick<NamedGroup, "name">, compute: () => Awaitable<T>): Steps<T> {
  try {
    return yield* wait(compute());
  } catch (error) {
    if (error instanceof CryptoError && error.code === "invalid_key_share") {
      throw illegalParameter("invalid_key_share", `the peer's ${group.name} key share is invalid: ${error.message}`);
    }
    throw error;
  }
}
