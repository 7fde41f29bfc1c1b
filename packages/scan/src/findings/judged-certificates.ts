/** Which of the certificates that a server shows findings are about, and what sentences call them. */
import type { CertificateFact, CertificateSummary } from "../facts.ts";
import type { FindingRule, KnownFacts, Remedies } from "../finding.ts";

/**
 * Those that whoever asks for the target's name gets, one for each kind of key; where it gets none, those that others get.
 * One that can't be read has a finding of its own, and says nothing.
 */
export function judgedCertificates(facts: KnownFacts): readonly CertificateFact[] {
  return shownCertificates(facts).filter(isReadable);
}

function shownCertificates({ certificates = [] }: KnownFacts): readonly CertificateFact[] {
  const byName = certificates.filter(({ shownTo }) => shownTo === "name");
  return byName.length > 0 ? byName : certificates;
}

/** Rules about what stands in certificates: of one that can't be read nobody can say. */
export function ofWhatCanBeRead(rules: readonly FindingRule[]): readonly FindingRule[] {
  return rules.map((rule) => ({
    ...rule,
    unknown: (facts) =>
      shownCertificates(facts).every(isReadable)
        ? undefined
        : { because: "failed", reason: "certificates: one can't be read" },
  }));
}

/** Whether the server's own certificate could be read. */
export function isReadable({ verdict }: CertificateFact): boolean {
  return !verdict.problems.some(({ code }) => code === "unreadable");
}

/** Sentences about the certificates of which there is one to say. */
export function sayOfEach(
  facts: KnownFacts,
  say: (certificate: CertificateFact, name: string) => string | false | undefined,
): readonly string[] {
  return judgedCertificates(facts).flatMap((certificate) => {
    const said = say(certificate, describeCertificate(certificate));
    return said === undefined || said === false ? [] : [said];
  });
}

/** The certificates above the server's own, roots left out: nothing rests on what a root says of itself. */
export function authoritiesOf({ others }: CertificateFact): readonly CertificateSummary[] {
  return others.filter(({ selfIssued }) => !selfIssued);
}

/** Hashes of which two texts with the same value can be made. */
const forgeableHashes: ReadonlySet<string> = new Set(["MD2", "MD5", "SHA-1"]);

/** Those of the chain whose signature proves nothing; a root's own never does. */
export function forgeableOf(certificate: CertificateFact): readonly CertificateSummary[] {
  return [certificate, ...certificate.others].filter(
    ({ selfIssued, signatureHash = "" }) => !selfIssued && forgeableHashes.has(signatureHash),
  );
}

/** Characters of a name, names and sentences that are shown: whoever wrote the certificates chose how many there are. */
const maximumCharactersShown = 100;
const maximumNamesShown = 5;
const maximumSentencesShown = 5;

/** `The P-256 certificate of CN=example.org` */
export function describeCertificate({ keyType, curve, subject }: CertificateSummary): string {
  const kind = keyType === "other" ? "" : `${curve ?? keyType} `;
  return `The ${kind}certificate of ${subject === "" ? "(no subject)" : shortened(subject)}`;
}

/** The first of some names. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, maximumNamesShown).map(shortened);
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}

function shortened(name: string): string {
  return name.length > maximumCharactersShown ? `${name.slice(0, maximumCharactersShown)}…` : name;
}

/** `RSA 1024`, `P-192` */
export function describeKey({ keyType, keyBits, curve }: CertificateSummary): string {
  return curve ?? `${keyType === "other" ? "a key of" : keyType} ${keyBits} bits`;
}

/** One of the reasons of a verdict as a sentence. */
export function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

/** Several as one text, the first of many; nothing if there are none. */
export function sentences(all: readonly string[]): string | undefined {
  if (all.length === 0) return undefined;
  const shown = all.slice(0, maximumSentencesShown);
  return [...shown, ...(all.length > shown.length ? [`And ${all.length - shown.length} more.`] : [])].join(" ");
}

/** The day of a time, `2026-03-01`. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

export const day = 86_400_000;

/** Where a certificate, what certifies it and its key go. */
export const certificateAndChain: Remedies = {
  nginx: "ssl_certificate /etc/ssl/example.org/fullchain.pem;\nssl_certificate_key /etc/ssl/example.org/key.pem;",
  apache: "SSLCertificateFile /etc/ssl/example.org/fullchain.pem\nSSLCertificateKeyFile /etc/ssl/example.org/key.pem",
  haproxy: "bind :443 ssl crt /etc/haproxy/certs/example.org.pem",
  caddy: "tls /etc/ssl/example.org/fullchain.pem /etc/ssl/example.org/key.pem",
  node: 'cert: readFileSync("/etc/ssl/example.org/fullchain.pem"),\nkey: readFileSync("/etc/ssl/example.org/key.pem"),',
};

/** How responses of the authority's come along. Caddy does it unasked. */
export const stapling: Remedies = {
  nginx: "ssl_stapling on;\nssl_stapling_verify on;\nresolver 127.0.0.53;",
  apache: 'SSLUseStapling on\nSSLStaplingCache "shmcb:/run/apache2/stapling(32768)"',
  haproxy: "tune.ssl.ocsp-update.mode on",
  node: 'server.on("OCSPRequest", (certificate, issuer, callback) => callback(null, currentResponse));',
};
