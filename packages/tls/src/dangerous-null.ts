/**
 * TLS 1.2's records without encryption, for the suites of `@tlskit/ciphersuites/dangerous`: `tls12With({ cipherSuites,
 * dangerousNull })`. Everybody on the way reads everything; only changes are noticed. They are apart, so that nobody has them
 * who doesn't ask for them.
 * @module
 */
import { type CryptoProvider, hashOf } from "@tlskit/crypto";
import type { EarlierKeys } from "@tlskit/handshake";
import { type DangerousNullKeys, dangerousNullOpening, dangerousNullSealing } from "@tlskit/record/dangerous-null";
import { callerError } from "@tlskit/wire";
import type { EarlierRecords } from "./earlier-host.ts";

/** How records are authenticated alone. */
export const dangerousNull: EarlierRecords = {
  sealing: (provider, keys) => dangerousNullSealing(nullKeys(provider, keys)),
  opening: (provider, keys) => dangerousNullOpening(nullKeys(provider, keys)),
};

function nullKeys(
  provider: CryptoProvider,
  { cipherSuite: { name, protection }, keys: { macKey } }: EarlierKeys,
): DangerousNullKeys {
  if (protection.type !== "NULL") throw callerError("unsupported_choice", `${name} encrypts`);
  return { hash: hashOf(provider, protection.mac), macKey };
}
