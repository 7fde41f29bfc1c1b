/** Each member of a policy: how it is read, and what breaks it. The file's reader, its schema and its page are made of this. */
import type { CertificateFact, CheckName, CipherSuitesFact, FoundFacts, Named } from "../facts.ts";
import {
  type Finding,
  type FindingRule,
  type Judged,
  type KnownFacts,
  type Severity,
  severities,
  type Unknown,
} from "../finding.ts";
import { isReadable } from "../findings/judged-certificates.ts";
import { findingRules, judgeRule } from "../findings.ts";
import { knownFacts, unknownAmong } from "../known-facts.ts";
import { knownCipherSuites, knownSsl2CipherSuites } from "../registry/cipher-suite.ts";
import { knownGroups } from "../registry/group.ts";
import { knownSignatureSchemes } from "../registry/signature-scheme.ts";
import type { PolicyViolation } from "../report.ts";
import { serverNameOf } from "../target.ts";
import { type Version, versions } from "../version.ts";
import type { Policy } from "./policy.ts";
import { asked, listOf, mapOf, oneOf, type Schema, type Values, wholeNumber } from "./values.ts";

/** What a policy is judged by. */
export interface Scanned {
  readonly facts: FoundFacts;
  readonly findings: readonly Finding[];
}

/** A member of a policy: `cipherSuites.allowed`. */
export interface PolicyRule {
  readonly section: Section;
  readonly member: string;
  /** What it asks, in a sentence. */
  readonly about: string;
  /** What stands there. */
  readonly values: string;
  readonly schema: Schema;
  /** The policy with this member as it stands in a file. Fails as {@link Values.read}. */
  read(policy: Policy, value: unknown, where: string): Policy;
  /** The policy without this member. */
  without(policy: Policy): Policy;
  violations(policy: Policy, scanned: Scanned, about: Judged): readonly PolicyViolation[];
}

type Section = Exclude<keyof Policy, "name">;
type MemberOf<S extends Section> = keyof NonNullable<Policy[S]> & string;
type Asked<S extends Section, M extends MemberOf<S>> = NonNullable<NonNullable<Policy[S]>[M]>;

type Violation = Omit<PolicyViolation, "rule">;

interface RuleOf<Wanted> {
  readonly about: string;
  readonly values: Values<Wanted>;
  /** Whose facts it is judged by, and the only ones that it gets: if one wasn't found out the policy isn't met. */
  readonly needs: readonly CheckName[];
  violations(wanted: Wanted, facts: KnownFacts, about: Judged, policy: Policy, scanned: Scanned): readonly Violation[];
}

const day = 86_400_000;

const version = oneOf("a version", Object.keys(versions).filter(isVersion));
const cipherSuite = oneOf(
  "IANA's name of a cipher suite",
  [...knownCipherSuites, ...knownSsl2CipherSuites].map(({ name }) => name),
  (word) => {
    const meant = knownCipherSuites.find(({ opensslName }) => opensslName === word);
    return meant === undefined ? "" : `; it is OpenSSL's, of ${meant.name}`;
  },
);
const group = oneOf(
  "IANA's name of a group",
  knownGroups.map(({ name }) => name),
);
const signatureScheme = oneOf(
  "IANA's name of a signature scheme",
  knownSignatureSchemes.map(({ name }) => name),
);
const severity = oneOf("a severity", severities);
const finding = oneOf(
  "the id of a finding",
  findingRules.map(({ id }) => id),
);
const keyType = oneOf("a kind of key", ["RSA", "RSA-PSS", "EC", "Ed25519", "Ed448", "ML-DSA", "DSA", "other"]);
const curve = oneOf("a curve of certificates", ["P-256", "P-384", "P-521"]);
const signatureAlgorithm = oneOf("an algorithm that certificates are signed by", [
  "RSA with SHA-256",
  "RSA with SHA-384",
  "RSA with SHA-512",
  "RSA-PSS with SHA-256",
  "RSA-PSS with SHA-384",
  "RSA-PSS with SHA-512",
  "ECDSA with SHA-256",
  "ECDSA with SHA-384",
  "ECDSA with SHA-512",
  "Ed25519",
  "Ed448",
  "ML-DSA-44",
  "ML-DSA-65",
  "ML-DSA-87",
]);

