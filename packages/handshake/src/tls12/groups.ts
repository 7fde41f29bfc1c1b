import {
  byCode,
  type CertificateKeyType,
  type NamedGroup,
  secp256r1,
  secp384r1,
  secp521r1,
} from "@tlskit/ciphersuites";
import { type Extension, extension, supportedGroups } from "@tlskit/messages";
import type { ClientHandshakeSettings } from "../settings.ts";
import { usableSuites } from "./usable-suites.ts";

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

/**
 * RFC 8422 §4#sent, §4#not-sent, RFC 7919 §3, RFC 9325 §4.2.1#supported-groups: supported_groups of a client without TLS 1.3,
 * for what it offers in any version: with curves where a suite has them, with finite fields where one has these, and nothing
 * otherwise. Those that resist quantum computers are TLS 1.3's alone.
 */
export function groupsOffered(context: ClientHandshakeSettings<unknown>): readonly Extension[] {
  const suites = context.versions.flatMap(({ earlier }) =>
    earlier === undefined ? [] : usableSuites(context, earlier.cipherSuites(context.provider)),
  );
  const has = (start: string): boolean => suites.some(({ keyExchange }) => keyExchange.startsWith(start));
  const [hasCurves, hasFields] = [has("EC"), has("DHE")];
  const groups = context.namedGroups.filter(({ code, postQuantum }) =>
    isFiniteField(code) ? hasFields : hasCurves && !postQuantum,
  );
  const codes = groups.map(({ code }) => code);
  return codes.length === 0 ? [] : [extension(supportedGroups, codes)];
}
