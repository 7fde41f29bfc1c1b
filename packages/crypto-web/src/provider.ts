import {
  type AeadAlgorithm,
  type CryptoProvider,
  cryptoError,
  type KeyExchange,
  type SignatureKeys,
} from "@tlskit/crypto";
import { sha1, sha256, sha384, sha512 } from "@tlskit/crypto-noble";
import { aesGcm } from "./aead.ts";
import { somePoint } from "./curves.ts";
import { agreements, keyAgreement } from "./key-exchange.ts";
import { ecdsa, ed25519, rsa } from "./signatures.ts";
import type { WebCryptoKey } from "./signer.ts";
import type { Bytes, SubtleAlgorithm, SubtleCryptography, SubtleKeyUsage } from "./subtle.ts";

/** What another provider has that WebCrypto hasn't: all of one, or what a program wants in its bundle. */
export type Besides = Partial<Omit<CryptoProvider, "name" | "hashes">>;

/**
 * A provider by WebCrypto, which answers later: AES-GCM, X25519 and ECDH, ECDSA, Ed25519 and RSA, as far as the runtime has
 * them, which is found out here and never again; with hashes, HMAC and HKDF, which have to answer at once, by
 * `@tlskit/crypto-noble`. Keys are of the runtime's own randomness, whatever source a context has.
 *
 * Making it takes neither randomness nor timers: it can be made at the top of a module, also where a runtime has none
 * there.
 * @param besides what WebCrypto or the runtime lacks: `nobleProvider`, say, for ChaCha20-Poly1305 and X25519MLKEM768, which
 *   counts for what the runtime hasn't got alone.
 * @throws {CryptoError} (it rejects) `invalid_argument` without WebCrypto, as in a page that isn't a secure context
 * ```ts
 * const provider = await createWebProvider(crypto.subtle);
 * ```
 */
export async function createWebProvider<K extends WebCryptoKey>(
  subtle: SubtleCryptography<K>,
  besides: Besides = {},
): Promise<CryptoProvider> {
  // For callers in JavaScript, and pages that aren't secure contexts, of which types say nothing.
  if (typeof subtle?.importKey !== "function") {
    throw cryptoError(
      "invalid_argument",
      "subtle is not WebCrypto's: pages have crypto.subtle by https and on localhost alone",
    );
  }
  const [aeads, keyExchanges, signatures] = await Promise.all([
    available<AeadAlgorithm>(subtle, [
      [aesGcm(subtle, "AES-128-GCM", 16), aesProbe(16)],
      [aesGcm(subtle, "AES-256-GCM", 32), aesProbe(32)],
    ]),
    available<KeyExchange>(
      subtle,
      agreements.map((agreement) => [
        keyAgreement(subtle, agreement),
        { algorithm: agreement.algorithm, key: share(agreement.name), usages: [] },
      ]),
    ),
    available<SignatureKeys>(subtle, [
      [ecdsa(subtle, "P-256", "SHA-256"), ecdsaProbe("P-256")],
      [ed25519(subtle), { algorithm: { name: "Ed25519" }, key: edwardsPoint, usages: ["verify"] }],
      [ecdsa(subtle, "P-384", "SHA-384"), ecdsaProbe("P-384")],
      [ecdsa(subtle, "P-521", "SHA-512"), ecdsaProbe("P-521")],
      [rsa(subtle), undefined],
    ]),
  ]);
  const hybrids = (besides.keyExchanges ?? []).filter(({ name }) => name === "X25519MLKEM768");
  return {
    ...besides,
    name: "WebCrypto",
    hashes: [sha256, sha384, sha512, sha1],
    aeads: completed(aeads, besides.aeads, ({ name }) => name),
    // RFC 9846 §4.3.8: what is safe from quantum computers comes first, as of every provider here.
    keyExchanges: completed([...hybrids, ...keyExchanges], besides.keyExchanges, ({ name }) => name),
    signatures: completed(signatures, besides.signatures, ({ type }) => type),
  };
}

/** A public key, or a key for nothing, that a runtime takes if it has the algorithm. */
interface Probe {
  readonly algorithm: SubtleAlgorithm;
  readonly key: Bytes;
  readonly usages: readonly SubtleKeyUsage[];
}

const aesProbe = (length: number): Probe => ({
  algorithm: { name: "AES-GCM" },
  key: new Uint8Array(length),
  usages: ["encrypt", "decrypt"],
});

const ecdsaProbe = (namedCurve: "P-256" | "P-384" | "P-521"): Probe => ({
  algorithm: { name: "ECDSA", namedCurve },
  key: somePoint(namedCurve),
  usages: ["verify"],
});

function share(name: (typeof agreements)[number]["name"]): Bytes {
  // RFC 7748 §4.1: the base point.
  return name === "X25519" ? Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 9 : 0)) : somePoint(name);
}

/** RFC 8032 §5.1: the base point. */
const edwardsPoint: Bytes = new Uint8Array(32).fill(0x66).fill(0x58, 0, 1);

/** Those that the runtime has: all that it is asked for is to import a key. RSA every runtime has. */
async function available<T>(
  subtle: SubtleCryptography<unknown>,
  candidates: readonly (readonly [T, Probe | undefined])[],
): Promise<readonly T[]> {
  const found = await Promise.all(
    candidates.map(async ([candidate, probe]) => {
      if (probe === undefined) return [candidate];
      try {
        await subtle.importKey("raw", probe.key, probe.algorithm, false, [...probe.usages]);
        return [candidate];
      } catch {
        return [];
      }
    }),
  );
  return found.flat();
}

/** Each once, what the runtime has first. */
function completed<T>(own: readonly T[], others: readonly T[] = [], named: (one: T) => string): readonly T[] {
  const names = new Set(own.map(named));
  return [...own, ...others.filter((other) => !names.has(named(other)))];
}