/** What has many words, once: the rules' schemas refer to these. */
export const schemaDefinitions: Readonly<Record<string, Schema>> = {
  cipherSuite: cipherSuite.schema,
  group: group.schema,
  signatureScheme: signatureScheme.schema,
  finding: finding.schema,
};

/** In the order in which violations are told. */
export const policyRules: readonly PolicyRule[] = [
  rule("versions", "allowed", {
    about: "No version is spoken but these.",
    values: listOf("a list of versions", version),
    needs: ["versions"],
    violations: (allowed, { versions = [] }) =>
      versions
        .filter(({ version, spoken }) => spoken && !allowed.includes(version))
        .map(({ version }) => ({ wanted: `no version but ${listed(allowed)}`, seen: `${version} is spoken` })),
  }),
  rule("versions", "required", {
    about: "All of these are spoken.",
    values: listOf("a list of versions", version),
    needs: ["versions"],
    violations: (required, { versions = [] }) =>
      required
        .filter((wanted) => !versions.some(({ version, spoken }) => spoken && version === wanted))
        .map((wanted) => ({ wanted, seen: `${wanted} isn't spoken` })),
  }),
  rule("cipherSuites", "allowed", {
    about: "No cipher suite is taken but these, in any version.",
    values: listOf("a list of cipher suites", referredTo("cipherSuite", cipherSuite)),
    needs: ["cipherSuites"],
    violations: (allowed, { cipherSuites = [] }) =>
      namedWhere(cipherSuites, "none but the suites that are allowed", ({ name }) => !allowed.includes(name)),
  }),
  rule("cipherSuites", "forbidden", {
    about: "None of these cipher suites is taken, in any version.",
    values: listOf("a list of cipher suites", referredTo("cipherSuite", cipherSuite)),
    needs: ["cipherSuites"],
    violations: (forbidden, { cipherSuites = [] }) =>
      namedWhere(cipherSuites, "none of the suites that are forbidden", ({ name }) => forbidden.includes(name)),
  }),
  rule("cipherSuites", "order", {
    about: "The server's order of cipher suites counts, in every version with more than one.",
    values: oneOf('"server"', ["server"]),
    needs: ["cipherSuites"],
    violations: (_, { cipherSuites = [] }) =>
      cipherSuites
        .filter((fact) => fact.order === "client")
        .map(({ version }: CipherSuitesFact) => ({ wanted: "the server's order", seen: `${version}: the client's` })),
  }),
  rule("groups", "allowed", {
    about: "No group is taken but these, in any version.",
    values: listOf("a list of groups", referredTo("group", group)),
    needs: ["groups"],
    violations: (allowed, { groups = [] }) =>
      namedWhere(groups, `no group but ${listed(allowed)}`, ({ name }) => !allowed.includes(name)),
  }),
  rule("groups", "forbidden", {
    about: "None of these groups is taken, in any version.",
    values: listOf("a list of groups", referredTo("group", group)),
    needs: ["groups"],
    violations: (forbidden, { groups = [] }) =>
      namedWhere(groups, "none of the groups that are forbidden", ({ name }) => forbidden.includes(name)),
  }),
  rule("groups", "required", {
    about: "All of these groups are taken, each in one version at least.",
    values: listOf("a list of groups", referredTo("group", group)),
    needs: ["groups"],
    violations: (required, { groups = [] }) =>
      required
        .filter((wanted) => !groups.some(({ accepted }) => accepted.some(({ name }) => name === wanted)))
        .map((wanted) => ({ wanted, seen: `${wanted} isn't taken` })),
  }),
  rule("signatureSchemes", "allowed", {
    about: "Handshakes are signed by no scheme but these.",
    values: listOf("a list of signature schemes", referredTo("signatureScheme", signatureScheme)),
    needs: ["signatureSchemes"],
    violations: (allowed, { signatureSchemes = [] }) =>
      namedWhere(signatureSchemes, `no scheme but ${listed(allowed)}`, ({ name }) => !allowed.includes(name)),
  }),
  rule("signatureSchemes", "forbidden", {
    about: "Handshakes are signed by none of these schemes.",
    values: listOf("a list of signature schemes", referredTo("signatureScheme", signatureScheme)),
    needs: ["signatureSchemes"],
    violations: (forbidden, { signatureSchemes = [] }) =>
      namedWhere(signatureSchemes, "none of the schemes that are forbidden", ({ name }) => forbidden.includes(name)),
  }),
  rule("diffieHellman", "minBits", {
    about: "Primes of DHE before TLS 1.3 have as many bits, or more.",
    values: wholeNumber("a number of bits"),
    needs: ["diffieHellman"],
    violations: (least, { diffieHellman }) =>
      (diffieHellman?.primes ?? [])
        .filter(({ bits }) => bits < least)
        .map(({ bits }) => ({ wanted: `${least} bits or more`, seen: `a prime of ${bits} bits` })),
  }),
  rule("certificates", "trusted", {
    about: "Each certificate has a path to an anchor, is valid now, and is for the target's name.",
    values: asked,
    needs: ["certificates"],
    violations: (_, facts) =>
      certificatesWhere(
        facts,
        "a trusted certificate for this name",
        ({ verdict }) => !verdict.trusted || !verdict.nameMatches,
        ({ verdict }) => listed(verdict.problems.map(({ reason }) => reason)) || "no path to an anchor",
      ),
  }),
  rule("certificates", "keyTypes", {
    about: "Certificates have no keys but of these kinds.",
    values: listOf("a list of kinds of keys", keyType),
    needs: ["certificates"],
    violations: (allowed, facts) =>
      certificatesWhere(
        facts,
        listed(allowed),
        ({ keyType }) => !allowed.includes(keyType),
        ({ keyType }) => keyType,
      ),
  }),
  rule("certificates", "curves", {
    about: "Elliptic keys of certificates are on these curves.",
    values: listOf("a list of curves", curve),
    needs: ["certificates"],
    violations: (allowed, facts) =>
      certificatesWhere(
        facts,
        listed(allowed),
        ({ keyType, curve }) => keyType === "EC" && !allowed.some((name) => name === curve),
        ({ curve }) => curve ?? "another curve",
      ),
  }),
  rule("certificates", "minRsaBits", {
    about: "RSA keys of certificates have as many bits, or more.",
    values: wholeNumber("a number of bits"),
    needs: ["certificates"],
    violations: (least, facts) =>
      certificatesWhere(
        facts,
        `${least} bits or more`,
        ({ keyType, keyBits }) => (keyType === "RSA" || keyType === "RSA-PSS") && keyBits < least,
        ({ keyBits }) => `${keyBits} bits`,
      ),
  }),
  rule("certificates", "signatureAlgorithms", {
    about: "Certificates are signed by these algorithms. Those of authorities aren't asked.",
    values: listOf("a list of algorithms", signatureAlgorithm),
    needs: ["certificates"],
    violations: (allowed, facts) =>
      certificatesWhere(
        facts,
        listed(allowed),
        ({ signatureAlgorithm }) => !allowed.some((name) => name === signatureAlgorithm),
        ({ signatureAlgorithm }) => signatureAlgorithm,
      ),
  }),
  rule("certificates", "maxLifetimeDays", {
    about: "Certificates are valid for as many days, or fewer, from beginning to end.",
    values: wholeNumber("a number of days"),
    needs: ["certificates"],
    violations: (most, facts) =>
      certificatesWhere(
        facts,
        `${most} days or fewer`,
        (certificate) => lifetime(certificate) > most * day,
        (certificate) => `${Math.ceil(lifetime(certificate) / day)} days`,
      ),
  }),
  rule("certificates", "minDaysLeft", {
    about: "Certificates are still valid for as many days, or more.",
    values: wholeNumber("a number of days"),
    needs: ["certificates"],
    violations: (least, facts, { now }) =>
      certificatesWhere(
        facts,
        `${least} days or more`,
        ({ notAfter }) => notAfter - now < least * day,
        ({ notAfter }) => `${Math.floor((notAfter - now) / day)} days`,
      ),
  }),
  rule("certificates", "stapled", {
    about: "A certificate that names an OCSP responder comes with a good answer of it.",
    values: asked,
    needs: ["certificates"],
    violations: (_, facts) =>
      certificatesWhere(
        facts,
        "a good OCSP staple",
        ({ ocspUrls, mustStaple, staple }) => (ocspUrls.length > 0 || mustStaple) && staple.state !== "good",
        ({ staple }) => staple.state,
      ),
  }),
  rule("http", "minHstsSeconds", {
    about:
      "A server that speaks HTTP has HSTS, for as many seconds or more. It isn't asked of an address, for which there is none.",
    values: wholeNumber("a number of seconds"),
    needs: ["http"],
    violations(least, { http }, { target }) {
      // RFC 6797 §8.1.1: of an address browsers remember nothing.
      if (http === undefined || serverNameOf(target) === undefined) return [];
      const wanted = `HSTS for ${least} seconds or more`;
      if (http.hsts === undefined) return [{ wanted, seen: "no HSTS" }];
      if (http.hsts.problem !== undefined) return [{ wanted, seen: `HSTS that doesn't count: ${http.hsts.problem}` }];
      return http.hsts.maxAgeSeconds < least ? [{ wanted, seen: `${http.hsts.maxAgeSeconds} seconds` }] : [];
    },
  }),
  rule("findings", "worst", {
    about:
      "No finding is worse than this; \"none\" allows none at all. What couldn't be judged because a check failed or was left out counts as found, what is asked by an option alone doesn't.",
    values: oneOf('a severity, or "none"', [...severities, "none"]),
    needs: [],
    violations(worst, _facts, about, { findings }, scanned) {
      const severityOf = ({ id, severity }: FindingRule): Severity => findings?.severities?.[id] ?? severity;
      const isTooBad = (rule: FindingRule): boolean =>
        (worst === "none" || severities.indexOf(severityOf(rule)) < severities.indexOf(worst)) &&
        findings?.allowed?.includes(rule.id) !== true;
      const wanted = worst === "none" ? "no finding" : `no finding worse than ${worst}`;
      return [
        ...scanned.findings
          .filter(({ rule }) => isTooBad(rule))
          .map(({ rule, seen }) => ({ wanted, seen: `${rule.id} (${severityOf(rule)}): ${seen.join(" ")}` })),
        ...findingRules.filter(isTooBad).flatMap((rule) => {
          const verdict = judgeRule(rule, scanned.facts, about);
          return "because" in verdict && verdict.because !== "not asked"
            ? [{ wanted, seen: `${rule.id} couldn't be judged: ${verdict.reason}` }]
            : [];
        }),
      ];
    },
  }),
  rule("findings", "allowed", {
    about: "These findings are no violation of `worst`.",
    values: listOf("a list of findings", referredTo("finding", finding)),
    needs: [],
    violations: () => [],
  }),
  rule("findings", "forbidden", {
    about:
      "None of these is found, whatever its severity. What couldn't be judged counts as found, for whatever reason.",
    values: listOf("a list of findings", referredTo("finding", finding)),
    needs: [],
    violations: (forbidden, _facts, about, _policy, scanned) =>
      findingRules
        .filter(({ id }) => forbidden.includes(id))
        .flatMap((rule) => {
          const verdict = judgeRule(rule, scanned.facts, about);
          const seen = "because" in verdict ? unknownText(verdict) : verdict.seen.join(" ");
          return seen === "" ? [] : [{ wanted: `no ${rule.id}`, seen }];
        }),
  }),
  rule("findings", "severities", {
    about: "How bad these findings are for `worst`, instead of what the table says.",
    values: mapOf("an object of severities by findings' ids", referredTo("finding", finding), severity),
    needs: [],
    violations: () => [],
  }),
];

