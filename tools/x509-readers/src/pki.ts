import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { bitString, boolean, der, explicit, integer, octetString, octets, oid, sequence, set, text } from "./der.ts";

/** Someone with a name and a key. */
export interface Party {
  readonly name: Uint8Array;
  readonly privateKey: KeyObject;
  readonly spki: Uint8Array;
}

/** A certificate's fields, each in DER: whatever isn't given is as it should be. */
export interface Fields {
  readonly version?: readonly Uint8Array[];
  readonly serial?: Uint8Array;
  readonly innerAlgorithm?: Uint8Array;
  readonly algorithm?: Uint8Array;
  readonly issuer?: Uint8Array;
  readonly validity?: Uint8Array;
  readonly subject?: Uint8Array;
  readonly spki?: Uint8Array;
  readonly behindKey?: readonly Uint8Array[];
  /** Instead of those of its kind; nothing for no field at all. */
  readonly extensions?: readonly Uint8Array[] | undefined;
  /** Besides those of its kind. */
  readonly more?: readonly Uint8Array[];
  readonly behindSignature?: readonly Uint8Array[];
}

export const ids = {
  commonName: "2.5.4.3",
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  crlNumber: "2.5.29.20",
  reasonCode: "2.5.29.21",
  invalidityDate: "2.5.29.24",
  issuingDistributionPoint: "2.5.29.28",
  nameConstraints: "2.5.29.30",
  crlDistributionPoints: "2.5.29.31",
  certificatePolicies: "2.5.29.32",
  policyMappings: "2.5.29.33",
  authorityKeyIdentifier: "2.5.29.35",
  policyConstraints: "2.5.29.36",
  extKeyUsage: "2.5.29.37",
  authorityInfoAccess: "1.3.6.1.5.5.7.1.1",
  tlsFeature: "1.3.6.1.5.5.7.1.24",
  sctList: "1.3.6.1.4.1.11129.2.4.2",
  serverAuth: "1.3.6.1.5.5.7.3.1",
} as const;

export const ecdsaWithSha256: Uint8Array = sequence(oid("1.2.840.10045.4.3.2"));

export function party(name: Uint8Array): Party {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { name, privateKey, spki: publicKey.export({ format: "der", type: "spki" }) };
}

/** A name of one common name, in UTF-8 unless told. */
export const named = (value: string | Uint8Array, tag: number = 0x0c): Uint8Array =>
  sequence(set(attribute(value, tag)));
export const attribute = (value: string | Uint8Array, tag: number = 0x0c, type: string = ids.commonName): Uint8Array =>
  sequence(oid(type), text(tag, value));

export const utcTime = (value: string): Uint8Array => text(0x17, value);
export const generalizedTime = (value: string): Uint8Array => text(0x18, value);

export function extension(id: string, value: Uint8Array, isCritical: boolean = false): Uint8Array {
  return sequence(oid(id), ...(isCritical ? [boolean(0xff)] : []), octetString(value));
}

export const keyIdentifier = (spki: Uint8Array): Uint8Array => createHash("sha1").update(spki).digest();

/** The extensions of an authority. */
export function caExtensions(subject: Party, issuer: Party): readonly Uint8Array[] {
  return [
    extension(ids.basicConstraints, sequence(boolean(0xff)), true),
    extension(ids.keyUsage, octets(0x03, 2, 1, 0x06), true),
    ...keyIdentifiers(subject, issuer),
  ];
}

/** The extensions of a server's certificate. */
export function leafExtensions(subject: Party, issuer: Party): readonly Uint8Array[] {
  return [
    extension(ids.keyUsage, octets(0x03, 2, 7, 0x80), true),
    extension(ids.extKeyUsage, sequence(oid(ids.serverAuth))),
    extension(ids.subjectAltName, sequence(text(0x82, "example.org"))),
    ...keyIdentifiers(subject, issuer),
  ];
}

export function keyIdentifiers(subject: Party, issuer: Party): readonly Uint8Array[] {
  return [
    extension(ids.subjectKeyIdentifier, octetString(keyIdentifier(subject.spki))),
    extension(ids.authorityKeyIdentifier, sequence(der(0x80, keyIdentifier(issuer.spki)))),
  ];
}

let serial = 0x1000;

/** A certificate, signed. */
export function certificate(
  subject: Party,
  issuer: Party,
  kind: readonly Uint8Array[],
  fields: Fields = {},
): Uint8Array {
  serial += 1;
  const { extensions = [...kind, ...(fields.more ?? [])] } = fields;
  const hasExtensions = !("extensions" in fields) || fields.extensions !== undefined;
  const algorithm = fields.algorithm ?? ecdsaWithSha256;
  const tbs = sequence(
    ...(fields.version ?? [explicit(0, integer(2))]),
    fields.serial ?? integer(serial >> 8, serial & 0xff),
    fields.innerAlgorithm ?? algorithm,
    fields.issuer ?? issuer.name,
    fields.validity ?? sequence(utcTime("250101000000Z"), utcTime("491231235959Z")),
    fields.subject ?? subject.name,
    fields.spki ?? subject.spki,
    ...(fields.behindKey ?? []),
    ...(hasExtensions ? [explicit(3, sequence(...extensions))] : []),
  );
  return signed(tbs, algorithm, issuer, fields.behindSignature);
}

/** A CRL's fields, each in DER. */
export interface CrlFields {
  readonly version?: readonly Uint8Array[];
  readonly entries?: readonly Uint8Array[];
  readonly extensions?: readonly Uint8Array[] | undefined;
}

/** A CRL of an issuer's, signed. */
export function crl(issuer: Party, fields: CrlFields = {}): Uint8Array {
  const own = [
    extension(ids.authorityKeyIdentifier, sequence(der(0x80, keyIdentifier(issuer.spki)))),
    extension(ids.crlNumber, integer(1)),
  ];
  const { extensions = own, entries } = fields;
  const hasExtensions = !("extensions" in fields) || fields.extensions !== undefined;
  const tbs = sequence(
    ...(fields.version ?? [integer(1)]),
    ecdsaWithSha256,
    issuer.name,
    utcTime("260101000000Z"),
    utcTime("491231235959Z"),
    ...(entries === undefined ? [] : [sequence(...entries)]),
    ...(hasExtensions ? [explicit(0, sequence(...extensions))] : []),
  );
  return signed(tbs, ecdsaWithSha256, issuer);
}

/** An entry about a certificate that nobody asks about. */
export const entry = (...extensions: readonly Uint8Array[]): Uint8Array =>
  sequence(integer(0x7f), utcTime("260101000000Z"), ...extensions);

export function signed(
  tbs: Uint8Array,
  algorithm: Uint8Array,
  { privateKey }: Party,
  behind: readonly Uint8Array[] = [],
): Uint8Array {
  return sequence(tbs, algorithm, bitString(sign("sha256", tbs, privateKey)), ...behind);
}
