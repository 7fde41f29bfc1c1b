import { type Random, type SignatureAlgorithm, type Signer, type Steps, wait } from "@tlskit/crypto";
import { asciiBytes, callerError, concat } from "@tlskit/wire";
import { Certificate, nameOfParts, type SubjectPublicKeyInfo } from "@tlskit/x509";
import { der, oid, Tag, time } from "./der.ts";

/** An extension to be written into a certificate. */
export interface WrittenExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** The DER inside of the octet string. */
  readonly value: Uint8Array;
}

/** Everything that stands in a certificate. */
export interface Contents {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: SubjectPublicKeyInfo;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly WrittenExtension[];
  /** The algorithm that it says it is signed by (RFC 5280 §4.1.1.2): the true one unless told otherwise. */
  readonly claimedAlgorithm?: ClaimedAlgorithm;
  /** 3 unless told otherwise. */
  readonly version?: 1 | 3;
}

/** Algorithms that nobody signs with here. */
export type ClaimedAlgorithm = "md5WithRSAEncryption" | "ecdsa-with-SHA1" | "unknown";

/**
 * Writes and signs a certificate, with anything in it: the package `x509` makes certificates that are good, and a test
 * needs others too.
 */
export function* issue(contents: Contents, signer: Signer, random: Random): Steps<Certificate> {
  const [algorithm] = signer.algorithms;
  const claimed = contents.claimedAlgorithm;
  const truth = algorithm === undefined ? undefined : identifiers[algorithm];
  const identifier = claimed === undefined ? truth : claimedIdentifiers[claimed];
  if (algorithm === undefined || identifier === undefined) {
    throw callerError("unsupported_algorithm", `certificates are not signed with ${algorithm} here`);
  }
  const serial = random(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const tbs = der(
    Tag.sequence,
    // RFC 5280 §4.1.2.1: version 1 is the default, and has no extensions.
    ...(contents.version === 1 ? [] : [der(0xa0, der(Tag.integer, Uint8Array.of(2)))]),
    der(Tag.integer, serial),
    identifier,
    nameOfParts({ commonName: contents.issuer }).der,
    der(Tag.sequence, time(contents.notBefore), time(contents.notAfter)),
    nameOfParts({ commonName: contents.subject }).der,
    contents.publicKey.der,
    ...(contents.version === 1 ? [] : [der(0xa3, der(Tag.sequence, ...contents.extensions.map(writeExtension)))]),
  );
  const signature = yield* wait(signer.sign(algorithm, tbs));
  return Certificate.fromDer(der(Tag.sequence, tbs, identifier, der(Tag.bitString, Uint8Array.of(0), signature)));
}

/** RFC 5280 §4.1.1.2, for the first algorithm of each type of key. */
const identifiers: Readonly<Partial<Record<SignatureAlgorithm, Uint8Array>>> = {
  "ECDSA/P-256/SHA-256": der(Tag.sequence, oid("1.2.840.10045.4.3.2")),
  "ECDSA/P-384/SHA-384": der(Tag.sequence, oid("1.2.840.10045.4.3.3")),
  "ECDSA/P-521/SHA-512": der(Tag.sequence, oid("1.2.840.10045.4.3.4")),
  Ed25519: der(Tag.sequence, oid("1.3.101.112")),
  Ed448: der(Tag.sequence, oid("1.3.101.113")),
  "RSA-PKCS1/SHA-256": der(Tag.sequence, oid("1.2.840.113549.1.1.11"), der(Tag.null)),
};

const claimedIdentifiers: Readonly<Record<ClaimedAlgorithm, Uint8Array>> = {
  md5WithRSAEncryption: der(Tag.sequence, oid("1.2.840.113549.1.1.4"), der(Tag.null)),
  "ecdsa-with-SHA1": der(Tag.sequence, oid("1.2.840.10045.4.1")),
  unknown: der(Tag.sequence, oid("1.3.6.1.4.1.99999.2")),
};

function writeExtension({ oid: id, critical, value }: WrittenExtension): Uint8Array {
  const flag = critical ? [der(Tag.boolean, Uint8Array.of(0xff))] : [];
  return der(Tag.sequence, oid(id), ...flag, der(Tag.octetString, value));
}

/** RFC 5280 §4.2.1.9. */
export function basicConstraints(ca: boolean): WrittenExtension {
  return {
    oid: "2.5.29.19",
    critical: true,
    value: der(Tag.sequence, ...(ca ? [der(Tag.boolean, Uint8Array.of(0xff))] : [])),
  };
}

/** RFC 5280 §4.2.1.3: for a CA to sign certificates and CRLs, for others to sign, and to be encrypted to where keys can be. */
export function keyUsage(ca: boolean, encrypts = false): WrittenExtension {
  return {
    oid: "2.5.29.15",
    critical: true,
    value: der(Tag.bitString, ca ? Uint8Array.of(1, 0x06) : encrypts ? Uint8Array.of(5, 0xa0) : Uint8Array.of(7, 0x80)),
  };
}

/** RFC 5280 §4.2.1.12. */
export function extendedKeyUsage(...purposes: readonly string[]): WrittenExtension {
  return { oid: "2.5.29.37", critical: false, value: der(Tag.sequence, ...purposes.map(oid)) };
}

export const purposes = { serverAuth: "1.3.6.1.5.5.7.3.1", clientAuth: "1.3.6.1.5.5.7.3.2" } as const;

/** RFC 5280 §4.2.1.6: DNS names, and addresses where a host is one. */
export function subjectAlternativeName(hosts: readonly string[]): WrittenExtension {
  const names = hosts.map((host) => {
    const address = ipv4(host);
    return address === undefined ? der(0x82, asciiBytes(host)) : der(0x87, address);
  });
  return { oid: "2.5.29.17", critical: false, value: der(Tag.sequence, ...names) };
}

function ipv4(host: string): Uint8Array | undefined {
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) ? Uint8Array.from(host.split("."), Number) : undefined;
}

/** An extension that nobody knows, marked critical (RFC 5280 §4.2). */
export function unknownCritical(): WrittenExtension {
  return { oid: "1.3.6.1.4.1.99999.1", critical: true, value: concat(der(Tag.null)) };
}
