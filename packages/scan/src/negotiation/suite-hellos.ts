/** The hellos by which versions are found, and their suites: those that ask for the versions are the first of the others. */
import type { Answer } from "../probe/answer.ts";
import { groupsOf } from "../probe/default-offer.ts";
import type { HelloOffer } from "../probe/hello.ts";
import { cipherSuitesOf, type KnownCipherSuite } from "../registry/cipher-suite.ts";
import type { Shared } from "../scanning.ts";
import { type Version, versionNames } from "../version.ts";

/** All suites of a version, the likely ones in the first batch, and in each batch the best last (`orderedChoicesOf`). */
export function suiteBatches(version: Version): readonly (readonly number[])[] {
  return batches.get(version) ?? [];
}

/** Hellos with all that a version may have, one after the other, what most servers have in the first: one for each batch. */
export function suiteHellos(version: Version): readonly Shared<Answer>[] {
  return hellos.get(version) ?? [];
}

/**
 * RFC 9846 §4.3.8: without a share the server says by a HelloRetryRequest which suite and group it takes, and nobody computes, so
 * that it may be in any group.
 */
export function withoutShares(version: Version): Pick<HelloOffer, "groups" | "keyShares"> {
  return version === "TLS 1.3" ? { groups: groupsOf(version), keyShares: [] } : {};
}

/**
 * At most so many are offered at once: some servers of the time before TLS 1.2 know no more than 128, and hang up, or read
 * the others into the rest of the hello.
 */
const maxOffered = 125;

function batchesOf(version: Version): readonly (readonly number[])[] {
  const suites = [...cipherSuitesOf(version)].sort(
    (a, b) => likelihood(b) - likelihood(a) || strength(b) - strength(a),
  );
  const size = Math.ceil(suites.length / Math.ceil(suites.length / maxOffered));
  const firsts = suites.map((_, at) => at).filter((at) => at % size === 0);
  return firsts.map((first) => {
    const batch = suites.slice(first, first + size).sort((a, b) => strength(a) - strength(b));
    return batch.map(({ code }) => code);
  });
}

const ciphersOfServers: readonly string[] = ["AES", "CAMELLIA", "ARIA", "CHACHA20", "3DES", "RC4"];

/**
 * 2: what a server with a certificate has by what it is built with today, or was ten years ago; 1: what it has if somebody
 * lets it have everything; 0: what hardly anything is built with, or isn't for the web.
 */
function likelihood({ keyExchange, authentication, cipher, exportGrade, name }: KnownCipherSuite): number {
  if (keyExchange === "any") return 2;
  if (!["ECDHE", "DHE", "RSA"].includes(keyExchange)) return 0;
  const isUsual = ["RSA", "ECDSA"].includes(authentication) && ciphersOfServers.includes(cipher);
  return isUsual && !exportGrade && !name.endsWith("_OLD") ? 2 : 1;
}

/**
 * For an order that servers haven't got, the worst first. ChaCha20 comes last, so that one that prefers it to its own order
 * if the client does (OpenSSL's PrioritizeChaCha) shows that order.
 */
function strength(suite: KnownCipherSuite): number {
  const { authentication, cipher, exportGrade, forwardSecrecy, mac, bits, keyExchange } = suite;
  return (
    (authentication === "anon" ? -8000 : 0) +
    (cipher === "NULL" ? -4000 : 0) +
    (exportGrade ? -2000 : 0) +
    (cipher === "CHACHA20" ? 2000 : 0) +
    (forwardSecrecy ? 1000 : 0) +
    (mac === "AEAD" ? 500 : 0) +
    (cipher === "AES" ? 50 : 0) +
    (keyExchange === "ECDHE" ? 20 : 0) +
    (authentication === "ECDSA" ? 10 : 0) +
    bits / 4
  );
}

const batches = new Map(versionNames.map((version) => [version, batchesOf(version)]));

const hellos = new Map(
  versionNames.map((version) => {
    const offers = suiteBatches(version).map((cipherSuites): HelloOffer => ({ versions: [version], cipherSuites }));
    const retried = version === "TLS 1.3" ? offers.map((offer) => ({ ...offer, ...withoutShares(version) })) : [];
    return [
      version,
      [...offers, ...retried].map(
        (offer): Shared<Answer> =>
          (scanning) =>
            scanning.probe(offer),
      ),
    ];
  }),
);
