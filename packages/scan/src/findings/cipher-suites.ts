/** Findings about the cipher suites that a server takes. */
import type { CipherSuitesFact } from "../facts.ts";
import type { FindingRule, KnownFacts } from "../finding.ts";
import { type KnownCipherSuite, knownCipherSuite } from "../registry/cipher-suite.ts";
import { allowCurrentSuites, allowCurrentSuitesOfTls13, allowCurrentVersions, preferServersOrder } from "./remedies.ts";

const allowOnlyCurrent = "Allow no suites of TLS 1.2 but those with ECDHE and authenticated encryption.";

export const cipherSuiteFindings: readonly FindingRule[] = [
  {
    id: "null-cipher-suites",
    severity: "critical",
    title: "Cipher suites without encryption",
    why: "Whoever is on the way reads everything.",
    source: "RFC 9325 §4.1",
    remedy: allowOnlyCurrent,
    remedies: allowCurrentSuitesOfTls13,
    needs: ["cipherSuites"],
    seen: (facts) => acceptedWhere(facts, ({ cipher }) => cipher === "NULL"),
  },
  takenWhere({
    id: "anonymous-cipher-suites",
    severity: "critical",
    title: "Cipher suites without authentication",
    why: "The server proves nothing, so that whoever is on the way can be the server, and read and change everything.",
    source: "RFC 5246 §F.1.1.1",
    isSo: ({ authentication }) => authentication === "anon",
  }),
  takenWhere({
    id: "export-cipher-suites",
    severity: "critical",
    title: "Export cipher suites",
    why: "Keys of 40 or 56 bits, or RSA and Diffie-Hellman of 512, are broken in minutes to hours, and attackers can talk good clients into them (FREAK, Logjam).",
    source: "RFC 9325 §4.1; CVE-2015-0204; CVE-2015-4000",
    isSo: ({ exportGrade }) => exportGrade,
  }),
  takenWhere({
    id: "short-key-cipher-suites",
    severity: "high",
    title: "Cipher suites with keys of less than 112 bits",
    why: "Trying all keys of single DES takes a day on rented machines.",
    source: "RFC 9325 §4.1; RFC 5469",
    isSo: ({ cipher, bits, exportGrade }) => cipher !== "NULL" && !exportGrade && bits < 112,
  }),
  takenWhere({
    id: "rc4-cipher-suites",
    severity: "high",
    title: "Cipher suites with RC4",
    why: "RC4's output is biased enough to recover cookies and passwords that are sent often.",
    source: "RFC 7465 §2",
    isSo: ({ cipher, exportGrade }) => cipher === "RC4" && !exportGrade,
  }),
  {
    id: "ssl3.0-cbc",
    severity: "high",
    title: "CBC suites of SSL 3.0 (POODLE)",
    why: "Nothing authenticates the padding, so that whoever is on the way reads a cookie octet by octet, with 256 requests for each.",
    source: "RFC 7568 §4.1; CVE-2014-3566",
    remedy: "Allow TLS 1.2 and 1.3 alone.",
    remedies: allowCurrentVersions,
    needs: ["cipherSuites"],
    seen: (facts) => acceptedWhere(facts, ({ mode }, version) => version === "SSL 3.0" && mode === "CBC"),
  },
  takenWhere({
    id: "64-bit-block-cipher-suites",
    severity: "medium",
    title: "Cipher suites with blocks of 64 bits (Sweet32)",
    why: "After some 32 GB under one key blocks repeat, which tells what was in them: 3DES and IDEA, as well as what is older.",
    source: "RFC 9325 §4.1; CVE-2016-2183",
    isSo: ({ blockBits, exportGrade }) => blockBits === 64 && !exportGrade,
  }),
  {
    id: "no-forward-secrecy",
    severity: "medium",
    title: "No suite has forward secrecy",
    why: "Whoever records the traffic today and gets the server's key later reads all of it.",
    source: "RFC 9325 §4.1, §7.3",
    remedy: "Allow suites with ECDHE.",
    remedies: allowCurrentSuites,
    needs: ["cipherSuites"],
    seen: (facts) =>
      versionsWithout(facts, ({ forwardSecrecy }) => forwardSecrecy).map(
        (version) => `${version}: none of the suites that are taken has it.`,
      ),
  },
  {
    id: "no-aead-cipher-suites",
    severity: "medium",
    title: "TLS 1.2 without authenticated encryption",
    why: "What TLS 1.2 has besides is CBC with a MAC beneath it, which has been attacked for twenty years by how it fails, and stream ciphers that are worse.",
    source: "RFC 9325 §4.2",
    remedy: "Allow suites with AES-GCM or ChaCha20-Poly1305.",
    remedies: allowCurrentSuites,
    needs: ["cipherSuites"],
    seen: (facts) =>
      versionsWithout(facts, ({ mac }) => mac === "AEAD")
        .filter((version) => version === "TLS 1.2")
        .map((version) => `${version}: none of the suites that are taken has it.`),
  },
  {
    id: "weak-suites-preferred",
    severity: "medium",
    title: "A worse suite is preferred to a better one",
    why: "Clients that have both get a connection without forward secrecy or without authenticated encryption.",
    source: "RFC 9325 §4.1, §4.2",
    remedy: "Put suites with ECDHE and authenticated encryption first, or allow nothing else.",
    remedies: allowCurrentSuites,
    needs: ["cipherSuites"],
    seen: ({ cipherSuites = [] }) =>
      cipherSuites
        .filter(({ order }) => order === "server" || order === "chacha20")
        .flatMap((fact) => {
          const suites = suitesOf(fact);
          const first = suites[0];
          const better = suites.find((suite) => isGood(suite));
          return first === undefined || better === undefined || isGood(first)
            ? []
            : [`${fact.version}: ${first.name} is chosen before ${better.name}.`];
        }),
  },
  {
    id: "clients-order-of-weak-suites",
    severity: "low",
    title: "Clients choose, and weak suites are among what they choose from",
    why: "A client that is old or badly configured gets a weak suite although it has a better one.",
    source: "RFC 9325 §4.2.1",
    remedy: "Take out the weak suites, or else let the server's order count.",
    remedies: preferServersOrder,
    needs: ["cipherSuites"],
    seen: ({ cipherSuites = [] }) =>
      cipherSuites
        .filter(({ order }) => order === "client")
        .flatMap((fact) => {
          const suites = suitesOf(fact);
          const weak = suites.filter((suite) => isWeak(suite)).map(({ name }) => name);
          return weak.length === 0 || !suites.some((suite) => isGood(suite))
            ? []
            : [`${fact.version}: ${weak.join(", ")}.`];
        }),
  },
  takenWhere({
    id: "static-rsa-cipher-suites",
    severity: "low",
    title: "Cipher suites with RSA key exchange",
    why: "They have no forward secrecy, and their decryption has been made an oracle again and again (Bleichenbacher, ROBOT).",
    source: "RFC 10015; RFC 9325 §4.1",
    isSo: ({ keyExchange, exportGrade }) => (keyExchange === "RSA" || keyExchange === "RSA_PSK") && !exportGrade,
  }),
  takenWhere({
    id: "static-dh-cipher-suites",
    severity: "low",
    title: "Cipher suites with static Diffie-Hellman",
    why: "The key in the certificate is the one of the exchange: there is no forward secrecy, and attacks by invalid shares get at it.",
    source: "RFC 10015; RFC 9325 §4.1",
    isSo: ({ keyExchange, exportGrade }) => (keyExchange === "DH" || keyExchange === "ECDH") && !exportGrade,
  }),
  takenWhere({
    id: "dhe-cipher-suites",
    severity: "low",
    title: "Cipher suites with Diffie-Hellman over finite fields",
    why: "A client can't ask for a group that it trusts, the servers' are often weak, and reused values leak (Raccoon): TLS 1.2 must not select them any more.",
    source: "RFC 10015",
    isSo: ({ keyExchange, authentication, exportGrade }) =>
      (keyExchange === "DHE" || keyExchange === "DHE_PSK") && authentication !== "anon" && !exportGrade,
  }),
  {
    id: "tls1.0-cbc",
    severity: "low",
    title: "CBC suites of TLS 1.0 (BEAST)",
    why: "A record's initialization vector is the end of the one before, so that whoever makes a client send chosen text can guess what else it sends.",
    source: "RFC 4346 §1.1; CVE-2011-3389",
    remedy: "Allow TLS 1.2 and 1.3 alone.",
    remedies: allowCurrentVersions,
    needs: ["cipherSuites"],
    seen: (facts) => acceptedWhere(facts, ({ mode }, version) => version === "TLS 1.0" && mode === "CBC"),
  },
  takenWhere({
    id: "cbc-cipher-suites",
    severity: "low",
    title: "CBC suites (Lucky Thirteen, LUCKY13)",
    why: "The MAC is beneath the padding: an implementation whose time tells which of the two was wrong gives away plaintext, and getting that right has failed often.",
    source: "RFC 9325 §4.2; CVE-2013-0169",
    isSo: ({ mode, exportGrade }) => mode === "CBC" && !exportGrade,
  }),
  {
    id: "short-tag-cipher-suites",
    severity: "low",
    title: "Cipher suites with tags of 64 bits",
    why: "A forged record is taken once in 2^64 tries instead of 2^128: AES-CCM with 8 octets is made for devices that count every one of them.",
    source: "RFC 6655 §6.1; RFC 9846 §B.4",
    remedy: "Allow suites with AES-GCM or ChaCha20-Poly1305.",
    remedies: allowCurrentSuitesOfTls13,
    needs: ["cipherSuites"],
    seen: (facts) => acceptedWhere(facts, ({ mode }) => mode === "CCM_8"),
  },
];

