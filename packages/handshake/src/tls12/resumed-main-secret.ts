import type { Tls12CipherSuite } from "@tlskit/ciphersuites";
import { type CryptoProvider, hashOf } from "@tlskit/crypto";
import { MainSecret, prf } from "@tlskit/keyschedule";

/** The main secret that a session keeps: an extended one, since sessions are made of no others (RFC 7627 §5.3). */
export function resumedMainSecret(
  { provider }: { readonly provider: CryptoProvider },
  { hash }: Tls12CipherSuite,
  { presharedKey }: { readonly presharedKey: Uint8Array },
): MainSecret {
  return new MainSecret(prf(hashOf(provider, hash)), presharedKey, true);
}
