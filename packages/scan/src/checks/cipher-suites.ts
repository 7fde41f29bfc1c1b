import { notTls } from "@tlskit/wire";
import type { CipherSuitesFact, Named } from "../facts.ts";
import type { Offering } from "../negotiation/elimination.ts";
import { spokenVersions } from "../negotiation/known-offer.ts";
import { orderedChoicesOf } from "../negotiation/order.ts";
import { suiteBatches, suiteHellos, withoutShares } from "../negotiation/suite-hellos.ts";
import type { Answer } from "../probe/answer.ts";
import { cipherSuitesOf, knownCipherSuite } from "../registry/cipher-suite.ts";
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
  const [best = [], ...others] = suiteBatches(version);
  const { accepted, order } = await orderedChoicesOf(best, others, offering);
  if (accepted.length === 0) {
    throw notTls("no_cipher_suite", `the server takes no cipher suite of ${version} that is known here`);
  }
  const prefersChaCha20 = order === "server" && (await isChaCha20Prioritized(accepted, offering));
  return { version, accepted: accepted.map(named), order: prefersChaCha20 ? "chacha20" : order };
}

function offeringSuites(scanning: Scanning, version: Version): Offering {
  return async (codes) => {
    const answer = await answerTo(scanning, version, codes);
    const code = chosenSuite(answer, version);
    if (code !== undefined) {
      scanning.note({ about: `${version}: ${named(code).name} is taken`, messages: answer.seen });
    }
    return { code, answer };
  };
}

/** What is asked to find the versions isn't asked again. */
async function answerTo(scanning: Scanning, version: Version, codes: readonly number[]): Promise<Answer> {
  const asked = suiteHellos(version)[suiteBatches(version).indexOf(codes)];
  const answer = asked && (await scanning.shared(asked));
  if (answer !== undefined && (version !== "TLS 1.3" || chosenSuite(answer, version) !== undefined)) return answer;
  return await scanning.probe({ versions: [version], cipherSuites: codes, ...withoutShares(version) }, "hello");
}

/** The suite that a server has chosen, if it has chosen that version. */
export function chosenSuite({ version, serverHello, retry }: Answer, wanted: Version): number | undefined {
  return version === wanted ? (serverHello ?? retry)?.cipherSuite : undefined;
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