function referredTo<T>(definition: string, values: Values<T>): Values<T> {
  return { ...values, schema: { $ref: `#/$defs/${definition}` } };
}

function rule<S extends Section, M extends MemberOf<S>>(
  section: S,
  member: M,
  { about, values, needs, violations }: RuleOf<Asked<S, M>>,
): PolicyRule {
  const sectionOf = (policy: Policy): Policy[S] => policy[section];
  return {
    section,
    member,
    about,
    values: values.about,
    schema: values.schema,
    read: (policy, value, where) => ({
      ...policy,
      [section]: { ...sectionOf(policy), [member]: values.read(value, where) },
    }),
    without: (policy) => ({ ...policy, [section]: { ...sectionOf(policy), [member]: undefined } }),
    violations(policy, scanned, judged) {
      const wanted = sectionOf(policy)?.[member];
      if (wanted === undefined || wanted === null) return [];
      const name = `${section}.${member}`;
      const unknown = unknownAmong(scanned.facts, needs);
      if (unknown !== undefined) return [{ rule: name, wanted: about, seen: unknownText(unknown) }];
      const known = knownFacts(scanned.facts, needs);
      return violations(wanted, known, judged, policy, scanned).map((violation) => ({ rule: name, ...violation }));
    },
  };
}

function unknownText({ because, reason }: Unknown): string {
  return `${because === "failed" ? "not found out" : because}, ${reason}`;
}

