import type { CryptoProvider } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import { x509Error } from "../error.ts";
import { encodeBasicConstraints } from "../extensions/basic-constraints.ts";
import { encodeExtendedKeyUsage } from "../extensions/extended-key-usage.ts";
import type { Extension } from "../extensions/extension.ts";
import {
  encodeAuthorityKeyIdentifier,
  encodeSubjectKeyIdentifier,
  keyIdentifierOf,
} from "../extensions/key-identifiers.ts";
import { encodeKeyUsage, type KeyUsage } from "../extensions/key-usage.ts";
import { encodeGeneralNames, type GeneralName } from "../general-name.ts";
import type { Name } from "../name.ts";
import { describeOid, Oid } from "../oids.ts";
import type { SubjectPublicKeyInfo } from "../spki.ts";

/** What a leaf may be for (RFC 5280 §4.2.1.12); others are given by {@link extendedKeyUsageExtension}. */
export type CertifiedPurpose =
  | "serverAuth"
  | "clientAuth"
  | "codeSigning"
  | "emailProtection"
  | "timeStamping"
  | "ocspSigning";

/** What the extensions of a certificate are made from. */
export interface ExtensionInputs {
  readonly provider: CryptoProvider;
  readonly subject: Name;
  readonly names: readonly GeneralName[];
  readonly key: SubjectPublicKeyInfo;
  readonly issuer: Certificate | undefined;
  readonly ca: { readonly pathLength?: number } | undefined;
  readonly purposes: readonly CertifiedPurpose[] | undefined;
  /** Given by the caller: each takes the place of one of the same kind that would be made. */
  readonly given: readonly Extension[];
}

/** RFC 5280 §4.2.1.5, §4.2.1.10, §4.2.1.11, §4.2.1.14: for CAs alone. */
const forCasAlone: readonly string[] = [
  Oid.nameConstraints,
  Oid.policyMappings,
  Oid.policyConstraints,
  Oid.inhibitAnyPolicy,
];

/** @throws {X509Error} `invalid_argument` */
export function chooseExtensions(inputs: ExtensionInputs): readonly Extension[] {
  const { given, ca } = inputs;
  const kinds = given.map(({ oid }) => oid);
  const twice = kinds.find((oid, index) => kinds.indexOf(oid) !== index);
  // RFC 5280 §4.2: not more than one instance
  if (twice !== undefined) throw x509Error("invalid_argument", `the extension ${describeOid(twice)} is given twice`);
  // What makes a CA, and whom a certificate is for, is said at one place.
  for (const oid of [Oid.basicConstraints, Oid.subjectAltName]) {
    if (kinds.includes(oid)) {
      throw x509Error("invalid_argument", `${describeOid(oid)} is made of what else is given, not given itself`);
    }
  }
  const misplaced = ca === undefined ? kinds.find((oid) => forCasAlone.includes(oid)) : undefined;
  if (misplaced !== undefined) throw x509Error("invalid_argument", `${describeOid(misplaced)} is for CAs alone`);
  const own = defaultExtensions(inputs).filter(({ oid }) => !kinds.includes(oid));
  return [...own, ...given];
}

function defaultExtensions(inputs: ExtensionInputs): readonly Extension[] {
  const { provider, subject, names, key, issuer, ca } = inputs;
  const extensions: Extension[] = [];
  const add = (oid: string, critical: boolean, value: Uint8Array): void => {
    extensions.push({ oid, critical, value });
  };
  add(Oid.basicConstraints, true, encodeBasicConstraints({ ca: ca !== undefined, pathLength: pathLengthOf(ca) }));
  add(Oid.keyUsage, true, encodeKeyUsage(usages(inputs)));
  const purposes = inputs.purposes ?? (ca === undefined ? ["serverAuth" as const] : []);
  if (purposes.length > 0) add(Oid.extKeyUsage, false, encodeExtendedKeyUsage(purposes.map((purpose) => Oid[purpose])));
  // RFC 5280 §4.2.1.6: critical where there is no subject
  if (names.length > 0) add(Oid.subjectAltName, subject.isEmpty, encodeGeneralNames(names));
  else if (subject.isEmpty) throw x509Error("invalid_argument", "a certificate needs a subject or an alternative name");
  add(Oid.subjectKeyIdentifier, false, encodeSubjectKeyIdentifier(keyIdentifierOf(provider, key)));
  // RFC 5280 §4.2.1.1: a self-signed certificate can leave it out
  if (issuer !== undefined) {
    const identifier = issuer.subjectKeyIdentifier ?? keyIdentifierOf(provider, issuer.subjectPublicKeyInfo);
    add(Oid.authorityKeyIdentifier, false, encodeAuthorityKeyIdentifier(identifier));
  }
  return extensions;
}

function usages({ ca, key }: ExtensionInputs): readonly KeyUsage[] {
  if (ca !== undefined) return ["keyCertSign", "cRLSign"];
  // RFC 8410 §5: a key that signs nothing
  return key.agreementKey === undefined ? ["digitalSignature"] : ["keyAgreement"];
}

function pathLengthOf(ca: ExtensionInputs["ca"]): number | undefined {
  const pathLength = ca?.pathLength;
  if (pathLength !== undefined && !(Number.isInteger(pathLength) && pathLength >= 0 && pathLength <= 0x7fffffff)) {
    throw x509Error("invalid_argument", `a path length is a whole number from 0, got ${pathLength}`);
  }
  return pathLength;
}
