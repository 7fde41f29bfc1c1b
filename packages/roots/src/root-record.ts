import { decodeBase64 } from "@tlskit/wire";
import { TrustAnchor, X509Error } from "@tlskit/x509";

/** What a trust anchor needs of a root's certificate, and under what restrictions Mozilla trusts it. */
export interface RootRecord {
  /** The Name, in DER and base64, as is the key. */
  readonly subject: string;
  /** The SubjectPublicKeyInfo. */
  readonly key: string;
  /** notBefore and notAfter of its certificate, in seconds since 1970. */
  readonly validity: readonly [notBefore: number, notAfter: number];
  /** The path length that its certificate allows. */
  readonly pathLength?: number;
  /** Leaves that were issued after this second since 1970 are refused. */
  readonly distrustLeafIssuedAfter?: number;
  /** A NameConstraints extension's value, in DER and base64. */
  readonly nameConstraints?: string;
}

/** @throws {X509Error} `invalid_der` for data that was damaged on its way */
export function anchorOf(record: RootRecord): TrustAnchor {
  const { subject, key, validity, pathLength, distrustLeafIssuedAfter, nameConstraints } = record;
  return TrustAnchor.fromParts({
    subject: bytesOf(subject),
    subjectPublicKeyInfo: bytesOf(key),
    validity: { notBefore: dateOf(validity[0]), notAfter: dateOf(validity[1]) },
    pathLength,
    distrustLeafIssuedAfter: distrustLeafIssuedAfter === undefined ? undefined : dateOf(distrustLeafIssuedAfter),
    nameConstraints: nameConstraints === undefined ? undefined : bytesOf(nameConstraints),
  });
}

function bytesOf(base64: string): Uint8Array {
  const bytes = decodeBase64(base64);
  if (bytes === undefined) throw new X509Error("invalid_der", "the data of the roots is damaged");
  return bytes;
}

function dateOf(seconds: number): Date {
  return new Date(seconds * 1000);
}
