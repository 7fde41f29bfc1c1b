import { notTls } from "@tlskit/wire";
import type { CipherSuitesFact, Named } from "../facts.ts";
import type { Offering } from "../negotiation/elimination.ts";
import { spokenVersions } from "../negotiation/known-offer.ts";
import { orderedChoicesOf } from "../negotiation/order.ts";
import type { Answer } from "../probe/answer.ts";
import { groupsOf } from "../probe/default-offer.ts";
import type { HelloOffer } from "../probe/hello.ts";
import { cipherSuitesOf, type KnownCipherSuite, knownCipherSuite } from "../registry/cipher-suite.ts";
import { codeText } from "../registry/code-text.ts";
import { type Check, type Scanning, Skipped } from "../scanning.ts";
import type { Version } from "../version.ts";

/**
 * Which suites a server takes in each version, and whose order counts. Of what is offered it chooses one; that is left out
 * the next time. So it takes as many hellos as there are suites that it takes, and a few more.
 */
export const cipherSuitesCheck: Check<"cipherSuites"> = {
  name: "cipherSuites",
  about: "cipher suites",
  needs: ["versions"],
  run: async (scanning, found) => {
    const versions = spokenVersions(found);
    if (versions.length === 0) return new Skipped("no version is spoken");
    return await Promise.all(versions.map((version) => suitesOf(scanning, version)));
  },
};

async function suitesOf(scanning: Scanning, version: Version): Promise<CipherSuitesFact> {
  if (version === "SSL 2.0") return await ssl2Suites(scanning);
  const offering = offeringSuites(scanning, version);
  const [best = [], ...others] = batches(version);
  const { accepted, order } = await orderedChoicesOf(best, others, offering);
  if (accepted.length === 0) {
    throw notTls("no_cipher_suite", `the server takes no cipher suite of ${version} that is known here`);
  }
  const prefersChaCha20 = order === "server" && (await isChaCha20Prioritized(accepted, offering));
  return { version, accepted: accepted.map(named), order: prefersChaCha20 ? "chacha20" : order };
}

function offeringSuites(scanning: Scanning, version: Version): Offering {
  return async (codes) => {
    const answer = await scanning.probe(
      { versions: [version], cipherSuites: codes, ...withoutShares(version) },
      "hello",
    );
    const code = chosenSuite(answer, version);
    if (code !== undefined) {
      scanning.note({ about: `${version}: ${named(code).name} is taken`, messages: answer.seen });
    }
    return { code, answer };
  };
}

/**
 * RFC 9846 §4.3.8: without a share the server says all that is wanted here by a HelloRetryRequest, and nobody computes, so that
 * it may be in any group.
 */
export function withoutShares(version: Version): Pick<HelloOffer, "groups" | "keyShares"> {
  return version === "TLS 1.3" ? { groups: groupsOf(version), keyShares: [] } : {};
}

/** The suite that a server has chosen, if it has chosen that version. */
export function chosenSuite({ version, serverHello, retry }: Answer, wanted: Version): number | undefined {
  return version === wanted ? (serverHello ?? retry)?.cipherSuite : undefined;
}

/**
 * At most so many are offered at once: some servers of the time before TLS 1.2 know no more than 128, and hang up, or read
 * the others into the rest of the hello.
 */
const maxOffered = 125;

/** All of a version's, the likely ones in the first batch, and in each batch the best last ({@link orderedChoicesOf}). */
function batches(version: Version): readonly (readonly number[])[] {
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
 * if the client does ({@link isChaCha20Prioritized}) shows that order.
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

/** OpenSSL's PrioritizeChaCha: who puts ChaCha20 first gets it, since it has no AES in its processor. */
async function isChaCha20Prioritized(accepted: readonly number[], offering: Offering): Promise<boolean> {
  const chaCha20 = accepted.find((code) => knownCipherSuite(code)?.cipher === "CHACHA20");
  const [preferred] = accepted;
  if (chaCha20 === undefined || preferred === undefined || chaCha20 === preferred) return false;
  const { code } = await offering([chaCha20, preferred]);
  return code === chaCha20;
}

function named(code: number): Named {
  return { code, name: knownCipherSuite(code)?.name ?? codeText(code) };
}

/** draft-hickman-netscape-ssl §2.6: SERVER-HELLO lists what the server has of what it was offered; the client chooses. */
async function ssl2Suites(scanning: Scanning): Promise<CipherSuitesFact> {
  const codes = cipherSuitesOf("SSL 2.0").map(({ code }) => code);
  const { seen, ssl2CipherKinds } = await scanning.probe({ versions: ["SSL 2.0"], cipherSuites: codes }, "hello");
  if (ssl2CipherKinds === undefined) {
    throw notTls("stopped_answering", "the server no longer answers a hello of SSL 2.0");
  }
  scanning.note({ about: "SSL 2.0: which suites the server has", messages: seen });
  // What wasn't offered can't be chosen, however long a list the server sends.
  const kinds = codes.filter((code) => ssl2CipherKinds.includes(code));
  return { version: "SSL 2.0", accepted: kinds.map(named), order: kinds.length < 2 ? "only one" : "client" };
}
