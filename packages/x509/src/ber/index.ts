/**
 * Files that aren't DER: read as BER, and written again as DER for the readers of `@tlskit/x509`; and any encoding as a tree
 * for people. Nothing else imports this entry, and no verdict rests on it.
 * @module
 */
export { berToDer } from "./ber-to-der.ts";
export { maximumBerBytes, maximumBerDepth, maximumBerElements } from "./limits.ts";
export { type Asn1Node, type Asn1Tree, asn1Tree } from "./tree.ts";
