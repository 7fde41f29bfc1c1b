/** Findings about groups, Diffie-Hellman's parameters and how handshakes are signed. */
import type { DiffieHellmanFact, GroupsFact, Named, SignatureSchemesFact } from "../facts.ts";
import type { FindingRule } from "../finding.ts";
import { knownGroup } from "../registry/group.ts";
import { allowCurrentGroups, allowCurrentSuites, allowPostQuantumGroups, signBySha2 } from "./remedies.ts";

const avoidDhe =
  "Allow no suites of TLS 1.2 but those with ECDHE; where an old client needs DHE, give the server ffdhe2048 or ffdhe3072 of RFC 7919.";

export const keyExchangeFindings: readonly FindingRule[] = [
  {
    id: "dh-below-1024-bits",
    severity: "critical",
    title: "Diffie-Hellman of less than 1024 bits",
    why: "Discrete logarithms of 512 bits take minutes once a prime has been worked on for a week, and 768 bits have been done (Logjam).",
    source: "RFC 9325 §4.5; CVE-2015-4000",
    remedy: avoidDhe,
    remedies: allowCurrentSuites,
    needs: ["diffieHellman"],
    seen: ({ diffieHellman }) => primesWhere(diffieHellman, ({ bits }) => bits < 1024),
  },
  {
    id: "dh-common-1024-bit-prime",
    severity: "high",
    title: "Diffie-Hellman with a prime of 1024 bits that many servers share",
    why: "Whoever has the means works once on such a prime and then reads the connections of every server that has it (Logjam).",
    source: "RFC 9325 §4.5; CVE-2015-4000",
    remedy: avoidDhe,
    remedies: allowCurrentSuites,
    needs: ["diffieHellman"],
    seen: ({ diffieHellman }) => primesWhere(diffieHellman, ({ bits, known }) => known !== undefined && bits === 1024),
  },
  {
    id: "dh-below-2048-bits",
    severity: "medium",
    title: "Diffie-Hellman of less than 2048 bits",
    why: "A prime of 1024 bits is worth about 80 bits of a symmetric key, and within reach of those with great means.",
    source: "RFC 9325 §4.5",
    remedy: avoidDhe,
    remedies: allowCurrentSuites,
    needs: ["diffieHellman"],
    seen: ({ diffieHellman }) => primesWhere(diffieHellman, ({ bits }) => bits >= 1024 && bits < 2048),
  },
  {
    id: "dh-unsafe-prime",
    severity: "medium",
    title: "Diffie-Hellman over a prime that isn't safe",
    why: "Where (p-1)/2 isn't a prime there are small subgroups, and a share out of one of them tells part of the server's exponent.",
    source: "RFC 7919 §9.1; RFC 2785 §2",
    remedy: avoidDhe,
    remedies: allowCurrentSuites,
    needs: ["diffieHellman"],
    seen: ({ diffieHellman }) => primesWhere(diffieHellman, ({ safe }) => safe === false),
    // Of shorter ones it isn't computed, since they are weak anyhow.
    unknown: ({ diffieHellman }) => {
      const unknown = diffieHellman?.primes.find(({ safe, bits }) => safe === undefined && bits >= 2048);
      return unknown && { because: "failed", reason: `diffieHellman: a prime of ${unknown.bits} bits takes too long` };
    },
  },
  {
    id: "dh-value-reused",
    severity: "medium",
    title: "The same Diffie-Hellman value in several connections",
    why: "Without a fresh value there is no forward secrecy between the connections, and one that is used for long leaks by its time (Raccoon).",
    source: "RFC 9325 §7.4; CVE-2020-1968",
    remedy: `${avoidDhe} OpenSSL takes a fresh value each time since 1.0.2f.`,
    remedies: allowCurrentSuites,
    needs: ["diffieHellman"],
    seen: ({ diffieHellman }) =>
      diffieHellman?.publicValueReused === true ? ["Two connections got the same public value."] : [],
  },
  {
    id: "dh-unknown-group",
    severity: "info",
    title: "Diffie-Hellman over a group of the server's own",
    why: "Clients can't tell a group that was made with care from one that was made to be broken; those of RFC 7919 are known to be sound.",
    source: "RFC 7919 §1",
    remedy: avoidDhe,
    remedies: allowCurrentSuites,
    needs: ["diffieHellman"],
    seen: ({ diffieHellman }) => primesWhere(diffieHellman, ({ known }) => known === undefined),
  },
  {
    id: "weak-groups",
    severity: "medium",
    title: "Curves of less than 224 bits",
    why: "They are worth less than 112 bits of a symmetric key.",
    source: "RFC 9325 §4.5; RFC 8422 §5.1.1",
    remedy: "Allow x25519, secp256r1 and secp384r1.",
    remedies: allowCurrentGroups,
    needs: ["groups"],
    seen: ({ groups = [] }) => groupsWhere(groups, (code) => isWeakCurve(code)),
  },
  {
    id: "deprecated-groups",
    severity: "low",
    title: "Curves that are deprecated",
    why: "Nobody has looked after the implementations of these curves for long, and TLS 1.3 took them out.",
    source: "RFC 8422 §5.1.1; RFC 9846 §4.3.7",
    remedy: "Allow x25519, secp256r1 and secp384r1.",
    remedies: allowCurrentGroups,
    needs: ["groups"],
    seen: ({ groups = [] }) => groupsWhere(groups, (code) => isDeprecatedCurve(code) && !isWeakCurve(code)),
  },
  {
    id: "key-share-reused",
    severity: "low",
    title: "The same key share in several connections",
    why: "Whoever gets hold of the one secret reads all connections that had it, and connections of one client can be told to be.",
    source: "RFC 9846 §4.3.8; RFC 9325 §7.4",
    remedy:
      "Update the server; OpenSSL takes a fresh share each time since 1.1.0, and no setting of a server changes that.",
    remedies: {},
    needs: ["groups"],
    seen: ({ groups = [] }) =>
      groups
        .filter(({ reusedShares }) => reusedShares.length > 0)
        .map(({ version, reusedShares }) => `${version}: ${namesOf(reusedShares)}.`),
  },
  {
    id: "no-post-quantum-group",
    severity: "low",
    title: "No post-quantum key exchange",
    why: "What is recorded today can be read once there is a quantum computer that is large enough; browsers offer X25519MLKEM768 since 2024.",
    source: "Mozilla Server Side TLS 5.8; NIST IR 8547 §4.1",
    remedy:
      "Allow X25519MLKEM768, before the others: OpenSSL 3.5, Go 1.24 or what is newer has it, and has it by default.",
    remedies: allowPostQuantumGroups,
    needs: ["groups"],
    seen: ({ groups = [] }) =>
      groups
        .filter(
          ({ version, accepted }) => version === "TLS 1.3" && accepted.length > 0 && !accepted.some(isPostQuantum),
        )
        .map(({ accepted }) => `TLS 1.3: ${namesOf(accepted)}.`),
  },
  {
    id: "post-quantum-not-preferred",
    severity: "low",
    title: "Post-quantum key exchange isn't preferred",
    why: "Clients that can do it get another group, and what is recorded of them can be read later.",
    source: "Mozilla Server Side TLS 5.8",
    remedy: "Put X25519MLKEM768 before the others.",
    remedies: allowPostQuantumGroups,
    needs: ["groups"],
    seen: ({ groups = [] }) =>
      groups.flatMap(({ version, accepted, order }) => {
        const first = accepted[0];
        const postQuantum = accepted.find(isPostQuantum);
        return order !== "server" || first === undefined || postQuantum === undefined || isPostQuantum(first)
          ? []
          : [`${version}: ${first.name} is chosen before ${postQuantum.name}.`];
      }),
  },
  {
    id: "draft-post-quantum-groups",
    severity: "info",
    title: "Post-quantum groups of drafts",
    why: "Kyber as it was before FIPS 203 isn't ML-KEM; clients have given it up, and code for it is no longer looked after.",
    source: "IANA TLS Supported Groups; FIPS 203",
    remedy: "Take it out, and allow X25519MLKEM768.",
    remedies: allowPostQuantumGroups,
    needs: ["groups"],
    seen: ({ groups = [] }) => groupsWhere(groups, (code) => isDraftKyber(code)),
  },
  {
    id: "required-group-missing",
    severity: "info",
    title: "TLS 1.3 without secp256r1",
    why: "It is the one group that every implementation has to have: clients with nothing else can't connect.",
    source: "RFC 9846 §9.1",
    remedy: "Allow secp256r1.",
    remedies: allowCurrentGroups,
    needs: ["groups"],
    seen: ({ groups = [] }) =>
      groups
        .filter(
          ({ version, accepted }) =>
            version === "TLS 1.3" && accepted.length > 0 && !accepted.some(({ code }) => code === secp256r1),
        )
        .map(({ accepted }) => `TLS 1.3: ${namesOf(accepted)}.`),
  },
  {
    id: "md5-signatures",
    severity: "high",
    title: "Handshakes are signed over MD5",
    why: "Collisions of MD5 take seconds, so that a signature can be carried from one handshake into another (SLOTH).",
    source: "RFC 9155 §4; CVE-2015-7575",
    remedy: "Allow signatures over SHA-256 and longer hashes alone; software that has MD5 here wants updating.",
    remedies: signBySha2,
    needs: ["signatureSchemes"],
    seen: ({ signatureSchemes = [] }) => schemesWhere(signatureSchemes, (hash) => hash === md5),
  },
  {
    id: "sha1-signatures",
    severity: "medium",
    title: "Handshakes are signed over SHA-1",
    why: "Collisions of SHA-1 with chosen prefixes cost some ten thousand dollars, which is how a signature is carried from one handshake into another (SLOTH).",
    source: "RFC 9155 §4",
    remedy: "Allow signatures over SHA-256 and longer hashes alone.",
    remedies: signBySha2,
    needs: ["signatureSchemes"],
    seen: ({ signatureSchemes = [] }) => schemesWhere(signatureSchemes, (hash) => hash === sha1),
  },
];