function namedWhere(
  facts: readonly { readonly version: Version; readonly accepted: readonly Named[] }[],
  wanted: string,
  isSo: (named: Named) => boolean,
): readonly Violation[] {
  return facts.flatMap(({ version, accepted }) => {
    const names = accepted.filter(isSo).map(({ name }) => name);
    return names.length === 0 ? [] : [{ wanted, seen: `${version}: ${listed(names)}` }];
  });
}

/** Of what is wanted of certificates, those that it isn't so of: one that can't be read, and none at all, among them. */
function certificatesWhere(
  facts: KnownFacts,
  wanted: string,
  isWrong: (certificate: CertificateFact) => boolean,
  say: (certificate: CertificateFact) => string,
): readonly Violation[] {
  const shown = certificatesOf(facts);
  if (shown.length === 0) return [{ wanted, seen: "no certificate was shown" }];
  return shown.flatMap((certificate) => {
    if (!isReadable(certificate)) return [{ wanted, seen: "a certificate that can't be read" }];
    return isWrong(certificate) ? [{ wanted, seen: `${nameOf(certificate)}: ${say(certificate)}` }] : [];
  });
}

/** Those that the target's name is shown; of a target without a name, those that are shown without one. */
function certificatesOf({ certificates = [] }: KnownFacts): readonly CertificateFact[] {
  const named = certificates.filter(({ shownTo }) => shownTo === "name");
  return named.length > 0 ? named : certificates.filter(({ shownTo }) => shownTo === "no name");
}

function nameOf({ keyType, subject }: CertificateFact): string {
  return `${keyType}, ${subject}`;
}

/** RFC 5280 §4.1.2.5: both ends are part of it, to the second. */
function lifetime({ notBefore, notAfter }: CertificateFact): number {
  return notAfter - notBefore + 1000;
}

function listed(words: readonly string[]): string {
  return words.join(", ");
}

function isVersion(word: string): word is Version {
  return word in versions;
}
