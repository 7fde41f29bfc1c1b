/** Bytes of a BER encoding that is read: as many as a PEM text has characters. */
export const maximumBerBytes: number = 16_777_216;

/** Levels at which elements lie in one another: a PKCS#12 file that is written in pieces throughout has some twenty. */
export const maximumBerDepth: number = 64;

/** Elements of an encoding: a CRL has four for each entry, and the largest in use a hundred thousand entries. */
export const maximumBerElements: number = 500_000;

/** Characters of a text, and octets of whatever is no text, that a tree shows. */
export const maximumTextShown: number = 200;
export const maximumOctetsShown: number = 32;
