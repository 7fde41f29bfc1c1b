import { equalBytes } from "@tlskit/wire";
import type { Certificate } from "./certificate.ts";
import { derOid } from "./der-writer.ts";
import { x509Error } from "./error.ts";
import { decodeExtendedKeyUsage, encodeExtendedKeyUsage } from "./extensions/extended-key-usage.ts";
import { decodeKeyUsage, encodeKeyUsage, type KeyUsage } from "./extensions/key-usage.ts";
import { Oid } from "./oids.ts";
import { readable } from "./readable.ts";

/** What an extension of a certificate that somebody asks for has to say (RFC 9846 §4.3.5), in DER. */
export interface CertificateFilter {
  /** The extension's object identifier. */
  readonly oid: Uint8Array;
  /** What the extension's value has to have. */
  readonly values: Uint8Array;
}

/** What a certificate that somebody asks for has to be good for: for all of it. */
export interface WantedUsages {
  readonly keyUsage?: readonly KeyUsage[] | undefined;
  /** Object identifiers, such as `Oid.clientAuth`. Never `Oid.anyExtendedKeyUsage`. */
  readonly extendedKeyUsage?: readonly string[] | undefined;
}

/**
 * The filters that say so.
 * @throws {X509Error} `invalid_argument`
 */
export function certificateFilters({ keyUsage = [], extendedKeyUsage = [] }: WantedUsages): CertificateFilter[] {
  // RFC 9846 §4.3.5#no-any-usage
  if (extendedKeyUsage.includes(Oid.anyExtendedKeyUsage)) {
    throw x509Error("invalid_argument", "anyExtendedKeyUsage can't be asked for");
  }
  // RFC 9846 §4.3.5#no-duplicates: one for each extension.
  return [
    ...(keyUsage.length === 0 ? [] : [{ oid: derOid(Oid.keyUsage), values: encodeKeyUsage(keyUsage) }]),
    ...(extendedKeyUsage.length === 0
      ? []
      : [{ oid: derOid(Oid.extKeyUsage), values: encodeExtendedKeyUsage(extendedKeyUsage) }]),
  ];
}

/** RFC 9846 §4.3.5#filters-kept: the two extensions that there are rules for. */
const rules: readonly {
  readonly oid: Uint8Array;
  readonly holds: (leaf: Certificate, values: Uint8Array) => boolean;
}[] = [
  { oid: derOid(Oid.keyUsage), holds: (leaf, values) => hasAll(leaf.keyUsage, decodeKeyUsage(values)) },
  {
    oid: derOid(Oid.extKeyUsage),
    holds: (leaf, values) => hasAll(leaf.extendedKeyUsage, decodeExtendedKeyUsage(values)),
  },
];

/**
 * Whether a certificate has what filters ask for. Those for other extensions than key usage and extended key usage are
 * passed over; what can't be read is met by none.
 */
export function matchesFilters(leaf: Certificate, filters: readonly CertificateFilter[]): boolean {
  return filters.every(({ oid, values }) => {
    const rule = rules.find((known) => equalBytes(known.oid, oid));
    return rule === undefined || (readable(() => rule.holds(leaf, values)) ?? false);
  });
}

function hasAll<T>(found: ReadonlySet<T> | undefined, wanted: ReadonlySet<T>): boolean {
  return found !== undefined && [...wanted].every((one) => found.has(one));
}