/** A row about suites that are to be taken out, since something is so of them. */
function takenWhere({
  isSo,
  ...rule
}: Pick<FindingRule, "id" | "severity" | "title" | "why" | "source"> & {
  readonly isSo: (suite: KnownCipherSuite, version: CipherSuitesFact["version"]) => boolean;
}): FindingRule {
  return {
    ...rule,
    remedy: allowOnlyCurrent,
    remedies: allowCurrentSuites,
    needs: ["cipherSuites"],
    seen: (facts) => acceptedWhere(facts, isSo),
  };
}

/** Those of the suites that are taken of which something is so, in a sentence for the versions that have the same ones. */
function acceptedWhere(
  { cipherSuites = [] }: KnownFacts,
  isSo: (suite: KnownCipherSuite, version: CipherSuitesFact["version"]) => boolean,
): readonly string[] {
  const versionsBySuites = new Map<string, CipherSuitesFact["version"][]>();
  for (const fact of cipherSuites) {
    const names = suitesOf(fact).flatMap((suite) => (isSo(suite, fact.version) ? [suite.name] : []));
    if (names.length === 0) continue;
    const suites = names.join(", ");
    versionsBySuites.set(suites, [...(versionsBySuites.get(suites) ?? []), fact.version]);
  }
  return [...versionsBySuites].map(([suites, versions]) => `${versions.join(", ")}: ${suites}.`);
}

/** Versions in which some suite is taken, and none of which this is so. */
function versionsWithout(
  { cipherSuites = [] }: KnownFacts,
  isSo: (suite: KnownCipherSuite) => boolean,
): readonly CipherSuitesFact["version"][] {
  return cipherSuites
    .filter((fact) => {
      const suites = suitesOf(fact);
      return suites.length > 0 && !suites.some(isSo);
    })
    .map(({ version }) => version);
}

/** What is known of the suites that are taken, in the fact's order. What nobody knows has no findings. */
function suitesOf({ accepted }: CipherSuitesFact): readonly KnownCipherSuite[] {
  return accepted.flatMap(({ code }) => knownCipherSuite(code) ?? []);
}

function isGood({ forwardSecrecy, mac, mode, authentication }: KnownCipherSuite): boolean {
  return forwardSecrecy && mac === "AEAD" && mode !== "CCM_8" && authentication !== "anon";
}

/** What a client should never get where it has something better. CBC with ECDHE isn't it: Mozilla's `old` has it. */
function isWeak({ cipher, bits, blockBits, forwardSecrecy, authentication }: KnownCipherSuite): boolean {
  return cipher === "RC4" || bits < 112 || blockBits === 64 || !forwardSecrecy || authentication === "anon";
}
