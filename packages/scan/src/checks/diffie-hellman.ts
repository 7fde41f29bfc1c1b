import { CryptoError, checkFiniteFieldGroup } from "@tlskit/crypto";
import type { ServerDhParams } from "@tlskit/messages";
import { equalBytes } from "@tlskit/wire";
import type { DiffieHellmanFact } from "../facts.ts";
import { newestWith } from "../negotiation/known-offer.ts";
import { keyExchangeIn } from "../negotiation/server-key-exchange.ts";
import type { KnownCipherSuite } from "../registry/cipher-suite.ts";
import { knownFiniteFieldGroup } from "../registry/finite-field-group.ts";
import type { Check, FoundSoFar, Scanning } from "../scanning.ts";
import { stoppedAnswering } from "./stopped-answering.ts";

type Prime = DiffieHellmanFact["primes"][number];

/**
 * The groups that a server has for DHE before TLS 1.3, where nobody negotiates them: what most clients get, which don't know
 * RFC 7919 either. It may have others for export suites and for anonymous ones.
 */
export const diffieHellmanCheck: Check<"diffieHellman"> = {
  name: "diffieHellman",
  about: "groups of Diffie-Hellman",
  needs: ["versions", "cipherSuites"],
  run: async (scanning, found) => {
    const [ordinary, again, ...others] = await Promise.all([
      paramsOf(scanning, found, isOrdinary),
      paramsOf(scanning, found, isOrdinary),
      paramsOf(scanning, found, isExport),
      paramsOf(scanning, found, isAnonymous),
      paramsOf(scanning, found, isPreShared),
    ]);
    const seen = [ordinary, again, ...others].filter((params) => params !== undefined);
    const distinct = seen.filter(({ p }, at) => seen.findIndex((other) => equalBytes(other.p, p)) === at);
    return {
      primes: distinct.map((params) => primeOf(params, scanning)),
      publicValueReused:
        ordinary !== undefined &&
        again !== undefined &&
        equalBytes(ordinary.p, again.p) &&
        equalBytes(ordinary.public, again.public),
    };
  },
};

const isOrdinary = ({ keyExchange, authentication, exportGrade }: KnownCipherSuite): boolean =>
  keyExchange === "DHE" && authentication !== "anon" && !exportGrade;
const isExport = ({ keyExchange, exportGrade }: KnownCipherSuite): boolean => keyExchange === "DHE" && exportGrade;
const isAnonymous = ({ keyExchange, authentication, exportGrade }: KnownCipherSuite): boolean =>
  keyExchange === "DHE" && authentication === "anon" && !exportGrade;
const isPreShared = ({ keyExchange }: KnownCipherSuite): boolean => keyExchange === "DHE_PSK";

/**
 * What a server sends with some suites, if it takes one of them.
 * @throws {TlsError} `stopped_answering` if it takes one, and sends nothing
 */
async function paramsOf(
  scanning: Scanning,
  found: FoundSoFar,
  wanted: (suite: KnownCipherSuite) => boolean,
): Promise<ServerDhParams | undefined> {
  const newest = newestWith(found, wanted);
  if (newest === undefined) return undefined;
  const { version, suites } = newest;
  const offer = { versions: [version], cipherSuites: suites };
  const plain = await scanning.probe({ ...offer, groups: [] }, "flight");
  // RFC 7919 §4: there may be servers that have it for those alone who name a group.
  const answer = plain.serverHello === undefined ? await scanning.probe(offer, "flight") : plain;
  const params = keyExchangeIn(answer)?.finiteField;
  if (params === undefined) throw stoppedAnswering("the server shows no group of Diffie-Hellman", answer);
  scanning.note({ about: `${version}: a group of Diffie-Hellman`, messages: answer.seen });
  return { p: withoutZeros(params.p), g: withoutZeros(params.g), public: params.public };
}

function primeOf({ p, g }: ServerDhParams, { provider, random }: Scanning): Prime {
  const bits = p.length === 0 ? 0 : p.length * 8 - Math.clz32(p[0] ?? 0) + 24;
  const known = knownFiniteFieldGroup(p, provider);
  return {
    bits,
    known: known?.source,
    safe: known?.safe ?? isSafe(p, bits, random),
    prime: p,
    generator: g,
  };
}

/** What is shorter is weak anyhow, what is longer takes longer than a server may cost: a second for 4,096 bits. */
const tested = { min: 2048, max: 4096 };

function isSafe(prime: Uint8Array, bits: number, random: Scanning["random"]): boolean | undefined {
  if (bits < tested.min || bits > tested.max) return undefined;
  try {
    // Whatever its own generator is: the prime alone is the question.
    checkFiniteFieldGroup({ prime, generator: Uint8Array.of(2) }, random);
    return true;
  } catch (error) {
    if (error instanceof CryptoError && error.code === "unsafe_group") return false;
    throw error;
  }
}

function withoutZeros(number: Uint8Array): Uint8Array {
  const first = number.findIndex((octet) => octet !== 0);
  return first === -1 ? new Uint8Array(0) : number.subarray(first);
}
