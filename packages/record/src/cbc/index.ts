/**
 * Records of TLS 1.2 by block ciphers in CBC mode (RFC 5246 §6.2.3.2): with encrypt-then-MAC (RFC 7366) where the peer has
 * it, and without. They are apart, so that nobody has them who doesn't ask for them.
 * @module
 */
export { type Tls12CbcKeys, tls12CbcOpening, tls12CbcSealing } from "./tls12-cbc.ts";
