/** Apart from the other object identifiers, for the bundles that open nothing with a password. RFC 8018 appendix C. */
export const PasswordOid = {
  pbes2: "1.2.840.113549.1.5.13",
  pbkdf2: "1.2.840.113549.1.5.12",
  pbmac1: "1.2.840.113549.1.5.14",
  hmacWithSHA1: "1.2.840.113549.2.7",
  hmacWithSHA256: "1.2.840.113549.2.9",
  hmacWithSHA384: "1.2.840.113549.2.10",
  hmacWithSHA512: "1.2.840.113549.2.11",
  aes128Cbc: "2.16.840.1.101.3.4.1.2",
  aes192Cbc: "2.16.840.1.101.3.4.1.22",
  aes256Cbc: "2.16.840.1.101.3.4.1.42",
  // RFC 7914 §7
  scrypt: "1.3.6.1.4.1.11591.4.11",
} as const;

/**
 * RFC 8018 appendix A.3, RFC 7292 appendix C: what is recognised, and no longer opened. Single DES and RC2 with keys of
 * 40 bits can be tried out, and triple DES and RC2 come with derivations that were made for the machines of 1993.
 */
export const outdatedEncryptions: ReadonlyMap<string, string> = new Map([
  ["1.2.840.113549.1.5.1", "pbeWithMD2AndDES"],
  ["1.2.840.113549.1.5.3", "pbeWithMD5AndDES"],
  ["1.2.840.113549.1.5.4", "pbeWithMD2AndRC2"],
  ["1.2.840.113549.1.5.6", "pbeWithMD5AndRC2"],
  ["1.2.840.113549.1.5.10", "pbeWithSHA1AndDES"],
  ["1.2.840.113549.1.5.11", "pbeWithSHA1AndRC2"],
  ["1.2.840.113549.1.12.1.1", "pbeWithSHAAnd128BitRC4"],
  ["1.2.840.113549.1.12.1.2", "pbeWithSHAAnd40BitRC4"],
  ["1.2.840.113549.1.12.1.3", "pbeWithSHAAnd3KeyTripleDES"],
  ["1.2.840.113549.1.12.1.4", "pbeWithSHAAnd2KeyTripleDES"],
  ["1.2.840.113549.1.12.1.5", "pbeWithSHAAnd128BitRC2"],
  ["1.2.840.113549.1.12.1.6", "pbeWithSHAAnd40BitRC2"],
  ["1.3.14.3.2.7", "desCbc"],
  ["1.2.840.113549.3.7", "desEde3Cbc"],
  ["1.2.840.113549.3.2", "rc2Cbc"],
]);
