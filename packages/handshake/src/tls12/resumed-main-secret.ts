import type { Tls12CipherSuite } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { MainSecret } from "@tlskit/keyschedule";
import type { EarlierProtocol } from "./protocol.ts";

/** The main secret that a session keeps: an extended one, since sessions are made of no others (RFC 7627 §5.3). */
export function resumedMainSecret(
  protocol: EarlierProtocol,
  { provider }: { readonly provider: CryptoProvider },
  cipherSuite: Tls12CipherSuite,
  { presharedKey }: { readonly presharedKey: Uint8Array },
): MainSecret {
  return new MainSecret(protocol.prf(provider, cipherSuite), presharedKey, true);
}
