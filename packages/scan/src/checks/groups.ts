import { extensionIn, selectedGroup, serverShare } from "@tlskit/messages";
import { equalBytes, notTls, type TlsError } from "@tlskit/wire";
import { Certificate, X509Error } from "@tlskit/x509";
import { keySummary } from "../certificates/key-summary.ts";
import type { GroupsFact, Named } from "../facts.ts";
import { eliminate, type Offering } from "../negotiation/elimination.ts";
import { newestWith, shareable, suitesTaken } from "../negotiation/known-offer.ts";
import { type Ordered, orderedChoices } from "../negotiation/order.ts";
import { keyExchangeIn } from "../negotiation/server-key-exchange.ts";
import type { Answer } from "../probe/answer.ts";
import { groupsOf } from "../probe/default-offer.ts";
import { ffdheNameOf } from "../registry/finite-field-group.ts";
import { groupName, type KnownGroup, knownGroup, knownGroups } from "../registry/group.ts";
import type { Check, FoundSoFar, Scanning } from "../scanning.ts";
import type { Version } from "../version.ts";
import { stoppedAnswering } from "./stopped-answering.ts";

/**
 * Which groups a server takes, whose order counts, whether it asks for another share than it was given, and whether it gives
 * the same share twice.
 */
export const groupsCheck: Check<"groups"> = {
  name: "groups",
  about: "groups of the key exchange",
  needs: ["versions", "cipherSuites"],
  run: async (scanning, found) => {
    const facts = await Promise.all([groupsOf13(scanning, found), groupsBefore13(scanning, found)]);
    return facts.filter((fact) => fact !== undefined);
  },
};

async function groupsOf13(scanning: Scanning, found: FoundSoFar): Promise<GroupsFact | undefined> {
  const cipherSuites = suitesTaken(found, "TLS 1.3").map(({ code }) => code);
  if (cipherSuites.length === 0) return undefined;
  // RFC 9846 §4.3.8: no share at all, so that it names the group that it would have one of.
  const offering: Offering = async (codes) => {
    const offer = { versions: ["TLS 1.3"], cipherSuites, groups: codes, keyShares: [] } as const;
    const answer = await scanning.probe(offer, "hello");
    const code = answer.version === "TLS 1.3" ? groupIn(answer) : undefined;
    if (code !== undefined) scanning.note({ about: `TLS 1.3: ${groupName(code)} is taken`, messages: answer.seen });
    return { code, answer };
  };
  const { accepted, order } = await orderedChoices(groupsOf("TLS 1.3"), offering);
  if (accepted.length === 0) throw noGroup("TLS 1.3");
  const ours = accepted.filter((code) => shareable(scanning.provider).has(code));
  const shares = new Shares(scanning, cipherSuites, accepted);
  const least = ours.findLast((code) => code !== accepted[0]);
  const [preferred] = ours;
  return {
    version: "TLS 1.3",
    accepted: accepted.map(named),
    order,
    ...(least === undefined ? {} : { retriesForPreferred: (await shares.answerTo(least)).retry !== undefined }),
    reusedShares: preferred !== undefined && (await shares.isReused(preferred)) ? [named(preferred)] : [],
  };
}

/** The group that a server's hello of TLS 1.3 names. */
function groupIn({ retry, serverHello }: Answer): number | undefined {
  if (retry !== undefined) return extensionIn(retry, selectedGroup);
  return serverHello === undefined ? undefined : extensionIn(serverHello, serverShare)?.group;
}

/** Hellos with a share of one group. */
class Shares {
  readonly #scanning: Scanning;
  readonly #cipherSuites: readonly number[];
  readonly #groups: readonly number[];

  constructor(scanning: Scanning, cipherSuites: readonly number[], groups: readonly number[]) {
    this.#scanning = scanning;
    this.#cipherSuites = cipherSuites;
    this.#groups = groups;
  }

  async answerTo(share: number, groups: readonly number[] = this.#groups): Promise<Answer> {
    const cipherSuites = this.#cipherSuites;
    return await this.#scanning.probe({ versions: ["TLS 1.3"], cipherSuites, groups, keyShares: [share] }, "hello");
  }

  /** RFC 9846 §C.2: a share is for one connection. Two are looked at, in the group that clients get. */
  async isReused(group: number): Promise<boolean> {
    const answers = [await this.answerTo(group, [group]), await this.answerTo(group, [group])];
    const refused = answers.find(({ serverHello }) => serverHello === undefined);
    if (refused !== undefined) throw stoppedAnswering("the server doesn't take a share any more", refused);
    const [one, other] = answers.map(({ serverHello }) => serverHello && extensionIn(serverHello, serverShare));
    if (one?.group !== group || other?.group !== group) return false;
    const isReused = equalBytes(ownPart(one), ownPart(other));
    if (isReused)
      for (const { seen } of answers) this.#scanning.note({ about: "the same share twice", messages: seen });
    return isReused;
  }
}

/** Of a hybrid's share the part that doesn't depend on ours: the curve's point beside ML-KEM's ciphertext. */
const curveParts: Readonly<Record<number, readonly [from: number, to: number | undefined]>> = {
  0x11ec: [1088, undefined],
  0x11eb: [0, 65],
  0x11ed: [0, 97],
};

function ownPart({ group, keyExchange }: { readonly group: number; readonly keyExchange: Uint8Array }): Uint8Array {
  const [from, to] = curveParts[group] ?? [0, undefined];
  return keyExchange.subarray(from, to);
}

