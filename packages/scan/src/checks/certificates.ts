import { run } from "@tlskit/crypto";
import { mozillaRoots } from "@tlskit/roots";
import { certificateFact } from "../certificates/certificate-fact.ts";
import { anyOffer, earlierOffer, ssl2Offer, tls13Offer } from "../certificates/certificate-offers.ts";
import { isOfKind, type KeyKind, keyKinds } from "../certificates/key-kinds.ts";
import type { CertificateFact } from "../facts.ts";
import type { Answer } from "../probe/answer.ts";
import type { HelloOffer } from "../probe/hello.ts";
import { isCommon, type KnownCipherSuite, knownCipherSuite, knownCipherSuites } from "../registry/cipher-suite.ts";
import { type Check, type FoundSoFar, foundOf, type Scanning, Skipped } from "../scanning.ts";
import { serverNameOf } from "../target.ts";
import type { Version } from "../version.ts";
import { stoppedAnswering } from "./stopped-answering.ts";

/** A name that nobody has (RFC 6761 §6.4). */
const nobodysName = "nobody.invalid";

/** A server's certificates: of each kind of key that it has one for, and what it shows to those who don't name it. */
export const certificates: Check<"certificates"> = {
  name: "certificates",
  about: "certificates",
  needs: ["versions"],
  uses: ["cipherSuites", "signatureSchemes"],
  run: async (scanning, found) => {
    const spoken = spokenVersions(found);
    if (spoken.length === 0) return new Skipped("the server speaks no version that has certificates");
    const unanswered: { readonly offer: HelloOffer; readonly answer: Answer }[] = [];
    let taken: HelloOffer | undefined;
    const asking: Scanning = {
      ...scanning,
      probe: async (offer, until) => {
        const answer = await scanning.probe(offer, until);
        if (answer.chain !== undefined) taken ??= offer;
        else if (answer.end.how !== "complete" && answer.end.how !== "alert") unanswered.push({ offer, answer });
        return answer;
      },
    };
    const shown = await Promise.all([
      askByName(asking, found, spoken),
      askOtherwise(asking, found, spoken, "no name"),
      askOtherwise(asking, found, spoken, "another name"),
    ]);
    const [first] = unanswered;
    if (first === undefined) return shown.flat();
    // That there is no certificate is to be said by the server: it may as well have given up.
    if (taken === undefined) throw stoppedAnswering("the server showed no certificate", first.answer);
    const unread = unanswered.find(({ offer, answer }) => isByName(offer) && answer.end.how === "unreadable");
    if (unread !== undefined) throw stoppedAnswering("what the server showed can't be read", unread.answer);
    const again = await scanning.probe(taken, "flight");
    if (again.chain === undefined) throw stoppedAnswering("the server shows no certificate any more", again);
    return shown.flat();
  },
};

function isByName({ serverName }: HelloOffer): boolean {
  return serverName === undefined;
}

/** The newest first; where nobody knows, those that most servers speak. */
function spokenVersions({ versions }: FoundSoFar): readonly Version[] {
  const known = foundOf(versions);
  if (known === undefined) return ["TLS 1.3", "TLS 1.2"];
  return known.filter(({ spoken }) => spoken).map(({ version }) => version);
}

async function askByName(
  scanning: Scanning,
  found: FoundSoFar,
  spoken: readonly Version[],
): Promise<readonly CertificateFact[]> {
  const newest = spoken.includes("TLS 1.3") ? await askInTls13(scanning, found) : [];
  const versions = earlierOf(spoken);
  const earlier = versions.length > 0 ? await askEarlier(scanning, found, versions, newest) : [];
  if (newest.length + earlier.length > 0 || !spoken.includes("SSL 2.0")) return [...newest, ...earlier];
  const oldest = await ask(scanning, ssl2Offer, "name", "in SSL 2.0");
  return oldest === undefined ? [] : [oldest];
}

/** In TLS 1.3 each scheme is of one kind of key: whatever was shown isn't asked for again, until nothing is left. */
async function askInTls13(scanning: Scanning, found: FoundSoFar): Promise<readonly CertificateFact[]> {
  const signed = schemesOf(found, "TLS 1.3");
  const shown: CertificateFact[] = [];
  let left = keyKinds.filter(({ schemes }) => schemes.some((scheme) => signed?.has(scheme) !== false));
  while (left.length > 0) {
    const fact = await ask(scanning, tls13Offer(left), "name", `in TLS 1.3${butNotFor(shown)}`);
    // RFC 9846 §4.5.1.2: a server with nothing that was asked for may show what it has.
    if (fact === undefined || shown.some(({ sha256 }) => sha256 === fact.sha256)) break;
    shown.push(fact);
    const others = left.filter((kind) => !isOfKind(fact, kind, true));
    if (others.length === left.length) break;
    left = others;
  }
  return shown;
}