const secp256r1 = 0x0017;
/** RFC 5246 §7.4.1.4.1: the first octet of a scheme of TLS 1.2 is its hash. */
const md5 = 1;
const sha1 = 2;

type Prime = DiffieHellmanFact["primes"][number];

function primesWhere(fact: DiffieHellmanFact | undefined, isSo: (prime: Prime) => boolean): readonly string[] {
  return (fact?.primes ?? [])
    .filter(isSo)
    .map(({ bits, known }) => `A prime of ${bits} bits${known === undefined ? "" : `, ${known}`}.`);
}

function groupsWhere(groups: readonly GroupsFact[], isSo: (code: number) => boolean): readonly string[] {
  return groups.flatMap(({ version, accepted }) => {
    const some = accepted.filter(({ code }) => isSo(code));
    return some.length === 0 ? [] : [`${version}: ${namesOf(some)}.`];
  });
}

function schemesWhere(facts: readonly SignatureSchemesFact[], isSo: (hash: number) => boolean): readonly string[] {
  return facts.flatMap(({ version, accepted }) => {
    const some = accepted.filter(({ code }) => isSo(code >> 8));
    return some.length === 0 ? [] : [`${version}: ${namesOf(some)}.`];
  });
}

function isWeakCurve(code: number): boolean {
  const group = knownGroup(code);
  return group?.kind === "curve" && group.bits !== undefined && group.bits < 224;
}

/** RFC 8422 §5.1.1: those up to 22 but x25519's like, and curves whose parameters the peer says. */
function isDeprecatedCurve(code: number): boolean {
  return (code >= 1 && code <= 22) || code === 0xff01 || code === 0xff02;
}

function isPostQuantum({ code }: Named): boolean {
  const kind = knownGroup(code)?.kind;
  return (kind === "hybrid" || kind === "post-quantum") && !isDraftKyber(code);
}

/** X25519Kyber768Draft00, SecP256r1Kyber768Draft00 */
function isDraftKyber(code: number): boolean {
  return code === 0x6399 || code === 0x639a;
}

function namesOf(named: readonly Named[]): string {
  return named.map(({ name }) => name).join(", ");
}
