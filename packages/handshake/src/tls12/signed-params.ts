import type { ClientHello, ServerHello } from "@tlskit/messages";
import { concat } from "@tlskit/wire";

/** RFC 5246 §7.4.3, RFC 8422 §2.1#signed: what a server signs of its key exchange: with both randoms, so that it serves one handshake. */
export function signedParams(
  { random: clientRandom }: Pick<ClientHello, "random">,
  { random: serverRandom }: Pick<ServerHello, "random">,
  params: Uint8Array,
): Uint8Array {
  return concat(clientRandom, serverRandom, params);
}