/** Before TLS 1.3 suites say by what a server proves who it is; what kind of key that is, in TLS 1.2, schemes do. */
async function askEarlier(
  scanning: Scanning,
  found: FoundSoFar,
  versions: readonly Version[],
  known: readonly CertificateFact[],
): Promise<readonly CertificateFact[]> {
  const suites = suitesOf(found);
  const kinds = kindsBefore(found, suites);
  const shown = [...known];
  for (const authentication of new Set(kinds.map((kind) => kind.authentication))) {
    let left = kinds.filter((kind) => kind.authentication === authentication);
    for (;;) {
      left = left.filter((kind) => !shown.some((fact) => isOfKind(fact, kind, false)));
      if (left.length === 0) break;
      const offer = earlierOffer(left, versions, suites);
      const fact = await ask(scanning, offer, "name", `in ${versions[0]}${butNotFor(shown)}`);
      // Without schemes, and without signatures, suites alone count, so that the same comes again for another kind.
      if (fact === undefined || shown.some(({ sha256 }) => sha256 === fact.sha256)) break;
      shown.push(fact);
      if (!left.some((kind) => isOfKind(fact, kind, false))) break;
    }
  }
  return shown.slice(known.length);
}

async function askOtherwise(
  scanning: Scanning,
  found: FoundSoFar,
  spoken: readonly Version[],
  shownTo: "no name" | "another name",
): Promise<readonly CertificateFact[]> {
  // RFC 6066 §3: an address isn't named anyway
  if (shownTo === "no name" && serverNameOf(scanning.target) === undefined) return [];
  const versions = spoken.filter((version) => version !== "SSL 2.0");
  // SSL 3.0 has no names
  if (versions.every((version) => version === "SSL 3.0")) return [];
  const serverName = shownTo === "no name" ? null : nobodysName;
  const offer = { ...anyOffer(versions, suitesOf(found)), serverName };
  // There are servers without certificates.
  if (offer.cipherSuites.length === 0) return [];
  const about = shownTo === "no name" ? "without a name" : `as ${nobodysName}`;
  const fact = await ask(scanning, offer, shownTo, about);
  return fact === undefined ? [] : [fact];
}

/** What is shown to a hello, if anything is. */
async function ask(
  scanning: Scanning,
  offer: HelloOffer,
  shownTo: CertificateFact["shownTo"],
  about: string,
): Promise<CertificateFact | undefined> {
  const { provider, anchors, publicRoots = mozillaRoots(), target, clock } = scanning;
  const { chain = [], ocspResponse, signedCertificateTimestamps, seen } = await scanning.probe(offer, "flight");
  scanning.note({ about: `a certificate asked for ${about}`, messages: seen });
  const [own, ...others] = chain;
  if (own === undefined) return undefined;
  const shown = { shownTo, chain: [own, ...others], ocspResponse, signedCertificateTimestamps } as const;
  return await run(certificateFact(shown, { provider, anchors, publicRoots, host: target.host, at: clock() }));
}

function earlierOf(spoken: readonly Version[]): readonly Version[] {
  return spoken.filter((version) => version !== "TLS 1.3" && version !== "SSL 2.0");
}

/** The suites before TLS 1.3 that the server takes; where nobody knows, those that may be all that it has. */
function suitesOf({ cipherSuites }: FoundSoFar): readonly KnownCipherSuite[] {
  const known = foundOf(cipherSuites);
  if (known === undefined) return knownCipherSuites.filter((suite) => suite.newest === "TLS 1.2" && isLikely(suite));
  const codes = new Set(
    known.filter(({ version }) => earlierOf([version]).length > 0).flatMap(({ accepted }) => accepted.map(codeOf)),
  );
  return [...codes].flatMap((code) => knownCipherSuite(code) ?? []);
}

/** What most servers have, and what those with a DSA key have. */
function isLikely(suite: KnownCipherSuite): boolean {
  return isCommon(suite) || (suite.authentication === "DSA" && suite.keyExchange === "DHE" && !suite.exportGrade);
}

/** Kinds that go with the suites. What only a scheme tells from another is left out where such a scheme isn't used. */
function kindsBefore(found: FoundSoFar, suites: readonly KnownCipherSuite[]): readonly KeyKind[] {
  const signed = schemesOf(found, "TLS 1.2");
  return keyKinds.filter(({ keyType, authentication, tls12Schemes }) => {
    if (!suites.some((suite) => suite.authentication === authentication)) return false;
    const isByScheme = keyType !== "EC" && keyType !== authentication;
    return !isByScheme || tls12Schemes.some((scheme) => signed?.has(scheme) !== false);
  });
}

/** The schemes that a server signs its handshakes by, if that is known. */
function schemesOf({ signatureSchemes }: FoundSoFar, wanted: "TLS 1.3" | "TLS 1.2"): ReadonlySet<number> | undefined {
  const { accepted = [] } = foundOf(signatureSchemes)?.find(({ version }) => version === wanted) ?? {};
  return accepted.length === 0 ? undefined : new Set(accepted.map(codeOf));
}

function codeOf({ code }: { readonly code: number }): number {
  return code;
}

function butNotFor(shown: readonly CertificateFact[]): string {
  const kinds = new Set(shown.map(({ keyType, curve }) => curve ?? keyType));
  return kinds.size === 0 ? "" : `, but not for a key of ${[...kinds].join(", ")}`;
}
