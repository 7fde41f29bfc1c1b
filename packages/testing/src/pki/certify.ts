import type { CryptoProvider, Random, Steps } from "@tlskit/crypto";
import type { Certificate, DeclaredPrivateKey } from "@tlskit/x509";
import {
  basicConstraints,
  type Contents,
  extendedKeyUsage,
  issue,
  keyUsage,
  purposes,
  subjectAlternativeName,
} from "./issue.ts";
import { certificateSigner } from "./keys.ts";

/** Whose certificates leaves are. */
export type LeafPurpose = keyof typeof purposes;

/** What certificates are made from. */
export interface Settings {
  readonly provider: CryptoProvider;
  readonly random: Random;
  readonly hosts: readonly string[];
  /** What leaves are for. */
  readonly purpose: LeafPurpose;
  readonly now: number;
}

/** A certificate with what certifies it and the key behind it: what a server's context takes. */
export interface TestCertificate {
  /** The leaf first, without the trust anchor. */
  readonly chain: readonly Certificate[];
  readonly key: DeclaredPrivateKey;
}

/** An authority, or whoever acts as one. */
export interface Issuer {
  readonly certificate: Certificate;
  readonly key: DeclaredPrivateKey;
}

/** Two authorities, one certified by the other, and a good certificate below them. */
export interface Pki extends Settings {
  readonly root: Issuer;
  readonly intermediate: Issuer;
  readonly certificate: TestCertificate;
}

const day = 24 * 60 * 60 * 1000;

/** A certificate for an authority, signed by another or by itself. */
export function* authority(
  settings: Settings,
  subject: string,
  key: DeclaredPrivateKey,
  issuer: Issuer | undefined,
): Steps<Issuer> {
  const contents: Contents = {
    subject,
    issuer: issuer === undefined ? subject : commonName(issuer),
    publicKey: key.subjectPublicKeyInfo,
    notBefore: settings.now - day,
    notAfter: settings.now + 30 * day,
    extensions: [basicConstraints(true), keyUsage(true)],
  };
  const signer = certificateSigner(settings.provider, settings.random, issuer?.key ?? key);
  return { certificate: yield* issue(contents, signer, settings.random), key };
}

/** A certificate for the hosts, with whatever is changed. */
export function* issueLeaf(
  settings: Settings,
  key: DeclaredPrivateKey,
  issuer: Issuer | undefined,
  changes: Partial<Contents> = {},
): Steps<Certificate> {
  const subject = settings.hosts[0] ?? "nobody";
  const contents: Contents = {
    subject,
    issuer: issuer === undefined ? subject : commonName(issuer),
    publicKey: key.subjectPublicKeyInfo,
    notBefore: settings.now - day,
    notAfter: settings.now + 30 * day,
    extensions: leafExtensions(settings.hosts, settings.purpose, isRsaForAll(key)),
    ...changes,
  };
  return yield* issue(
    contents,
    certificateSigner(settings.provider, settings.random, issuer?.key ?? key),
    settings.random,
  );
}

/** What a leaf has. */
export function leafExtensions(
  hosts: readonly string[],
  purpose: LeafPurpose,
  encrypts = false,
): Contents["extensions"] {
  return [
    basicConstraints(false),
    keyUsage(false, encrypts),
    extendedKeyUsage(purposes[purpose]),
    subjectAlternativeName(hosts),
  ];
}

/** Whether it is an RSA key that may be used for more than PSS: such keys may encrypt (RFC 3279 §2.3.1). */
function isRsaForAll({ subjectPublicKeyInfo: { algorithm, publicKey } }: DeclaredPrivateKey): boolean {
  return publicKey?.type === "RSA" && algorithm !== "id-RSASSA-PSS";
}

function commonName(issuer: Issuer): string {
  return issuer.certificate.subject.find("2.5.4.3") ?? "nobody";
}