async function groupsBefore13(scanning: Scanning, found: FoundSoFar): Promise<GroupsFact | undefined> {
  const [curves, finiteFields] = await Promise.all([
    curvesOf(scanning, found),
    negotiatedFiniteFields(scanning, found),
  ]);
  const accepted = [...(curves?.accepted ?? []), ...finiteFields].map(named);
  if (accepted.length === 0) return undefined;
  return {
    version: "TLS 1.2",
    accepted,
    order: accepted.length === 1 ? "only one" : (curves?.order ?? "server"),
    reusedShares: curves?.reused ?? [],
  };
}

async function curvesOf(
  scanning: Scanning,
  found: FoundSoFar,
): Promise<(Ordered & { readonly reused: readonly Named[] }) | undefined> {
  const isEcdhe = ({ keyExchange, authentication }: { keyExchange: string; authentication: string }): boolean =>
    keyExchange === "ECDHE" && authentication !== "anon";
  const newest =
    newestWith(found, (suite) => isEcdhe(suite) && suite.authentication !== "ECDSA") ?? newestWith(found, isEcdhe);
  if (newest === undefined) return undefined;
  const { version, suites } = newest;
  const points = new Map<number, Uint8Array>();
  let unasked: number | undefined;
  let ofCertificate: number | undefined;
  // RFC 8422 §5.3: a certificate with a key on a curve that isn't offered isn't for this client. Offered last, that curve is
  // chosen by servers alone that would never choose another one.
  const answerTo = (codes: readonly number[]): Promise<Answer> => {
    const groups = ofCertificate === undefined || codes.includes(ofCertificate) ? codes : [...codes, ofCertificate];
    return scanning.probe({ versions: [version], cipherSuites: suites, groups }, "flight");
  };
  const offering: Offering = async (codes) => {
    const answer = await answerTo(codes);
    const seen = answer.version === version ? keyExchangeIn(answer)?.curve : undefined;
    ofCertificate ??= curveOfCertificate(answer);
    if (seen === undefined) return { code: undefined, answer };
    if (!codes.includes(seen.code)) {
      // Servers of old know one curve, whatever they are asked.
      if (seen.code !== ofCertificate && !points.has(seen.code)) unasked = seen.code;
      return { code: undefined, answer };
    }
    if (!points.has(seen.code)) points.set(seen.code, seen.public);
    scanning.note({ about: `${version}: ${groupName(seen.code)} is taken`, messages: answer.seen });
    return { code: seen.code, answer };
  };
  const offered = knownGroups.filter(isCurveBefore13).map(({ code }) => code);
  const ordered = await orderedChoices(offered, offering);
  const accepted = unasked === undefined ? ordered.accepted : [...ordered.accepted, unasked];
  if (accepted.length === 0) throw noGroup(version);
  const [first] = ordered.accepted;
  const point = first === undefined ? undefined : points.get(first);
  if (first === undefined || point === undefined) return { accepted, order: "only one", reused: [] };
  const again = await answerTo([first]);
  const shareAgain = keyExchangeIn(again)?.curve?.public;
  if (shareAgain === undefined) throw stoppedAnswering("the server gives no share any more", again);
  const isReused = equalBytes(shareAgain, point);
  if (isReused) scanning.note({ about: `${version}: the same share again`, messages: again.seen });
  return { accepted, order: ordered.order, reused: isReused ? [named(first)] : [] };
}

function isCurveBefore13({ kind, versions }: KnownGroup): boolean {
  return kind === "curve" && versions !== "TLS 1.3";
}

/** NIST's curves, which have other names as groups; those without a name of NIST's have one name. */
const groupNames: Readonly<Record<string, string>> = {
  "P-192": "secp192r1",
  "P-224": "secp224r1",
  "P-256": "secp256r1",
  "P-384": "secp384r1",
  "P-521": "secp521r1",
};

/** The group that a server's certificate has its key in. */
function curveOfCertificate({ chain }: Answer): number | undefined {
  const [leaf] = chain ?? [];
  if (leaf === undefined) return undefined;
  try {
    const { curve } = keySummary(Certificate.fromDer(leaf).subjectPublicKeyInfo);
    const name = curve && (groupNames[curve] ?? curve);
    return knownGroups.find((group) => group.name === name)?.code;
  } catch (error) {
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}

/**
 * RFC 7919 §4: groups for DHE that the server chooses of those that are offered. One that has the same whatever is offered
 * doesn't negotiate it: that is `diffieHellman`'s.
 */
async function negotiatedFiniteFields(scanning: Scanning, found: FoundSoFar): Promise<readonly number[]> {
  const newest = newestWith(found, ({ keyExchange, exportGrade }) => keyExchange === "DHE" && !exportGrade);
  if (newest === undefined) return [];
  const { version, suites } = newest;
  const primes: Uint8Array[] = [];
  const offering: Offering = async (codes) => {
    const answer = await scanning.probe({ versions: [version], cipherSuites: suites, groups: codes }, "flight");
    const prime = answer.version === version ? keyExchangeIn(answer)?.finiteField?.p : undefined;
    if (prime === undefined) {
      // Who negotiates them, and has none of these, may refuse.
      if (primes.length === 0 && answer.end.how !== "alert") {
        throw stoppedAnswering("the server shows no group of Diffie-Hellman", answer);
      }
      return { code: undefined, answer };
    }
    primes.push(prime);
    const name = ffdheNameOf(prime);
    const code = knownGroups.find((group) => group.name === name)?.code;
    return { code: code !== undefined && codes.includes(code) ? code : undefined, answer };
  };
  const offered = knownGroups.filter(({ kind }) => kind === "finite field").map(({ code }) => code);
  const chosen = await eliminate(offered, offering);
  const [first, second] = primes;
  return first !== undefined && second !== undefined && equalBytes(first, second) ? [] : chosen;
}

function noGroup(version: Version): TlsError {
  return notTls("no_group", `the server takes no group of ${version} that is known here`);
}

function named(code: number): Named {
  return { code, name: knownGroup(code)?.name ?? groupName(code) };
}
