/**
 * Code points that IANA leaves to private use in each registry, and that nobody here uses: for what nobody knows, offers
 * or negotiates. Unlike one that is merely not assigned, none of them becomes real one day.
 */
export const privateUse: {
  readonly cipherSuite: number;
  readonly namedGroup: number;
  readonly signatureScheme: number;
  readonly extension: number;
  readonly otherExtension: number;
} = { cipherSuite: 0xff77, namedGroup: 0xfe77, signatureScheme: 0xfe77, extension: 0xff77, otherExtension: 0xff78 };
