import type { Tls12CipherSuite } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { MainSecret } from "@tlskit/keyschedule";
import type { ServerSession } from "@tlskit/sessions";
import type { EarlierProtocol } from "./protocol.ts";

/** The main secret that a session keeps. */
export function resumedMainSecret(
  protocol: EarlierProtocol,
  { provider }: { readonly provider: CryptoProvider },
  cipherSuite: Tls12CipherSuite,
  { secret, extendedMainSecret }: Pick<ServerSession, "secret" | "extendedMainSecret">,
): MainSecret {
  return new MainSecret(protocol.prf(provider, cipherSuite), secret, extendedMainSecret);
}
