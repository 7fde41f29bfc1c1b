import { CmsOid } from "../cms/oids.ts";
import { Oid } from "../oids.ts";
import { outdatedEncryptions, PasswordOid } from "../passwords/oids.ts";
import { Pkcs12Oid } from "../pkcs12/oids.ts";

/** Names for people alone, of what this package doesn't read: by the specification that gives them. */
const others: Readonly<Record<string, string>> = {
  // RFC 3279
  dsa: "1.2.840.10040.4.1",
  dsaWithSha1: "1.2.840.10040.4.3",
  dhPublicNumber: "1.2.840.10046.2.1",
  primeField: "1.2.840.10045.1.1",
  // RFC 5480, RFC 5758, RFC 5639
  secp192r1: "1.2.840.10045.3.1.1",
  secp224r1: "1.3.132.0.33",
  secp256k1: "1.3.132.0.10",
  ecdsaWithSha224: "1.2.840.10045.4.3.1",
  brainpoolP256r1: "1.3.36.3.3.2.8.1.1.7",
  brainpoolP384r1: "1.3.36.3.3.2.8.1.1.11",
  brainpoolP512r1: "1.3.36.3.3.2.8.1.1.13",
  // RFC 9935, RFC 9881
  idMlKem768: "2.16.840.1.101.3.4.4.2",
  idMlDsa44: "2.16.840.1.101.3.4.3.17",
  idMlDsa65: "2.16.840.1.101.3.4.3.18",
  idMlDsa87: "2.16.840.1.101.3.4.3.19",
  // RFC 8017, RFC 4055
  idRsaesOaep: "1.2.840.113549.1.1.7",
  sha224WithRSAEncryption: "1.2.840.113549.1.1.14",
  idSha224: "2.16.840.1.101.3.4.2.4",
  idMd5: "1.2.840.113549.2.5",
  // RFC 2985
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
  unstructuredName: "1.2.840.113549.1.9.2",
  smimeCapabilities: "1.2.840.113549.1.9.15",
  dateOfBirth: "1.3.6.1.5.5.7.9.1",
  placeOfBirth: "1.3.6.1.5.5.7.9.2",
  gender: "1.3.6.1.5.5.7.9.3",
  countryOfCitizenship: "1.3.6.1.5.5.7.9.4",
  countryOfResidence: "1.3.6.1.5.5.7.9.5",
  // RFC 5652 §7
  idDigestedData: "1.2.840.113549.1.7.5",
  // X.520
  initials: "2.5.4.43",
  generationQualifier: "2.5.4.44",
  uniqueIdentifier: "2.5.4.45",
  dnQualifier: "2.5.4.46",
  pseudonym: "2.5.4.65",
  postalCode: "2.5.4.17",
  businessCategory: "2.5.4.15",
  // CA/Browser Forum, EV Guidelines §9.2
  jurisdictionLocality: "1.3.6.1.4.1.311.60.2.1.1",
  jurisdictionStateOrProvince: "1.3.6.1.4.1.311.60.2.1.2",
  jurisdictionCountry: "1.3.6.1.4.1.311.60.2.1.3",
  extendedValidation: "2.23.140.1.1",
  domainValidated: "2.23.140.1.2.1",
  organizationValidated: "2.23.140.1.2.2",
  individualValidated: "2.23.140.1.2.3",
  // RFC 3280 §4.2.1.4
  privateKeyUsagePeriod: "2.5.29.16",
  // RFC 3739
  biometricInfo: "1.3.6.1.5.5.7.1.2",
  qcStatements: "1.3.6.1.5.5.7.1.3",
  qcsPkixQCSyntaxV2: "1.3.6.1.5.5.7.11.2",
  etsiQcsQcCompliance: "0.4.0.1862.1.1",
  etsiQcsQcSSCD: "0.4.0.1862.1.4",
  etsiQcsQcPDS: "0.4.0.1862.1.5",
  etsiQcsQcType: "0.4.0.1862.1.6",
  // RFC 3779, RFC 3820, RFC 3709, RFC 9598, RFC 4985, RFC 6120, RFC 4556, RFC 8737
  ipAddrBlocks: "1.3.6.1.5.5.7.1.7",
  autonomousSysIds: "1.3.6.1.5.5.7.1.8",
  proxyCertInfo: "1.3.6.1.5.5.7.1.14",
  logotype: "1.3.6.1.5.5.7.1.12",
  idOnSmtpUTF8Mailbox: "1.3.6.1.5.5.7.8.9",
  idOnDnsSRV: "1.3.6.1.5.5.7.8.7",
  idOnXmppAddr: "1.3.6.1.5.5.7.8.5",
  idPkinitSan: "1.3.6.1.5.2.2",
  acmeIdentifier: "1.3.6.1.5.5.7.1.31",
  // RFC 2459
  ipsecEndSystem: "1.3.6.1.5.5.7.3.5",
  ipsecTunnel: "1.3.6.1.5.5.7.3.6",
  ipsecUser: "1.3.6.1.5.5.7.3.7",
  // Microsoft
  userPrincipalName: "1.3.6.1.4.1.311.20.2.3",
  enrollCerttypeExtension: "1.3.6.1.4.1.311.20.2",
  smartcardLogon: "1.3.6.1.4.1.311.20.2.2",
  certificateTemplate: "1.3.6.1.4.1.311.21.7",
  applicationCertPolicies: "1.3.6.1.4.1.311.21.10",
  cAVersion: "1.3.6.1.4.1.311.21.1",
  previousCaCertificateHash: "1.3.6.1.4.1.311.21.2",
  ntdsCaSecurityExtension: "1.3.6.1.4.1.311.25.2",
  ntdsObjectSid: "1.3.6.1.4.1.311.25.2.1",
  cspName: "1.3.6.1.4.1.311.17.1",
  // Netscape, Entrust, Oracle, Apple
  netscapeCertType: "2.16.840.1.113730.1.1",
  netscapeComment: "2.16.840.1.113730.1.13",
  entrustVersionInfo: "1.2.840.113533.7.65.0",
  trustedKeyUsage: "2.16.840.1.113894.746875.1.1",
};

const names: ReadonlyMap<string, string> = new Map([
  ...outdatedEncryptions,
  ...[others, PasswordOid, Pkcs12Oid, CmsOid, Oid].flatMap((table) =>
    Object.entries(table).map(([name, oid]) => [oid, name] as const),
  ),
]);

/** What an object identifier is called, by this package or by the specification of something that it doesn't read. */
export function oidName(oid: string): string | undefined {
  return names.get(oid);
}
