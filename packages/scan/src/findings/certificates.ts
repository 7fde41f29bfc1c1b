/** Findings about the certificates that a server shows, each by itself. */
import type { CertificateFact, CertificateSummary } from "../facts.ts";
import type { FindingRule } from "../finding.ts";
import { serverNameOf } from "../target.ts";
import {
  authoritiesOf,
  certificateAndChain,
  day,
  dayOf,
  describeCertificate,
  describeKey,
  forgeableOf,
  listed,
  sayOfEach,
  sentence,
  sentences,
} from "./judged-certificates.ts";
import { tooLongValidity } from "./maximum-validity.ts";

/** Keys that are broken, by their bits, and those that are weak. */
const brokenBelow = { RSA: 1024, "RSA-PSS": 1024, DSA: 1024, EC: 160 } as const;
const weakBelow = { RSA: 2048, "RSA-PSS": 2048, DSA: 2048, EC: 224 } as const;

/** How long before its end a certificate wants renewing at last, unless it lives for a short time anyway. */
const renewalDays = 14;

/** 64 bits, as authorities of the web have to take them from a random source at least. */
const leastSerialOctets = 8;

/** What authorities that issue unasked for money put into one at most. */
const mostNames = 100;

export const certificateFindings: readonly FindingRule[] = [
  {
    id: "certificate-key-broken",
    severity: "critical",
    title: "A certificate's key can be computed",
    why: "A key of this size has been factored or computed in public, so that others can pretend to be the server.",
    source: "RFC 9325 §4.5; CA/Browser Forum BR §6.1.5",
    remedy:
      "Make a new key, of P-256 or of RSA with 2048 bits or more, have a certificate issued for it, and revoke the old one.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) => sayOfEach(facts, (certificate) => weakKeys(certificate, (key) => isBelow(key, brokenBelow))),
  },
  {
    id: "certificate-key-weak",
    severity: "high",
    title: "A certificate's key is short",
    why: "Keys of this size are within reach of whoever can pay for it, and current clients refuse them.",
    source: "RFC 9325 §4.5; CA/Browser Forum BR §6.1.5; NIST SP 800-57 part 1",
    remedy: "Make a new key, of P-256 or of RSA with 2048 bits or more, and have a certificate issued for it.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(facts, (certificate) =>
        weakKeys(certificate, (key) => isBelow(key, weakBelow) && !isBelow(key, brokenBelow)),
      ),
  },
  {
    id: "certificate-signature-forgeable",
    severity: "high",
    title: "A certificate is signed with MD5 or SHA-1",
    why: "Two certificates with one such hash can be made, so that an authority that signs one of them signs the other for an attacker; clients refuse such signatures.",
    source: "RFC 9155; RFC 9325 §4.5; RFC 6194",
    remedy:
      "Have the certificate issued again with SHA-256, by an authority whose own certificate is signed so as well.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(facts, (certificate) => {
        const forgeable = forgeableOf(certificate);
        return sentences(forgeable.map((one) => `${describeCertificate(one)} is signed by ${one.signatureAlgorithm}.`));
      }),
  },
  {
    id: "certificate-expired",
    severity: "high",
    title: "A certificate has expired",
    why: "Clients refuse the server, and people who are used to going on regardless go on where an attacker sits in between as well.",
    source: "RFC 5280 §4.1.2.5",
    remedy:
      "Renew the certificate, and have it renewed by a program (ACME, RFC 8555) from now on; the server has to read it again.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts, { now }) =>
      sayOfEach(facts, ({ notAfter }, name) => notAfter < now && `${name} expired on ${dayOf(notAfter)}.`),
  },
  {
    id: "certificate-not-yet-valid",
    severity: "high",
    title: "A certificate isn't valid yet",
    why: "Clients whose clocks are right refuse the server.",
    source: "RFC 5280 §4.1.2.5",
    remedy: "Set the clock of whatever issued it, or put the certificate to use on the day on which it begins.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts, { now }) =>
      sayOfEach(facts, ({ notBefore }, name) => notBefore > now && `${name} isn't valid before ${dayOf(notBefore)}.`),
  },
  {
    id: "certificate-expires-soon",
    severity: "medium",
    title: "A certificate expires soon",
    why: "What renews certificates does so in good time, so that it seems not to work; clients will refuse the server.",
    source: "RFC 8555 §1; https://letsencrypt.org/docs/integration-guide/",
    remedy:
      "See why the certificate hasn't been renewed, or why the server doesn't show the new one: it has to read it again.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts, { now }) =>
      sayOfEach(facts, (certificate) => {
        const ending = [certificate, ...authoritiesOf(certificate)].filter((one) => isEnding(one, now));
        return sentences(ending.map((one) => `${describeCertificate(one)} expires on ${dayOf(one.notAfter)}.`));
      }),
  },
  {
    id: "certificate-validity-too-long",
    severity: "medium",
    title: "A certificate is valid for longer than clients take",
    why: "A key that was stolen, or a name that has got another owner, stays good for as long, and clients refuse what was issued for longer than their rules allow.",
    source: "CA/Browser Forum BR §6.3.2; https://support.apple.com/103769",
    remedy: "Have it issued for a shorter time, and have it renewed by a program (ACME, RFC 8555).",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(facts, (certificate, name) => {
        const found = tooLongValidity(certificate);
        return found && `${name} is valid for ${found.days} days, ${found.allowed} are allowed (${found.source}).`;
      }),
  },
  {
    id: "certificate-name-mismatch",
    severity: "high",
    title: "A certificate isn't for this name",
    why: "It proves nothing about the server that was asked for, and clients refuse it.",
    source: "RFC 9525 §6",
    remedy:
      "Have a certificate issued that has the name among its subject alternative names, and give it to the server of that name.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts, { target }) =>
      sayOfEach(facts, ({ verdict }, name) => {
        if (verdict.nameMatches) return undefined;
        const mismatch = verdict.problems.find(({ code }) => code === "name_mismatch" || code === "invalid_identity");
        return mismatch === undefined ? `${name} isn't for ${target.host}.` : sentence(mismatch.reason);
      }),
  },
  {
    id: "certificate-timestamps-missing",
    severity: "medium",
    title: "A certificate has too few signed certificate timestamps",
    why: "Browsers want to see that logs promised to publish what a public authority issues, and refuse it otherwise.",
    source:
      "RFC 6962 §5.2; https://googlechrome.github.io/CertificateTransparency/ct_policy.html; https://support.apple.com/103214",
    remedy: "Have it issued by an authority that embeds timestamps, as all public ones do unless told otherwise.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(facts, (certificate, name) => {
        const { inCertificate, inHandshake, inStaple } = certificate.timestamps;
        const wanted = certificate.notAfter - certificate.notBefore > 180 * day ? 3 : 2;
        if (!certificate.verdict.publicRoot || inCertificate >= wanted || inHandshake + inStaple >= 2) return undefined;
        return `${name} has timestamps of ${inCertificate} logs in it, ${wanted} are asked for, and ${inHandshake + inStaple} beside it.`;
      }),
  },
  {
    id: "certificate-serial-short",
    severity: "low",
    title: "A certificate's serial number can be guessed",
    why: "Serial numbers are random so that nobody knows beforehand what an authority will sign: that is what forging a certificate by a collision of the hash takes. Public authorities owe 64 bits of it, and revoke what has less.",
    source: "CA/Browser Forum BR §7.1.2.7; RFC 5280 §4.1.2.2",
    remedy: "Have it issued again.",
    remedies: certificateAndChain,
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(facts, ({ serialNumber, verdict }, name) => {
        const octets = Math.ceil(serialNumber.replace(/^0+/, "").length / 2);
        return verdict.publicRoot && octets < leastSerialOctets && `${name} has the serial number ${serialNumber}.`;
      }),
  },
  {
    id: "certificate-many-names",
    severity: "info",
    title: "A certificate is for very many names",
    why: "Whoever gets the key from one of its servers can be all of them, and every client has to fetch all names before anything else comes.",
    source: "RFC 9525 §7.5; https://letsencrypt.org/docs/rate-limits/",
    remedy: "Have a certificate issued for each service, with its names alone.",
    remedies: {},
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(facts, ({ dnsNames, ipAddresses }, name) => {
        const names = dnsNames.length + ipAddresses.length;
        return names > mostNames && `${name} is for ${names} names.`;
      }),
  },
  {
    id: "certificate-wildcard",
    severity: "info",
    title: "A certificate is for every name of a domain",
    why: "Whoever has the key of one of its servers can be any other one.",
    source: "RFC 9525 §7.1",
    remedy: "If servers of different standing share it, have one issued for each by its own name.",
    remedies: {},
    needs: ["certificates"],
    seen: (facts) =>
      sayOfEach(facts, ({ dnsNames }, name) => {
        const wildcards = dnsNames.filter((dnsName) => dnsName.startsWith("*."));
        return wildcards.length > 0 && `${name} is for ${listed(wildcards)}.`;
      }),
  },
  {
    id: "certificate-needs-name",
    severity: "info",
    title: "Nothing is shown to clients that don't name the server",
    why: "Clients without server_name, all of them old or simple, can't connect; nothing is wrong with that where there are none.",
    source: "RFC 6066 §3",
    remedy: "Give the server a certificate to show by default, if there are such clients.",
    remedies: {},
    needs: ["certificates"],
    seen: ({ certificates = [] }, { target }) =>
      serverNameOf(target) !== undefined &&
      certificates.some(({ shownTo }) => shownTo === "name") &&
      !certificates.some(({ shownTo }) => shownTo === "no name")
        ? ["A hello without server_name got no certificate."]
        : [],
  },
  {
    id: "certificate-default-differs",
    severity: "info",
    title: "Clients that don't name the server get another certificate",
    why: "They see a server of another name, which is as it has to be where several share an address.",
    source: "RFC 6066 §3",
    remedy: "Let the server of this name be the default one of its address, if there are such clients.",
    remedies: {
      nginx: "listen 443 ssl default_server;",
      haproxy: "bind :443 ssl crt /etc/haproxy/certs/example.org.pem crt /etc/haproxy/certs/",
      caddy: "{\n\tdefault_sni example.org\n}",
    },
    needs: ["certificates"],
    seen: ({ certificates = [] }) => {
      const byName = new Set(certificates.filter(({ shownTo }) => shownTo === "name").map(({ sha256 }) => sha256));
      const others = certificates.filter(({ shownTo, sha256 }) => shownTo === "no name" && !byName.has(sha256));
      if (byName.size === 0) return [];
      return others.map((other) => `${describeCertificate(other)} was shown to a hello without server_name.`);
    },
  },
];

/** Whether a key has fewer bits than there are for keys of its kind; of kinds that have no number none has, nor one that can't be read. */
function isBelow({ keyType, keyBits }: CertificateSummary, bits: Readonly<Record<string, number>>): boolean {
  return keyBits > 0 && keyBits < (bits[keyType] ?? 0);
}

function weakKeys(certificate: CertificateFact, isWeak: (key: CertificateSummary) => boolean): string | undefined {
  const weak = [certificate, ...authoritiesOf(certificate)].filter(isWeak);
  return sentences(weak.map((one) => `${describeCertificate(one)} has the key ${describeKey(one)}.`));
}

/** Good still, and for less than the time within which it should have been renewed. */
function isEnding({ notBefore, notAfter }: CertificateSummary, now: number): boolean {
  return notAfter >= now && notAfter - now < Math.min(renewalDays * day, (notAfter - notBefore) / 4);
}
