/** The object identifiers that this package knows, under the names their specifications give them. */
export const Oid = {
  // RFC 3279 §2.3, RFC 4055, RFC 8017
  rsaEncryption: "1.2.840.113549.1.1.1",
  md5WithRSAEncryption: "1.2.840.113549.1.1.4",
  sha1WithRSAEncryption: "1.2.840.113549.1.1.5",
  idMgf1: "1.2.840.113549.1.1.8",
  idRsassaPss: "1.2.840.113549.1.1.10",
  sha256WithRSAEncryption: "1.2.840.113549.1.1.11",
  sha384WithRSAEncryption: "1.2.840.113549.1.1.12",
  sha512WithRSAEncryption: "1.2.840.113549.1.1.13",
  // RFC 5480, RFC 5758
  idEcPublicKey: "1.2.840.10045.2.1",
  secp256r1: "1.2.840.10045.3.1.7",
  secp384r1: "1.3.132.0.34",
  secp521r1: "1.3.132.0.35",
  ecdsaWithSha1: "1.2.840.10045.4.1",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  ecdsaWithSha384: "1.2.840.10045.4.3.3",
  ecdsaWithSha512: "1.2.840.10045.4.3.4",
  // RFC 8410
  idEd25519: "1.3.101.112",
  idEd448: "1.3.101.113",
  idX25519: "1.3.101.110",
  idX448: "1.3.101.111",
  // RFC 4055 §2.1
  idSha1: "1.3.14.3.2.26",
  idSha256: "2.16.840.1.101.3.4.2.1",
  idSha384: "2.16.840.1.101.3.4.2.2",
  idSha512: "2.16.840.1.101.3.4.2.3",
  // RFC 2985 §5.4.2
  extensionRequest: "1.2.840.113549.1.9.14",
  challengePassword: "1.2.840.113549.1.9.7",
  // RFC 5280 §4.2.1
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  issuerAltName: "2.5.29.18",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  cRLDistributionPoints: "2.5.29.31",
  certificatePolicies: "2.5.29.32",
  policyMappings: "2.5.29.33",
  authorityKeyIdentifier: "2.5.29.35",
  policyConstraints: "2.5.29.36",
  extKeyUsage: "2.5.29.37",
  inhibitAnyPolicy: "2.5.29.54",
  subjectDirectoryAttributes: "2.5.29.9",
  freshestCRL: "2.5.29.46",
  authorityInfoAccess: "1.3.6.1.5.5.7.1.1",
  subjectInfoAccess: "1.3.6.1.5.5.7.1.11",
  // RFC 5280 §4.2.2, RFC 6960 §4.2.2.2.1
  ocsp: "1.3.6.1.5.5.7.48.1",
  caIssuers: "1.3.6.1.5.5.7.48.2",
  caRepository: "1.3.6.1.5.5.7.48.5",
  ocspNoCheck: "1.3.6.1.5.5.7.48.1.5",
  // RFC 5280 §4.2.1.4
  anyPolicy: "2.5.29.32.0",
  idQtCps: "1.3.6.1.5.5.7.2.1",
  idQtUnotice: "1.3.6.1.5.5.7.2.2",
  // RFC 7633
  tlsFeature: "1.3.6.1.5.5.7.1.24",
  // RFC 5280 §5.2, §5.3
  cRLNumber: "2.5.29.20",
  reasonCode: "2.5.29.21",
  invalidityDate: "2.5.29.24",
  deltaCRLIndicator: "2.5.29.27",
  issuingDistributionPoint: "2.5.29.28",
  certificateIssuer: "2.5.29.29",
  // RFC 9608 §2
  noRevAvail: "2.5.29.56",
  // RFC 6960 §4.2.1, RFC 9654 §2.1
  ocspBasic: "1.3.6.1.5.5.7.48.1.1",
  ocspNonce: "1.3.6.1.5.5.7.48.1.2",
  // RFC 6962 §3.1, §3.3
  signedCertificateTimestampList: "1.3.6.1.4.1.11129.2.4.2",
  certificateTransparencyPoison: "1.3.6.1.4.1.11129.2.4.3",
  precertificateSigning: "1.3.6.1.4.1.11129.2.4.4",
  signedCertificateTimestampListOfOcsp: "1.3.6.1.4.1.11129.2.4.5",
  // RFC 5280 §4.2.1.12
  anyExtendedKeyUsage: "2.5.29.37.0",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  emailProtection: "1.3.6.1.5.5.7.3.4",
  timeStamping: "1.3.6.1.5.5.7.3.8",
  ocspSigning: "1.3.6.1.5.5.7.3.9",
  // RFC 4519, RFC 5280 appendix A.1
  commonName: "2.5.4.3",
  surname: "2.5.4.4",
  serialNumber: "2.5.4.5",
  countryName: "2.5.4.6",
  localityName: "2.5.4.7",
  stateOrProvinceName: "2.5.4.8",
  streetAddress: "2.5.4.9",
  organizationName: "2.5.4.10",
  organizationalUnitName: "2.5.4.11",
  title: "2.5.4.12",
  givenName: "2.5.4.42",
  organizationIdentifier: "2.5.4.97",
  userId: "0.9.2342.19200300.100.1.1",
  domainComponent: "0.9.2342.19200300.100.1.25",
  emailAddress: "1.2.840.113549.1.9.1",
} as const;

const names = new Map<string, string>(Object.entries(Oid).map(([name, oid]) => [oid, name]));

/** An object identifier with its name, if it has one here, for a sentence. */
export function describeOid(oid: string): string {
  const name = names.get(oid);
  return name === undefined ? oid : `${name} (${oid})`;
}
