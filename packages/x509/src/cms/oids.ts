/** The types of contents (RFC 5652), apart from the other object identifiers for the bundles that read none of them. */
export const CmsOid = {
  idData: "1.2.840.113549.1.7.1",
  idSignedData: "1.2.840.113549.1.7.2",
  idEnvelopedData: "1.2.840.113549.1.7.3",
  idEncryptedData: "1.2.840.113549.1.7.6",
} as const;
