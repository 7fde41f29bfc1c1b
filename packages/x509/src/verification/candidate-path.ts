import type { Certificate } from "../certificate.ts";
import type { Name } from "../name.ts";
import type { SubjectPublicKeyInfo } from "../spki.ts";
import type { TrustAnchor } from "./trust-anchor.ts";

/** Certificates that lead from a leaf to an anchor. */
export interface CandidatePath {
  /** The leaf first; each is issued by the next, the last one by the anchor. A leaf that is itself the anchor is alone. */
  readonly certificates: readonly Certificate[];
  readonly anchor: TrustAnchor;
}

/** Who issued something: an intermediate or an anchor. */
export interface Issuer {
  readonly name: Name;
  readonly subjectPublicKeyInfo: SubjectPublicKeyInfo;
  /** Nothing for an anchor that is trusted by its name and key alone. */
  readonly certificate: Certificate | undefined;
}

/** The issuer of the certificate at this index of a path. */
export function issuerAt({ certificates, anchor }: CandidatePath, index: number): Issuer {
  const certificate = certificates[index + 1];
  if (certificate === undefined) return anchor;
  return { name: certificate.subject, subjectPublicKeyInfo: certificate.subjectPublicKeyInfo, certificate };
}
