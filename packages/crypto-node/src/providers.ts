import type { CryptoProvider } from "@tlskit/crypto";
import { aeads } from "./aead.ts";
import { sha1, sha256, sha384, sha512 } from "./hash.ts";
import { type KeyExchanges, keyExchanges } from "./key-exchange.ts";
import { atOnce, onThreadPool } from "./operations.ts";
import { type SignatureKeysByType, signatureKeysByType } from "./signature.ts";

export const keyExchangesAtOnce: KeyExchanges = keyExchanges(atOnce);
export const signaturesAtOnce: SignatureKeysByType = signatureKeysByType(atOnce);

/**
 * Everything that the runtime has, AES first: it is in hardware nearly everywhere that Node runs. The randomness that is
 * passed in is not used: OpenSSL has its own and takes no other.
 */
export const nodeProvider: CryptoProvider = provider("node:crypto", keyExchangesAtOnce, signaturesAtOnce);

/**
 * The same, but for what takes long: key agreement, signatures and making keys are computed on libuv's thread pool
 * (`UV_THREADPOOL_SIZE`) and answered later, so that a server of many handshakes goes on with everything else. A handshake
 * by itself is slower for it. What a runtime hasn't got in such a form is answered at once: `diffieHellman` before
 * Node 23.11; all but making keys in Deno.
 */
export const threadPoolProvider: CryptoProvider = provider(
  "node:crypto, thread pool",
  keyExchanges(onThreadPool),
  signatureKeysByType(onThreadPool),
);

function provider(
  name: string,
  { x25519MlKem768, x25519, p256, p384, p521, x448 }: KeyExchanges,
  { ecdsaP256, ed25519, ecdsaP384, ecdsaP521, ed448, rsa }: SignatureKeysByType,
): CryptoProvider {
  return {
    name,
    hashes: [sha256, sha384, sha512, sha1],
    aeads,
    keyExchanges: [x25519MlKem768, x25519, p256, p384, p521, x448].filter((exchange) => exchange !== undefined),
    signatures: [ecdsaP256, ed25519, ecdsaP384, ecdsaP521, ed448, rsa].filter((keys) => keys !== undefined),
  };
}
