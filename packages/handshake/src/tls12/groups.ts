import {
  byCode,
  type CertificateKeyType,
  type NamedGroup,
  secp256r1,
  secp384r1,
  secp521r1,
} from "@tlskit/ciphersuites";

const curves: Readonly<Partial<Record<CertificateKeyType, NamedGroup>>> = {
  "P-256": secp256r1,
  "P-384": secp384r1,
  "P-521": secp521r1,
};

/**
 * RFC 8422 §5.1.1, §5.3: supported_groups says in TLS 1.2 also which curves the keys of certificates may be on.
 * @param supported code points.
 */
export function mayBeInCertificate(keyType: CertificateKeyType, supported: readonly number[]): boolean {
  const curve = curves[keyType];
  return curve === undefined || supported.includes(curve.code);
}

/**
 * Those that ECDHE can have: not the finite fields (RFC 7919 §2), which are DHE's, nor what resists quantum computers, whose
 * share is too long for an ECPoint (RFC 8422 §5.4).
 */
export function groupsOfEcdhe(groups: readonly NamedGroup[]): readonly NamedGroup[] {
  return groups.filter(({ code, postQuantum }) => !isFiniteField(code) && !postQuantum);
}

/** RFC 7919 §2: whether it is a group over a finite field, known or not. */
export function isFiniteField(code: number): boolean {
  return code >> 8 === 1;
}

/** One of ours, by its code point. */
export function groupOfEcdhe(groups: readonly NamedGroup[], code: number): NamedGroup | undefined {
  return byCode(groupsOfEcdhe(groups), code);
}
